import Foundation
import ImageCoding
import MediaAnnotations
import MediaCore
import TensorIO
import TestSupport

/// Runs the cases of pictures: arrays in all three versions of the SDK where they are given, files, lists, masks and boxes.
struct ImageFamilies: FamilyHandler {
    let families: Set<String> = [
        "image-dtype-shape", "image-float-range", "image-int-range", "image-nonfinite", "image-shape",
        "image-channels-first", "image-mode", "image-file-type", "image-metadata", "image-path", "image-list",
        "image-mask", "image-boxes",
    ]

    private static let known: Set<String> = [
        "data", "path", "mode", "caption", "grouping", "classes", "file_type", "generator", "masks", "boxes",
    ]

    func result(of record: ConformanceCase) throws -> CaseResult {
        try result(of: record, known: Self.known) { logged in
            var differences = try compare(record, logged)
            for member in record.json["expect_other_versions"]?.object?.members ?? [] {
                guard let version = WandbVersion.allCases.first(where: { member.name.hasPrefix($0.rawValue) }) else {
                    differences.append("version \(member.name) is not known")
                    continue
                }
                differences += try compareOther(record, logged.arguments, version, member.value)
                    .map { "\(member.name): \($0)" }
            }
            return differences
        }
    }

    // MARK: The current version: outcome, history, files

    private func compare(_ record: ConformanceCase, _ logged: LoggedCase) throws -> [String] {
        try MediaComparison(record: record, key: logged.key, expectation: logged.expectation).differences(
            { (folder) throws(MediaError) in
                try Self.write(
                    record, logged.arguments, to: folder, key: logged.key, step: logged.step,
                    compatibility: .wandb(.v0_31))
            },
            compare: { file, path, name in try compare(file, record, path, name) },
            further: { compareLabels($0, logged.expectation["config__wandb"]) })
    }

    /// The records for the configuration of the run.
    private func compareLabels(_ written: MediaRecord, _ expected: JSONValue?) -> [String] {
        let wanted = (expected?.object?.members ?? []).flatMap { kind in
            (kind.value.object?.members ?? []).map { (["_wandb", kind.name, $0.name], $0.value) }
        }
        var differences: [String] = []
        if wanted.count != written.configRecords.count {
            differences.append("\(written.configRecords.count) records of labels, expected \(wanted.count)")
        }
        for (path, value) in wanted {
            guard let record = written.configRecords.first(where: { $0.path == path }) else {
                differences.append("no record at \(path.joined(separator: "/"))")
                continue
            }
            var matcher = TokenMatcher()
            differences += matcher.differences(record.value, value, path: path.joined(separator: "/"))
        }
        return differences
    }

    private func compare(
        _ file: JSONValue, _ record: ConformanceCase, _ name: String, _ path: String
    ) throws -> [String] {
        switch file["kind"]?.string {
        case "image-lossless":
            return Self.differences(try Picture.decode(name), try Self.expectedPicture(file, record), path)
        case "image-lossy":
            let ours = try Picture.decode(name)
            let expected = try Self.expectedPicture(file, record)
            guard ours.mode == expected.mode, ours.width == expected.width, ours.height == expected.height else {
                return [
                    "\(path) is \(ours.width)×\(ours.height) \(ours.mode), expected \(expected.width)×\(expected.height) \(expected.mode)"
                ]
            }
            // The encoder is the same library at the same quality: as good as what Pillow reached, but for rounding.
            let wanted = (file["psnr_db_of_wandb"]?.double ?? 0) - 0.1
            let reached = Self.peakSignalToNoise(ours.samples, expected.samples)
            return reached >= wanted ? [] : ["\(path) has \(reached) dB, expected \(wanted)"]
        case "json":
            // The SDK writes NaN; none of the cases that do is accepted here.
            let ours = try FileContents.open(name).withBytes { try JSONReader.parse($0) }
            guard let expected = file["json"] else { return ["the case holds no JSON of \(path)"] }
            return try JSONWriter.string(ours) == JSONWriter.string(expected) ? [] : ["\(path) is \(ours)"]
        case let kind:
            return ["files of kind \(kind ?? "?") are not compared"]
        }
    }

    private static func expectedPicture(_ file: JSONValue, _ record: ConformanceCase) throws -> Picture {
        let array = try record.array(file["pixels"]?.string ?? "")
        return Picture(
            mode: file["mode"]?.string ?? "", width: Int(file["width"]?.integer ?? Int64(array.shape[1])),
            height: Int(file["height"]?.integer ?? Int64(array.shape[0])), samples: array.integers())
    }

    private static func differences(_ ours: Picture, _ expected: Picture, _ path: String) -> [String] {
        guard ours != expected else { return [] }
        if ours.mode != expected.mode { return ["\(path) has mode \(ours.mode), expected \(expected.mode)"] }
        if ours.width != expected.width || ours.height != expected.height {
            return ["\(path) is \(ours.width)×\(ours.height), expected \(expected.width)×\(expected.height)"]
        }
        let place = zip(ours.samples, expected.samples).enumerated().first { $0.element.0 != $0.element.1 }
        guard let place else {
            return ["\(path) has \(ours.samples.count) samples, expected \(expected.samples.count)"]
        }
        return ["\(path): sample \(place.offset) is \(place.element.0), expected \(place.element.1)"]
    }

    // MARK: Other versions: outcome and pixels

    private func compareOther(
        _ record: ConformanceCase, _ arguments: JSONValue, _ version: WandbVersion, _ expectation: JSONValue
    ) throws -> [String] {
        let picture = Result { () throws(MediaError) in
            try Self.image(record, arguments, compatibility: .wandb(version))
        }
        guard expectation["outcome"]?.string == "ok" else { return MediaComparison.checkRefusal(picture) }
        switch picture {
        case .failure(let error):
            return ["refused: \(error)"]
        case .success(let image):
            guard let source = image.source else { return ["there are no pixels"] }
            let ours = try Picture(source)
            let array = try record.array(expectation["pixels"]?.string ?? "")
            let expected = Picture(
                mode: expectation["mode"]?.string ?? "", width: array.rank > 1 ? array.shape[1] : 1,
                height: array.shape[0], samples: array.integers())
            return Self.differences(ours, expected, "picture")
        }
    }

    // MARK: From arguments to calls

    private static func write(
        _ record: ConformanceCase, _ arguments: JSONValue, to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        if arguments["generator"] != nil {
            // "111 images, image i is a 1x2 grayscale image of constant value i"
            var images: [Image] = []
            for value in 0..<111 {
                images.append(try Image(try Tensor([UInt8](repeating: UInt8(value), count: 2), shape: [1, 2])))
            }
            return try images.write(to: folder, key: key, step: step, compatibility: compatibility)
        }
        if AnnotationArguments.areIn(arguments) {
            return try AnnotationArguments(record: record, compatibility: compatibility)
                .write(arguments, to: folder, key: key, step: step)
        }
        if let elements = arguments.array {
            var images: [Image] = []
            for element in elements { images.append(try image(record, element, compatibility: compatibility)) }
            return try images.write(to: folder, key: key, step: step, compatibility: compatibility)
        }
        return try image(record, arguments, compatibility: compatibility)
            .write(to: folder, key: key, step: step, compatibility: compatibility)
    }

    static func image(
        _ record: ConformanceCase, _ arguments: JSONValue, compatibility: Compatibility
    ) throws(MediaError) -> Image {
        let caption = arguments["caption"]?.string
        let grouping = arguments["grouping"]?.integer.map { Int($0) }
        let classes = (arguments["classes"]?.array ?? []).map {
            ImageClass(id: Int($0["id"]?.integer ?? 0), name: $0["name"]?.string ?? "")
        }
        if let path = arguments["path"].flatMap(record.path) {
            return try Image(
                contentsOf: path, caption: caption, grouping: grouping, classes: classes, compatibility: compatibility)
        }
        var options = PictureOptions { $0.compatibility = compatibility }
        options.fileType = try ImageFileType(fileExtension: arguments["file_type"]?.string ?? "")
        if let mode = arguments["mode"]?.string { options.mode = try PixelMode(mode) }
        if arguments["data"]?["layout"]?.string == "CHW" { options.layout = .chw }
        let tensor: Tensor
        do {
            guard let read = try record.tensor(arguments["data"] ?? .null) else { throw missing }
            tensor = read
        } catch let error as MediaError {
            throw error
        } catch {
            throw missing
        }
        return try Image(tensor, options: options, caption: caption, grouping: grouping, classes: classes)
    }

    private static var missing: MediaError { MediaError(.argumentInvalid, "the case has no data") }

    private static func peakSignalToNoise(_ a: [Int], _ b: [Int]) -> Double {
        let squares = zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        return squares == 0 ? .infinity : 10 * log10(255 * 255 * Double(a.count) / squares)
    }
}
