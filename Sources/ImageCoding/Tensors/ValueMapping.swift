public import MediaCore

/// How the numbers of a tensor become samples of a picture.
///
/// Every mapping but the last takes a range of values linearly to black…white: sample = round(value × scale + offset),
/// ties to even, in float32 for float16, bfloat16 and float32 and in float64 for the rest; values outside are clipped and
/// counted; NaN and infinities become 0 and are counted. The mapping is decided once per tensor, so that a batch or a clip
/// never flickers.
public enum ValueMapping: Sendable, Hashable {
    /// Chosen by element type and, for floats, by the range of the values; see the article on value mapping. The default.
    case automatic
    /// 0…1.
    case unit
    /// −1…1.
    case signedUnit
    /// 0…255.
    case byte
    /// The given values to black and white. A range that falls shows the negative.
    case range(Double, Double)
    /// The least and the greatest finite value.
    case minMax
    /// Two percentiles of the finite values, each 0…100, linear between neighbours as `numpy.percentile`.
    case percentile(Double, Double)
    /// The rule of a wandb SDK version, bit for bit.
    case wandb(WandbVersion)
}

extension ValueMapping: LosslessStringConvertible {
    /// The mapping of a name as the command line takes it.
    ///
    /// `auto`, `unit`, `signed-unit`, `byte`, `min-max`, `percentile:1:99`, `wandb-0.19`, `wandb-0.28`, `wandb-0.31`, or
    /// two numbers: `0:4` or `0..4`.
    public init?(_ description: String) {
        switch description {
        case "auto", "automatic": self = .automatic
        case "unit": self = .unit
        case "signed-unit", "signedUnit": self = .signedUnit
        case "byte": self = .byte
        case "min-max", "minmax", "minMax": self = .minMax
        default:
            if description.hasPrefix("wandb-") {
                guard let version = WandbVersion(rawValue: String(description.dropFirst(6))) else { return nil }
                self = .wandb(version)
                return
            }
            if description.hasPrefix("percentile:") {
                guard let (low, high) = Self.numbers(description.dropFirst(11)), 0 <= low, low < high, high <= 100
                else { return nil }
                self = .percentile(low, high)
                return
            }
            guard let (low, high) = Self.numbers(description[...]), low != high else { return nil }
            self = .range(low, high)
        }
    }

    private static func numbers(_ text: Substring) -> (Double, Double)? {
        let halves: [Substring]
        if let colon = text.firstIndex(of: ":") {
            halves = [text[..<colon], text[text.index(after: colon)...]]
        } else if let dots = text.indices.first(where: { text[$0...].hasPrefix("..") }) {
            halves = [text[..<dots], text[text.index(dots, offsetBy: 2)...]]
        } else {
            return nil
        }
        guard let low = Double(halves[0]), let high = Double(halves[1]), low.isFinite, high.isFinite else { return nil }
        return (low, high)
    }

    /// The name as the command line takes it.
    public var description: String {
        switch self {
        case .automatic: "auto"
        case .unit: "unit"
        case .signedUnit: "signed-unit"
        case .byte: "byte"
        case .range(let low, let high): "\(low):\(high)"
        case .minMax: "min-max"
        case .percentile(let low, let high): "percentile:\(low):\(high)"
        case .wandb(let version): "wandb-\(version.rawValue)"
        }
    }
}
