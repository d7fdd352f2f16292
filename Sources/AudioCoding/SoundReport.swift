public import MediaCore

/// What an encoder of sound did.
public struct SoundReport: Sendable, Hashable {
    /// How the file holds numbers.
    public var format: SampleFormat
    /// How many samples a second has, in hertz.
    public var rate: Int
    /// How many numbers a sample has.
    public var channels: Int
    /// How many samples the file has.
    public var count: Int
    /// How many bytes were written.
    public var byteCount: Int
    /// Whether sizes have 64 bits: the file has 4 GiB or more.
    public var isRF64: Bool
    /// Whether noise was added before numbers were rounded.
    public var isDithered: Bool
    /// What was decided when the sound was made.
    public var facts: SoundFacts
    /// What was lost, rounding apart.
    public var tally: SoundTally
    /// What the encoder itself has to say.
    public var findings: [Finding]

    /// Creates a report.
    public init(
        format: SampleFormat, rate: Int, channels: Int, count: Int = 0, byteCount: Int = 0, isRF64: Bool = false,
        isDithered: Bool = false, facts: SoundFacts = SoundFacts(), tally: SoundTally = SoundTally(),
        findings: [Finding] = []
    ) {
        self.format = format
        self.rate = rate
        self.channels = channels
        self.count = count
        self.byteCount = byteCount
        self.isRF64 = isRF64
        self.isDithered = isDithered
        self.facts = facts
        self.tally = tally
        self.findings = findings
    }

    /// How long the sound lasts, in seconds.
    public var seconds: Double { Double(count) / Double(max(1, rate)) }

    /// Everything there is to say: what was guessed, what was lost, what the encoder noticed.
    public var allFindings: [Finding] { facts.findings + tally.findings() + findings }
}

extension MediaError.Code {
    /// Integers are so small beside the range of their type that a sound of them is silent.
    public static let soundSilent: Self = "sound.silent"
}
