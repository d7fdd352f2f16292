public import ImageCoding
public import MediaCore

/// Reads the frames of an mp4, webm or ogg file, through libav.
///
/// The packets are counted first (``VideoFile``). Frames are decoded one after another when they are asked for, as RGB, or RGBA where
/// the video has opacity, with the matrix and the range that the file states; BT.601 and limited range where it states none.
/// Going back decodes from the beginning. Sound is left out.
public struct VideoDecoder: FrameSource {
    /// What the file says of itself.
    public let file: VideoFile
    private let contents: FileContents
    private let limits: Limits
    private let shelf = FrameShelf<VideoSession>()

    /// Opens a file that is in memory, or mapped.
    ///
    /// - Throws: what ``VideoFile/init(_:limits:)`` throws.
    public init(_ contents: FileContents, limits: Limits = .default) throws(MediaError) {
        file = try VideoFile(contents, limits: limits)
        self.contents = contents
        self.limits = limits
    }

    /// Opens a file.
    ///
    /// - Throws: `file.not-found`, `file.unreadable`; what ``VideoFile/init(_:limits:)`` throws.
    public init(path: String, limits: Limits = .default) throws(MediaError) {
        try self.init(try FileContents.open(path, limits: limits), limits: limits)
    }

    /// Pixels in a row of every frame.
    public var width: Int { file.width }
    /// Rows of every frame.
    public var height: Int { file.height }
    /// RGB of 8 bits, RGBA where the video has opacity.
    public var format: PixelFormat { file.hasAlpha ? .rgba : .rgb }
    /// As many as there are packets of.
    public var frameCount: Int? { file.frameCount }
    /// The unit in which the file counts.
    public var timeBase: TimeBase { file.timeBase }
    /// Always; going back decodes from the beginning.
    public var canRewind: Bool { true }

    /// The frame at `index`.
    ///
    /// - Throws: `argument.invalid` for a negative index; `format.malformed`, `format.truncated` with the frame where the video is
    ///   damaged; `memory.exhausted`.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0 else {
            throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: "frame"))
        }
        guard index < file.frameCount else { return nil }
        do throws(MediaError) {
            return try shelf.frame(index) { () throws(MediaError) in
                VideoSession(try LibavReader(contents, file.format, limits: limits), file)
            }
        } catch {
            throw error.inField("frames[\(index)]").inFile(contents.name)
        }
    }

    /// When a frame begins, in units of the file, counted from the first frame.
    public func time(ofFrame index: Int) -> Int { file.times.indices.contains(index) ? file.times[index] : 0 }
}

/// libav at work on the frames of one file.
///
/// Unchecked because of what changes; the shelf's lock keeps it to one thread at a time.
private final class VideoSession: FrameSession, @unchecked Sendable {
    private let reader: LibavReader
    private let file: VideoFile
    private(set) var decoded = 0
    /// The frame that was decoded last, once somebody asked for it.
    private var last: PackedPixels?

    init(_ reader: LibavReader, _ file: VideoFile) {
        self.reader = reader
        self.file = file
    }

    func decodeNext() throws(MediaError) {
        last = nil
        guard let size = try reader.decode() else {
            throw MediaError(
                .truncated, "the video ends after \(decoded) of \(file.frameCount) frames",
                hint: "the file is damaged; write or copy it again")
        }
        guard size == (file.width, file.height) else {
            throw MediaError(
                .malformed,
                "the frame is \(size.width)×\(size.height), the video \(file.width)×\(file.height) pixels",
                hint: "videos whose size changes cannot be read")
        }
        decoded += 1
    }

    func picture() throws(MediaError) -> PackedPixels {
        if let last { return last }
        let picture = try reader.pixels(
            width: file.width, height: file.height, format: file.hasAlpha ? .rgba : .rgb)
        last = picture
        return picture
    }
}
