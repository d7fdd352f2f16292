/// What a pixel of a resized picture is made of.
public enum ResizeFilter: String, Sendable, Hashable, CaseIterable {
    /// The pixel at the same place, whatever it is: for labels and other pictures whose values must not be mixed.
    case nearest
    /// The mean of the area that it covers; when enlarging, the same as nearest.
    case box
    /// A triangle as wide as two pixels of the smaller picture.
    case bilinear
    /// A windowed sinc with three lobes: the sharpest, and the default for pictures.
    case lanczos3

    /// How far from its middle the filter reaches, in pixels of the smaller picture.
    var support: Double {
        switch self {
        case .nearest, .box: 0.5
        case .bilinear: 1
        case .lanczos3: 3
        }
    }

    /// The filter's height at `x`.
    func weight(_ x: Double) -> Double {
        switch self {
        case .nearest, .box: return x > -0.5 && x <= 0.5 ? 1 : 0
        case .bilinear: return max(0, 1 - x.magnitude)
        case .lanczos3:
            guard x.magnitude < 3 else { return 0 }
            return Self.sinc(x) * Self.sinc(x / 3)
        }
    }

    private static func sinc(_ x: Double) -> Double {
        x == 0 ? 1 : RepeatableMath.sinPi(x) / (x * Double.pi)
    }
}

/// Which old pixels, and how much of each, every new pixel of one axis is made of.
///
/// The windows and weights are those of Pillow's `resize`: the filter is stretched by the scale when the picture gets
/// smaller, a window is cut at the picture's edge, and the weights of a window add up to 1.
struct ResizeWeights: Sendable {
    /// The old pixels of each new one.
    let windows: [Range<Int>]
    /// Where the weights of each new pixel begin.
    let starts: [Int]
    /// The weights of all windows, one after another.
    let values: [Float]

    /// The weights from `count` pixels to `target`; both at least 1.
    init(from count: Int, to target: Int, filter: ResizeFilter) {
        let scale = Double(count) / Double(target)
        let stretch = max(1, scale)
        let reach = filter.support * stretch
        var windows: [Range<Int>] = [], starts: [Int] = [], values: [Float] = []
        windows.reserveCapacity(target)
        starts.reserveCapacity(target)
        var weights: [Double] = []
        for i in 0..<target {
            let center = (Double(i) + 0.5) * scale
            // Inside 0…count, so that neither conversion can trap.
            let low = Int(min(max(center - reach + 0.5, 0), Double(count - 1)))
            let high = max(low + 1, Int(min(max(center + reach + 0.5, 0), Double(count))))
            weights.removeAll(keepingCapacity: true)
            var sum = 0.0
            for old in low..<high {
                let weight = filter.weight((Double(old) - center + 0.5) / stretch)
                weights.append(weight)
                sum += weight
            }
            starts.append(values.count)
            windows.append(low..<high)
            for weight in weights { values.append(Float(sum == 0 ? 1 / Double(weights.count) : weight / sum)) }
        }
        self.windows = windows
        self.starts = starts
        self.values = values
    }
}
