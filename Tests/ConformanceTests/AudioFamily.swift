import AudioCoding
import MediaCore
import TensorIO
import TestSupport

/// Runs the cases of sounds: arrays that become WAV files, existing files, lists, refusals.
struct AudioFamily: FamilyHandler {
    let families: Set<String> = ["audio"]

    private static let known: Set<String> = ["data", "path", "sample_rate", "caption"]
    private static let compatibility = Compatibility.wandb(.v0_31)

    func result(of record: ConformanceCase) throws -> CaseResult {
        try result(of: record, known: Self.known) { logged in
            let (key, step) = (logged.key, logged.step)
            return try MediaComparison(record: record, key: key, expectation: logged.expectation).differences(
                { (folder) throws(MediaError) in
                    var sounds: [Sound] = []
                    for element in logged.elements { sounds.append(try Self.sound(record, element)) }
                    guard logged.arguments.array == nil else {
                        return try Sound.write(
                            sounds, to: folder, key: key, step: step, compatibility: Self.compatibility)
                    }
                    return try sounds[0].write(to: folder, key: key, step: step, compatibility: Self.compatibility)
                },
                compare: { file, path, _ in try Self.compare(file, record, logged.expectation, path) })
        }
    }

    /// Header, size and every sample.
    private static func compare(
        _ file: JSONValue, _ record: ConformanceCase, _ expectation: JSONValue, _ path: String
    ) throws -> [String] {
        guard file["kind"]?.string == "wav" else {
            return ["files of kind \(file["kind"]?.string ?? "?") are not compared"]
        }
        let found = try WAVFile(path: path)
        var differences: [String] = []
        for (name, value) in [
            ("sample_rate", found.rate), ("channels", found.channels), ("frames", found.sampleCount),
            ("size", try readBytes(path).count),
        ] where file[name]?.integer.map({ Int($0) }) != value {
            differences.append("\(name) is \(value), expected \(file[name]?.integer ?? -1)")
        }
        if found.format != .pcm16 || file["subtype"]?.string != "PCM_16" { differences.append("it is \(found.format)") }
        if let object = expectation["object"], object["duration"]?.double != found.seconds {
            differences.append("it lasts \(found.seconds) s, expected \(object["duration"]?.double ?? -1)")
        }
        guard differences.isEmpty, let name = file["pcm"]?.string else { return differences }
        let expected = try record.array(name).values()
        var floats = [Float](repeating: 0, count: found.sampleCount * found.channels)
        var span = floats.mutableSpan
        _ = try found.fill(0..<found.sampleCount, into: &span)
        guard expected.count == floats.count else {
            return ["it has \(floats.count) numbers, expected \(expected.count)"]
        }
        for (index, (float, number)) in zip(floats, expected).enumerated() where Double(float) * 32768 != number {
            return ["number \(index) is \(Double(float) * 32768), expected \(number)"]
        }
        return []
    }

    // MARK: From arguments to calls

    private static func sound(_ record: ConformanceCase, _ arguments: JSONValue) throws(MediaError) -> Sound {
        let caption = arguments["caption"]?.string
        if let path = arguments["path"] {
            return try Sound(
                contentsOf: record.path(path) ?? path.string ?? "", caption: caption, compatibility: compatibility)
        }
        guard let rate = arguments["sample_rate"]?.integer else {
            throw MediaError(.argumentInvalid, "no rate, or no whole one", at: .init(field: "rate"))
        }
        return try Sound(
            try tensor(record, arguments["data"] ?? .null), rate: Int(rate),
            options: SoundOptions { $0.compatibility = compatibility }, caption: caption)
    }

    private static func tensor(_ record: ConformanceCase, _ data: JSONValue) throws(MediaError) -> Tensor {
        if let numbers = data.array {
            // A list of whole numbers is an array of int64.
            let integers = numbers.compactMap(\.integer)
            if integers.count == numbers.count {
                return try Tensor(integers.map { Int64($0) }, shape: [integers.count])
            }
            return try Tensor(numbers.compactMap(\.double), shape: [numbers.count])
        }
        do {
            guard let tensor = try record.tensor(data) else {
                throw MediaError(.argumentInvalid, "the case has no array", at: .init(field: "data"))
            }
            return tensor
        } catch {
            throw (error as? MediaError) ?? MediaError(.fileUnreadable, "the array of the case: \(error)")
        }
    }
}
