public import MediaCore

/// How much time an encoder takes for a smaller file.
public enum EncodingPreset: String, Sendable, CaseIterable {
    /// The least time; what run folders use.
    case fastest
    /// A good size for a little time. The default.
    case balanced
    /// The smallest file.
    case smallest
}

/// What an encoder did.
public struct EncodingReport: Sendable, Hashable {
    /// The picture's size in pixels.
    public var width: Int, height: Int
    /// What the file's pixels are, after any reduction.
    public var format: PixelFormat
    /// How many bytes were written.
    public var byteCount: Int
    /// What was decided when the source was made.
    public var facts: PixelFacts
    /// What was lost between tensor and pixels.
    public var tally: PixelTally
    /// What the encoder itself has to say.
    public var findings: [Finding]

    /// Creates a report.
    public init(
        width: Int, height: Int, format: PixelFormat, byteCount: Int, facts: PixelFacts = PixelFacts(),
        tally: PixelTally = PixelTally(), findings: [Finding] = []
    ) {
        self.width = width
        self.height = height
        self.format = format
        self.byteCount = byteCount
        self.facts = facts
        self.tally = tally
        self.findings = findings
    }
}
