public import ImageCoding
public import MediaCore

/// What an encoder of moving pictures did.
public struct ClipReport: Sendable, Hashable {
    /// The size in pixels.
    public var width: Int, height: Int
    /// How many frames the file has.
    public var frameCount: Int
    /// How long the file plays once, in seconds.
    public var seconds: Double
    /// How many bytes were written.
    public var byteCount: Int
    /// How many frames show every pixel as it was.
    public var exactFrameCount: Int
    /// How many tables of colours the file has; 0 for formats without.
    public var paletteCount: Int
    /// What was decided about a video; `nil` for formats of pictures.
    public var video: VideoFacts?
    /// What became of the sound of a video.
    public var sound: SoundTrackFacts?
    /// What was decided when the source was made.
    public var facts: PixelFacts
    /// What was lost between tensor and pixels.
    public var tally: PixelTally
    /// What the encoder itself has to say: colours that were reduced, frames that are shown longer than asked for.
    public var findings: [Finding]

    /// Creates a report.
    public init(
        width: Int, height: Int, frameCount: Int = 0, seconds: Double = 0, byteCount: Int = 0, exactFrameCount: Int = 0,
        paletteCount: Int = 0, video: VideoFacts? = nil, sound: SoundTrackFacts? = nil,
        facts: PixelFacts = PixelFacts(),
        tally: PixelTally = PixelTally(), findings: [Finding] = []
    ) {
        self.width = width
        self.height = height
        self.frameCount = frameCount
        self.seconds = seconds
        self.byteCount = byteCount
        self.exactFrameCount = exactFrameCount
        self.paletteCount = paletteCount
        self.video = video
        self.sound = sound
        self.facts = facts
        self.tally = tally
        self.findings = findings
    }

    /// The report of a file that nothing was written to yet.
    init(_ clip: ClipDescription) { self.init(width: clip.width, height: clip.height, facts: clip.facts) }
}
