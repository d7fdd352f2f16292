import ImageCoding

/// By what the samples of a window are multiplied before their spectrum is taken.
///
/// All but the last fade to the ends, so that a tone does not leak into all frequencies. They are periodic: the formulas of
/// F. J. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform" (1978), over the length of the
/// window, as `scipy.signal.get_window` has them.
public enum WindowFunction: String, Sendable, Hashable, CaseIterable {
    /// ½ − ½ cos: what suits most sounds.
    case hann
    /// 0.54 − 0.46 cos: nearer neighbours fade more, far ones less.
    case hamming
    /// 0.42 − ½ cos + 0.08 cos of twice that: wide, and next to no leaking.
    case blackman
    /// 1 throughout.
    case rectangle

    /// The factors of a window of `length` samples.
    func factors(_ length: Int) -> [Double] {
        (0..<length).map { index in
            let turns = 2 * Double(index) / Double(length)
            func cosine(_ times: Double) -> Double { RepeatableMath.sinPi(turns * times + 0.5) }
            return switch self {
            case .hann: 0.5 - 0.5 * cosine(1)
            case .hamming: 0.54 - 0.46 * cosine(1)
            case .blackman: 0.42 - 0.5 * cosine(1) + 0.08 * cosine(2)
            case .rectangle: 1
            }
        }
    }
}
