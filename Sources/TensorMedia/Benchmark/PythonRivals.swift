import ImageCoding
import MediaCore

/// Pillow and OpenCV in an interpreter that runs beside this program: ``program`` gets finished pixels, encodes them when it
/// is asked to, and says how much processor time that took.
///
/// A request is a line of JSON, pixels behind it; so is an answer, the file behind it.
final class PythonRivals {
    /// Who encodes there.
    enum Library: String, CaseIterable {
        case pillow = "Pillow"
        case openCV = "OpenCV"
    }

    /// What the interpreter calls itself.
    let version: String
    /// The libraries that could be imported, and their versions.
    private(set) var versions: [Library: String] = [:]
    /// Why others could not.
    private(set) var absences: [Library: String] = [:]
    private let child: ChildProcess
    private let seconds: Double
    private let cancellation: CancellationFlag?
    /// How long the answers of this picture may take.
    private var answerSeconds: Double
    /// The most bytes that a file of this picture can reasonably have.
    private var largestFile = 0

    /// Why the interpreter is of no use any more, in words; or the work was cancelled.
    enum Failure: Error {
        case unusable(String)
        case cancelled
    }

    /// Starts the interpreter at `path` and asks what it can import.
    init(path: String, answerSeconds: Double, _ cancellation: CancellationFlag?) throws(Failure) {
        seconds = answerSeconds
        self.answerSeconds = answerSeconds
        self.cancellation = cancellation
        do throws(ChildProcess.Failure) {
            child = try ChildProcess(path, ["-c", Self.program])
        } catch {
            throw Self.failure(error, after: answerSeconds)
        }
        let greeting: JSONValue
        do throws(ChildProcess.Failure) {
            greeting = try Self.answer(of: child, .init(seconds: answerSeconds, cancellation))
        } catch {
            throw Self.failure(error, after: answerSeconds)
        }
        guard let version = greeting["python"]?.string else { throw Self.garbage }
        self.version = Self.short(version)
        for library in Library.allCases {
            versions[library] = (greeting["versions"]?[library.rawValue]?.string).map(Self.short)
            if versions[library] == nil {
                absences[library] = Self.short(greeting["absences"]?[library.rawValue]?.string ?? "no reason given")
            }
        }
    }

    /// Hands over the picture that is encoded from now on.
    func take(_ picture: PackedPixels) throws(Failure) {
        answerSeconds = seconds + Double(picture.bytes.count) * 1e-6
        largestFile = 2 * picture.bytes.count + (1 << 16)
        var request = JSONObject([
            ("do", "picture"), ("width", JSONValue(picture.width)), ("height", JSONValue(picture.height)),
            ("model", .string(picture.format.model.rawValue)), ("bits", JSONValue(picture.format.bits)),
            ("channels", JSONValue(picture.format.channels)), ("size", JSONValue(picture.bytes.count)),
        ])
        request["palette"] = .array(
            (picture.palette?.colors ?? []).map {
                [JSONValue(Int($0.red)), JSONValue(Int($0.green)), JSONValue(Int($0.blue)), JSONValue(Int($0.alpha))]
            })
        _ = try ask(request, payload: picture.bytes)
    }

    /// What came of a request.
    struct Encoding {
        /// Processor seconds of one encoding.
        var seconds: Double
        /// The size of the file.
        var byteCount: Int
        /// The file, when it was asked for.
        var bytes: [UInt8]
    }

    /// Encodes the picture `times` times; `nil`, with the reason in `absence`, where the library does not write such pictures.
    func encode(
        _ library: Library, _ format: BenchmarkOptions.Format, quality: Int, times: Int, sendsFile: Bool,
        absence: inout String?
    ) throws(Failure) -> Encoding? {
        let reply = try ask([
            "do": "encode", "with": .string(library.rawValue), "format": .string(format.rawValue),
            "quality": JSONValue(quality), "times": JSONValue(times), "send": .bool(sendsFile),
        ])
        if let reason = reply["cannot"]?.string {
            absence = Self.short(reason)
            return nil
        }
        guard let seconds = reply["seconds"]?.double, seconds >= 0, seconds.isFinite,
            let size = reply["bytes"]?.integer, size >= 1, size <= largestFile
        else { throw Self.garbage }
        var bytes: [UInt8] = []
        if sendsFile {
            do throws(ChildProcess.Failure) {
                bytes = try child.read(Int(size), .init(seconds: answerSeconds, cancellation))
            } catch {
                throw Self.failure(error, after: answerSeconds)
            }
        }
        return Encoding(seconds: max(seconds, 1e-9), byteCount: Int(size), bytes: bytes)
    }

    /// How much more memory of the interpreter is resident while it encodes the picture; `nil` where it cannot say.
    func peakMemory(_ library: Library, _ format: BenchmarkOptions.Format, quality: Int) throws(Failure) -> Int? {
        let reply = try ask([
            "do": "memory", "with": .string(library.rawValue), "format": .string(format.rawValue),
            "quality": JSONValue(quality),
        ])
        guard let bytes = reply["memory"]?.integer, bytes >= 0 else { return nil }
        return Int(bytes)
    }

    /// Ends the interpreter.
    func end() { child.end() }

    // MARK: Questions and answers

    private func ask(_ request: JSONObject, payload: [UInt8] = []) throws(Failure) -> JSONValue {
        let patience = ChildProcess.Patience(seconds: answerSeconds, cancellation)
        guard var line = try? JSONWriter.bytes(.object(request)) else { throw Self.garbage }
        line.append(UInt8(ascii: "\n"))
        do throws(ChildProcess.Failure) {
            try unsafe child.write(line.span.bytes, patience)
            try unsafe child.write(payload.span.bytes, patience)
            return try Self.answer(of: child, patience)
        } catch {
            throw Self.failure(error, after: answerSeconds)
        }
    }

    private static func answer(
        of child: ChildProcess, _ patience: ChildProcess.Patience
    ) throws(ChildProcess.Failure) -> JSONValue {
        let line = try child.readLine(atMost: 1 << 16, patience)
        guard let value = try? unsafe JSONReader.parse(line.span.bytes, limits: .default), value.object != nil else {
            throw .tooMuch
        }
        return value
    }

    private static var garbage: Failure { .unusable("it does not answer as it should") }

    private static func failure(_ error: ChildProcess.Failure, after seconds: Double) -> Failure {
        switch error {
        case .system(let failure): .unusable("it cannot be run: \(failure.words)")
        case .late: .unusable("it did not answer for \(seconds.rounded(to: 1)) s")
        case .ended(let how): .unusable("it ended early, with \(how)")
        case .tooMuch: garbage
        case .cancelled: .cancelled
        }
    }

    /// Words of another program, cut where they get long.
    private static func short(_ text: String) -> String { text.count <= 120 ? text : text.prefix(119) + "…" }
}
