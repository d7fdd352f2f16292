/// How a file holds the numbers of a sound.
public enum SampleFormat: String, Sendable, Hashable, CaseIterable {
    /// Unsigned integers of 8 bits, around 128.
    case u8
    /// Signed integers of 16 bits: what compact discs have, and what plays everywhere.
    case pcm16
    /// Signed integers of 24 bits.
    case pcm24
    /// Signed integers of 32 bits.
    case pcm32
    /// IEEE 754 binary32.
    case float32
    /// IEEE 754 binary64. Browsers do not play it.
    case float64

    /// The bits of a number.
    public var bits: Int {
        switch self {
        case .u8: 8
        case .pcm16: 16
        case .pcm24: 24
        case .pcm32, .float32: 32
        case .float64: 64
        }
    }

    /// The bytes of a number.
    public var byteCount: Int { bits / 8 }
    /// Whether numbers have fractions, and may be louder than 1.
    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

extension SampleFormat: CustomStringConvertible {
    /// The name that the command line takes.
    public var description: String { rawValue }
}

/// Noise that is added before numbers are rounded, so that what is lost is a faint hiss and no distortion.
public enum SoundDither: Sendable, Hashable {
    /// None.
    case none
    /// Noise within ±1 step of the file with a triangular distribution (TPDF).
    ///
    /// The noise of a number depends on its place and the seed alone. Numbers that fit the file are left alone.
    case triangular(seed: UInt64 = 0)
}

/// A place in a sound.
public struct SoundPlace: Sendable, Hashable, CustomStringConvertible {
    /// Which sample, from 0.
    public var sample: Int
    /// Which channel, from 0.
    public var channel: Int

    /// Creates a place.
    public init(sample: Int, channel: Int) {
        self.sample = sample
        self.channel = channel
    }

    /// `sample 3, channel 1`.
    public var description: String { "sample \(sample), channel \(channel)" }
}

/// How many numbers could not be written as they are, rounding apart.
public struct SoundTally: Sendable, Hashable {
    /// Numbers below −1, written as the least number of the file.
    public var clippedLow = 0
    /// Numbers above 1, written as the greatest.
    public var clippedHigh = 0
    /// Numbers that are NaN or infinite, written as 0.
    public var notFinite = 0
    /// Where the first number was clipped, and what it was.
    public var firstClipped: SoundPlace?
    /// The first number that was clipped.
    public var firstClippedValue: Double?
    /// Where the first number was not finite.
    public var firstNotFinite: SoundPlace?

    /// Nothing lost.
    public init() {}

    /// Numbers that were clipped, at either end.
    public var clipped: Int { clippedLow + clippedHigh }
}
