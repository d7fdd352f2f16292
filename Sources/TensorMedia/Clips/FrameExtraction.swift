import ImageCoding
public import MediaCore
import TensorIO
public import VideoCoding

/// Takes the frames out of a clip that is a file: as pictures, or as one tensor.
public struct FrameExtraction: Sendable {
    /// Which frames are taken.
    public var cut = ClipCut()
    /// Another size for every frame.
    public var size: FrameSize?
    /// The kind of pictures.
    public var fileType = ImageFileType.png
    /// Whether existing files are replaced; an output that exists is an error otherwise.
    public var overwrites = true
    /// What is accepted of the file.
    public var limits = Limits.default
    /// Stops the work between frames.
    public var cancellation: CancellationFlag?

    /// What was written.
    public struct Report: Sendable, Hashable {
        /// How many frames.
        public var frameCount = 0
        /// The size of a frame in pixels.
        public var width = 0
        /// The size of a frame in pixels.
        public var height = 0
        /// How many samples a pixel has: 3, or 4 where a frame has clear pixels.
        public var channels = 3
        /// How many bytes were written.
        public var byteCount = 0
    }

    /// Takes all frames.
    public init() {}

    /// Writes the frames of a file.
    ///
    /// - Parameters:
    ///   - path: the clip: a GIF.
    ///   - output: a file that ends in `.npy` for one tensor of `uint8`, frames × rows × columns × channels; else a folder,
    ///     which is made when it is not there, for pictures `<name of the clip>_000000.png` and so on.
    /// - Throws: what opening the file, ``/VideoCoding/GIFDecoder`` and cutting throw; `file.create-failed`,
    ///   `file.write-failed`, `file.name-collision` for outputs.
    public func run(_ path: String, to output: String) throws(MediaError) -> Report {
        let (frames, channels) = try frames(of: try FileContents.open(path, limits: limits))
        var report = Report(width: frames.width, height: frames.height, channels: channels)
        let isTensor = output.hasSuffix(".npy")
        if !isTensor {
            do throws(MediaError) { try FileSystem.makeFolders(output) } catch { throw error.whileCreating }
        }
        let store = FolderStore(
            folder: isTensor ? "" : output, overwrites: overwrites, names: OutputNames([], copiesPictures: false),
            cancellation: cancellation)
        if isTensor {
            _ = try store.writeFile(output) { (sink) throws(MediaError) in
                try tensor(of: frames, channels, to: sink, &report)
                return EncodingReport(
                    width: frames.width, height: frames.height, format: frames.format, byteCount: report.byteCount)
            }
        } else {
            try pictures(of: frames, named: path.splitPath.name.withoutEnding, in: store, &report)
        }
        return report
    }

    private func pictures(
        of frames: any FrameSource, named name: String, in store: FolderStore, _ report: inout Report
    ) throws(MediaError) {
        let encoder = ImageEncoder(for: fileType)
        while let frame = try frames.frame(report.frameCount) {
            let digits = String(report.frameCount)
            let number = String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
            let stored = try store.write("\(name)_\(number).\(fileType.rawValue)") { (sink) throws(MediaError) in
                try encoder.encode(frame, to: sink)
            }
            report.byteCount += stored.report.byteCount
            report.frameCount += 1
        }
    }

    private func tensor(
        of frames: any FrameSource, _ channels: Int, to sink: any ByteSink, _ report: inout Report
    ) throws(MediaError) {
        let header = NPYWriter.header(
            of: .uint8, shape: [frames.frameCount ?? 0, frames.height, frames.width, channels])
        try unsafe sink.write(header.span.bytes)
        var bytes = [UInt8](repeating: 0, count: frames.width * frames.height * channels)
        while let frame = try frames.frame(report.frameCount) {
            var tally = PixelTally()
            try frame.fillAll(&bytes, tally: &tally)
            try unsafe sink.write(bytes.span.bytes)
            report.frameCount += 1
        }
        report.byteCount = header.count + bytes.count * report.frameCount
    }

    /// The frames that are taken, as RGB, or as RGBA when one has a clear pixel.
    private func frames(of contents: FileContents) throws(MediaError) -> (any FrameSource, channels: Int) {
        guard let format = ClipFormat.readable(contents) else {
            throw MediaError(
                .unrecognized, "the file is no clip that can be read", hint: "expected gif, mp4, webm or ogg",
                at: .init(file: contents.name, offset: 0))
        }
        let decoder = try format.decoder(of: contents, limits: limits)
        var frames: any FrameSource = decoder
        if !cut.isEverything { frames = try frames.cut(cut) }
        if let size { frames = try frames.resized(to: size, limits: limits) }
        // Looked at before, because the shape of a tensor stands in front of it.
        if let gif = decoder as? GIFDecoder {
            let hasClearPixels = try gif.contents(countingTo: 1, cancellation: cancellation).hasClearPixels
            if hasClearPixels { return (frames, 4) }
        } else if decoder.format.hasAlpha {
            return (frames, 4)
        }
        return (frames.converted(to: .rgb), 3)
    }
}
