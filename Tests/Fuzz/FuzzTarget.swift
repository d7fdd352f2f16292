import ImageCoding
import MediaAnnotations
import MediaCore
import MediaDrawing
import TensorIO
import VideoCoding

/// The readers that take bytes from strangers, each behind one name, and the PNG encoder.
enum FuzzTarget: String, CaseIterable {
    case npy, npz, safetensors, pt, png, jpeg, headers, tar, encode, rle, polygon
    case coco, yolo, labelme, voc, boxes, font, y4m, gif, gifencode, video, wav, sound

    /// Reads `bytes` to the last value. A typed error is the right answer to nearly all of them; a trap, a sanitizer's
    /// finding or a flood of memory is not.
    func run(_ bytes: RawSpan) {
        do throws(MediaError) {
            switch self {
            case .npy:
                touch(try NPYReader(options: Self.options).read(contents(bytes)).tensor)
            case .npz:
                touch(try NPZReader(options: Self.options).read(contents(bytes)))
            case .safetensors:
                touch(try SafetensorsReader(options: Self.options).read(contents(bytes)))
            case .pt:
                touch(try TorchReader(options: Self.options).read(contents(bytes)))
            case .tar:
                _ = try TensorReaderProbe.tar.read(bytes.withUnsafeBytes { [UInt8]($0) }, options: Self.options)
            case .png:
                touch(try PNGDecoder(limits: Self.options.limits, ignoresChecksums: true).decode(bytes))
            case .jpeg:
                touch(try JPEGDecoder(limits: Self.options.limits, acceptsTruncated: true).decode(bytes))
            case .headers:
                let header = try ImageHeader.read(bytes, name: "fuzz.png")
                precondition(header.width > 0 && header.height > 0)
            case .coco: try touch(.coco, bytes)
            case .yolo: try touch(.yolo, bytes)
            case .labelme: try touch(.labelMe, bytes)
            case .voc: try touch(.voc, bytes)
            case .boxes: try touch(boxes: contents(bytes))
            case .font: try FontTarget(contents(bytes)).run()
            case .y4m: try touch(stream: contents(bytes))
            case .gif: try GIFTarget(contents: contents(bytes), limits: Self.options.limits).run()
            case .video: try VideoTarget(contents: contents(bytes), limits: Self.options.limits).run()
            case .wav: try WAVTarget(contents: contents(bytes), limits: Self.options.limits).run()
            case .sound: try SoundTarget(contents: contents(bytes)).run()
            case .gifencode:
                var target = GIFEncodingTarget(bytes)
                try target.run()
            case .encode:
                var target = EncodingTarget(bytes)
                try target.run()
            case .rle:
                try MaskTarget(bytes).runLengths()
            case .polygon:
                try MaskTarget(bytes).polygon()
            }
        } catch {
            check(error)
        }
    }

    /// Checksums are not compared: a fuzzer does not find the right ones, and everything behind them would stay unseen. The
    /// limits are small, so that an honest header of a large picture costs no time.
    private static let options = {
        var options = TensorFile.Options()
        options.verifiesChecksums = false
        options.limits.imagePixels = 1 << 20
        options.limits.inflatedBytes = 16 << 20
        return options
    }()

    private func contents(_ bytes: RawSpan) -> FileContents {
        FileContents(bytes: bytes.withUnsafeBytes { [UInt8]($0) }, name: "fuzz")
    }

    /// The message is made of what the file holds: it has to be one line whatever that is.
    private func check(_ error: MediaError) {
        precondition(!error.description.utf8.contains(0x0A), "an error of more than one line")
    }

    /// Reads every entry of a file.
    private func touch(_ file: TensorFile) {
        for refusal in file.refusals { check(refusal.error) }
        for place in file.entries.indices.prefix(64) {
            do throws(MediaError) { touch(try file.tensor(at: place)) } catch { check(error) }
        }
    }

    /// Reads boxes, cut and not, converts and validates them, and reads again what is written of them.
    private func touch(boxes file: FileContents) throws(MediaError) {
        let size = try ImageSize(width: 640, height: 480)
        var options = BoxReadingOptions()
        _ = try? ClassLabels(contents: file)
        for clips in [false, true] {
            options.clips = clips
            options.image = size
            let document = try BoxDocument(file, options: options)
            for finding in document.report.findings { precondition(!finding.description.utf8.contains(0x0A)) }
            let report = BoxValidation(image: size).report(on: document.groups)
            precondition(!clips || !report.hasErrors, "a box that was cut is outside")
            guard !document.report.hasErrors else { continue }
            for entry in document.groups.entries {
                for box in entry.group.boxes { _ = try? box.converted(to: .middle, domain: .percentage, in: size) }
                let sink = MemorySink()
                try entry.group.write(to: sink)
                let again = try BoxDocument(FileContents(bytes: sink.bytes, name: "again"))
                precondition(again.groups["boxes"] == entry.group, "what was written is something else")
            }
        }
    }

    /// Reads every frame of a stream, and looks at every pixel.
    private func touch(stream: FileContents) throws(MediaError) {
        let frames = try StreamedFrames(stream, form: .y4m, limits: Self.options.limits)
        var index = 0
        while index < 1000, let frame = try frames.frame(index) {
            var tally = PixelTally()
            var band = [UInt8](repeating: 0, count: frame.bytesPerRow)
            for row in 0..<frame.height {
                var span = band.mutableSpan
                var bytes = span.mutableBytes
                try frame.fill(rows: row..<row + 1, into: &bytes, tally: &tally)
            }
            index += 1
        }
    }

    /// Looks at every value of a tensor. Repeated values (a stride of 0) may make a small file a huge tensor: not those.
    private func touch(_ tensor: Tensor) {
        if tensor.count < 1 << 20 { _ = tensor.scanRange() }
    }

    /// Reads a file of annotations, and the names of a YOLO set from the same bytes.
    private func touch(_ format: DataSetFormat, _ bytes: RawSpan) throws(MediaError) {
        let steps = try DataSetWalker.steps(of: contents(bytes), as: format, limits: Self.options.limits)
        for step in steps {
            let report: ValidationReport
            switch step {
            case .file(let file): report = file.report
            case .image(let image):
                report = image.report
                for annotation in image.annotations {
                    precondition(annotation.box.map { !$0.isEmpty } ?? true, "a box without size was kept")
                }
            }
            for finding in report.findings {
                precondition(!finding.description.utf8.contains(0x0A), "a finding of more than one line")
            }
        }
    }

    /// Looks at every pixel.
    private func touch(_ image: DecodedImage) {
        let sum = image.pixels.reduce(0 as UInt64) { $0 &+ UInt64($1) }
        precondition(image.width > 0 && image.height > 0 && sum < .max)
    }
}
