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
    public var allFindings: [Finding] { facts.findings + tally.findings + findings }
}

extension SoundTally {
    /// What was lost, as warnings.
    public var findings: [Finding] {
        var findings: [Finding] = []
        if notFinite > 0, let place = firstNotFinite {
            findings.append(
                .warning(
                    .valueNotFinite, "\(notFinite) \(notFinite == 1 ? "number is" : "numbers are") not finite",
                    path: "samples", value: place.description,
                    hint: "the first is at \(place); replace them before"))
        }
        if clipped > 0, let place = firstClipped, let value = firstClippedValue {
            findings.append(
                .warning(
                    .valueOutOfRange,
                    "\(clipped) \(clipped == 1 ? "number is" : "numbers are") louder than 1, and clipped",
                    path: "samples", value: short(value),
                    hint: "the first is \(short(value)) at \(place); divide by the greatest magnitude, or write float32"
                ))
        }
        return findings
    }
}

extension MediaError.Code {
    /// Integers are so small beside the range of their type that a sound of them is silent.
    public static let soundSilent: Self = "sound.silent"
}

/// A number for a message: short, and never wrong in its first digits.
func short(_ value: Double) -> String {
    let rounded = Float(value).description
    return rounded.hasSuffix(".0") ? String(rounded.dropLast(2)) : rounded
}
