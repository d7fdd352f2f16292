import MediaCore
import TensorIO
import TestSupport
import VideoCoding

/// Runs the cases of clips: arrays that become files, existing files, lists, refusals.
struct VideoFamily: FamilyHandler {
    let families: Set<String> = ["video"]

    private static let known: Set<String> = ["data", "path", "bytes", "format", "fps", "caption"]

    func result(of record: ConformanceCase) throws -> CaseResult {
        try result(of: record, known: Self.known) { logged in try compare(record, logged) }
    }

    private func compare(_ record: ConformanceCase, _ logged: LoggedCase) throws -> [String] {
        try MediaComparison(record: record, key: logged.key, expectation: logged.expectation).differences(
            { (folder) throws(MediaError) in
                try Self.write(record, logged.arguments, to: folder, key: logged.key, step: logged.step)
            },
            compare: { file, path, _ in
                guard file["kind"]?.string == "video" else {
                    return ["files of kind \(file["kind"]?.string ?? "?") are not compared"]
                }
                return try compare(file, record, logged.expectation, path)
            })
    }

    /// Every frame that was given has to be there, as it was given, and as long; what the SDK lost or merged is not asked for.
    private func compare(
        _ file: JSONValue, _ record: ConformanceCase, _ expectation: JSONValue, _ path: String
    ) throws -> [String] {
        let expected = try record.array(expectation["frames_thwc"]?.string ?? "")
        guard expected.rank == 4 else { return ["the frames of the case are of rank \(expected.rank)"] }
        if let format = ClipFormat(pathOf: path), format.isVideo {
            return try VideoFileComparison(path: path, format: format, expected: expected).differences(file)
        }
        let decoder = try GIFDecoder(path: path)
        let (count, height, width, channels) = (
            expected.shape[0], expected.shape[1], expected.shape[2], expected.shape[3]
        )
        guard decoder.width == width, decoder.height == height, decoder.file.frames.count == count else {
            return [
                "\(decoder.file.frames.count) frames of \(decoder.width)×\(decoder.height), expected \(count) of \(width)×\(height)"
            ]
        }
        var differences: [String] = []
        let samples = expected.integers()
        for index in 0..<count {
            guard let frame = try decoder.frame(index) else { return ["frame \(index) is missing"] }
            var shown = [UInt8](repeating: 0, count: width * height * 4)
            var tally = PixelTally()
            try frame.fillAll(&shown, tally: &tally)
            for pixel in 0..<width * height {
                let start = (index * width * height + pixel) * channels
                for channel in 0..<3 {
                    let wanted = samples[start + min(channel, channels - 1)]
                    guard Int(shown[pixel * 4 + channel]) == Int(wanted) else {
                        return [
                            "frame \(index), pixel \(pixel), sample \(channel) is \(shown[pixel * 4 + channel]), expected \(wanted)"
                        ]
                    }
                }
            }
        }
        // Their hundredths are rounded down; ours are right over the whole.
        let delays = (file["frame_durations_ms"]?.array ?? []).compactMap(\.integer)
        if delays.count == count {
            for (index, delay) in delays.enumerated() where abs(decoder.file.frames[index].delay * 10 - Int(delay)) > 10
            {
                differences.append(
                    "frame \(index) lasts \(decoder.file.frames[index].delay * 10) ms, expected \(delay)")
            }
        }
        if let loop = file["loop"]?.integer, decoder.file.loopCount != Int(loop) {
            differences.append("it is shown \(decoder.file.loopCount) times, expected \(loop)")
        }
        return differences
    }

    // MARK: From arguments to calls

    private static func write(
        _ record: ConformanceCase, _ arguments: JSONValue, to folder: MediaFolder, key: String, step: MediaStep
    ) throws(MediaError) -> MediaRecord {
        let compatibility = Compatibility.wandb(.v0_31)
        if let elements = arguments.array {
            var clips: [Clip] = []
            for element in elements { clips.append(try clip(record, element)) }
            return try Clip.write(clips, to: folder, key: key, step: step, compatibility: compatibility)
        }
        return try clip(record, arguments).write(to: folder, key: key, step: step, compatibility: compatibility)
    }

    private static func clip(_ record: ConformanceCase, _ arguments: JSONValue) throws(MediaError) -> Clip {
        let compatibility = Compatibility.wandb(.v0_31)
        let caption = arguments["caption"]?.string
        var rate: FrameRate?
        // A rate of 0 is none.
        if let fps = arguments["fps"]?.double, fps != 0 { rate = try FrameRate(fps) }
        var format: ClipFormat?
        if let name = arguments["format"]?.string { format = try ClipFormat(fileExtension: name) }
        if let path = arguments["path"] {
            let file = record.path(path) ?? path.string ?? ""
            return try Clip(contentsOf: file, caption: caption, frameRate: rate, compatibility: compatibility)
        }
        if let bytes = arguments["bytes"], let file = record.path(bytes) {
            return try Clip(
                try FileContents.open(file), format: format, caption: caption, frameRate: rate,
                compatibility: compatibility)
        }
        let tensor: Tensor?
        do { tensor = try record.tensor(arguments["data"] ?? .null) } catch {
            throw (error as? MediaError) ?? MediaError(.fileUnreadable, "the array of the case: \(error)")
        }
        guard let tensor else { throw MediaError(.argumentInvalid, "the case has no array") }
        return try Clip(
            tensor,
            options: ClipOptions {
                $0.frameRate = rate
                $0.compatibility = compatibility
            }, format: format, caption: caption)
    }
}
