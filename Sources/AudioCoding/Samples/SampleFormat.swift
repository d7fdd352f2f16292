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
