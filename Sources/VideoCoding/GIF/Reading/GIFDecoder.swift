public import ImageCoding
public import MediaCore

/// Reads the frames of a GIF file, with giflib.
///
/// The file is walked first (``GIFFile``), so what giflib sees has sound lengths. Each frame is the whole screen after it was
/// drawn, as RGBA; a screen begins clear, as browsers have it. Frames are decoded one after another when they are asked for, in the
/// memory of two screens.
public struct GIFDecoder: FrameSource {
    /// What the file says of itself.
    public let file: GIFFile
    private let contents: FileContents
    private let shelf = FrameShelf<GIFSession>()
    private let ends: [Int]

    /// Screens up to this size are decoded whatever the size of the file.
    private static let trustedPixels = 1 << 24
    private static let pixelsPerByte = 2730

    /// Opens a file that is in memory, or mapped.
    ///
    /// - Throws: what ``GIFFile/init(_:limits:)`` throws; `limit.exceeded` for a screen that the file is much too small for.
    public init(_ contents: FileContents, limits: Limits = .default) throws(MediaError) {
        file = try GIFFile(contents, limits: limits)
        self.contents = contents
        // A byte of the file paints 2,730 pixels at the most (a code of 12 bits for 4,095 of them); a screen far beyond that is
        // there to take memory.
        let pixels = file.width * file.height
        guard pixels <= Self.trustedPixels || pixels / Self.pixelsPerByte <= contents.byteCount else {
            throw MediaError(
                .limitExceeded,
                "a screen of \(file.width)×\(file.height) pixels in a file of \(contents.byteCount) bytes",
                hint: "no such file was made to be shown", at: .init(file: contents.name, offset: 6))
        }
        var end = 0
        ends = file.frames.map { frame in
            // A source of frames has none of no duration; players show those for longer, too.
            end += max(1, frame.delay)
            return end
        }
    }

    /// Opens a file.
    ///
    /// - Throws: `file.not-found`, `file.unreadable`; what ``GIFFile/init(_:limits:)`` throws.
    public init(path: String, limits: Limits = .default) throws(MediaError) {
        try self.init(try FileContents.open(path, limits: limits), limits: limits)
    }

    /// Pixels in a row of the screen.
    public var width: Int { file.width }
    /// Rows of the screen.
    public var height: Int { file.height }
    /// RGBA of 8 bits; what no frame has drawn is clear.
    public var format: PixelFormat { .rgba }
    /// As many as the file has.
    public var frameCount: Int? { file.frames.count }
    /// A hundredth of a second.
    public var timeBase: TimeBase { TimeBase.hundredth }
    /// Always; going back decodes from the beginning.
    public var canRewind: Bool { true }
    /// The findings about the file.
    public var facts: PixelFacts {
        var facts = PixelFacts()
        facts.findings = file.findings
        return facts
    }

    /// The screen after frame `index` was drawn.
    ///
    /// - Throws: `argument.invalid` for a negative index; `format.malformed`, `format.truncated` with the frame where its
    ///   pixels are damaged; `memory.exhausted`.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0 else {
            throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: "frame"))
        }
        guard index < file.frames.count else { return nil }
        do throws(MediaError) {
            return try shelf.frame(index) { () throws(MediaError) in try GIFSession(contents, file) }
        } catch {
            throw error.inField("frames[\(index)]").inFile(contents.name)
        }
    }

    /// When a frame begins, in hundredths of a second; frames without a delay last one.
    public func time(ofFrame index: Int) -> Int { index > 0 && index <= ends.count ? ends[index - 1] : 0 }
}
