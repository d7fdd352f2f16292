public import ImageCoding
import MediaCore

/// What is known of a clip before its frames come.
public struct ClipDescription: Sendable, Hashable {
    /// Pixels in a row of every frame.
    public var width: Int
    /// Rows of every frame.
    public var height: Int
    /// What a pixel of every frame is.
    public var format: PixelFormat
    /// What times of frames count.
    public var timeBase: TimeBase
    /// How many frames there will be; `nil` when nobody knows.
    public var frameCount: Int?
    /// What was decided about the frames; it goes into the report.
    public var facts: PixelFacts

    /// The description of frames that come one by one.
    public init(
        width: Int, height: Int, format: PixelFormat, timeBase: TimeBase, frameCount: Int? = nil,
        facts: PixelFacts = PixelFacts()
    ) {
        self.width = width
        self.height = height
        self.format = format
        self.timeBase = timeBase
        self.frameCount = frameCount
        self.facts = facts
    }

    /// The description of the frames of a source.
    public init(of source: any FrameSource) {
        self.init(
            width: source.width, height: source.height, format: source.format, timeBase: source.timeBase,
            frameCount: source.frameCount, facts: source.facts)
    }
}
