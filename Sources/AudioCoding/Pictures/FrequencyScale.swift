import ImageCoding
public import MediaDrawing

/// How frequencies are spread over the rows of a spectrogram.
public enum FrequencyScale: String, Sendable, Hashable, CaseIterable {
    /// Evenly.
    case linear
    /// By their logarithm: an octave is as high as any other.
    case logarithmic
    /// As pitch is heard: by log(1 + f / 700 Hz) (O'Shaughnessy, *Speech Communication*, 1987).
    case mel

    /// The same of an axis.
    public var axisScale: AxisScale {
        switch self {
        case .linear: .linear
        case .logarithmic: .logarithmic
        case .mel: .mel
        }
    }

    /// The lowest frequency that is shown when nobody says, in hertz: 0, or 20 where there is no 0, or less for slow sounds.
    func lowest(below highest: Double) -> Double { self == .logarithmic ? min(20, highest / 100) : 0 }

    /// The frequency at a place from 0, the lower end, to 1.
    func frequency(at place: Double, from low: Double, to high: Double) -> Double {
        switch self {
        case .linear: low + (high - low) * place
        case .logarithmic: low * Self.power(high / low, place)
        case .mel: (700 + low) * Self.power((700 + high) / (700 + low), place) - 700
        }
    }

    /// `ratio` to the power of 0…1, by square roots for the bits of the exponent: the same everywhere.
    private static func power(_ ratio: Double, _ exponent: Double) -> Double {
        var result = exponent >= 1 ? ratio : 1
        var root = ratio, rest = exponent >= 1 ? 0 : max(0, exponent)
        for _ in 0..<52 where rest > 0 {
            root = root.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= root
                rest -= 1
            }
        }
        return result
    }
}

/// Which frequencies of a spectrum a row shows: the loudest of those inside of it, or what is between two.
struct FrequencyRow: Hashable {
    /// The frequencies, by their number.
    var bins: ClosedRange<Int>
    /// How much of the upper of two counts where none is inside; `nil` takes the loudest.
    var blend: Float?

    /// The rows of a picture from the top down.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - width: how far frequencies are apart, in hertz.
    ///   - last: the number of the highest.
    static func rows(
        _ count: Int, _ scale: FrequencyScale, from low: Double, to high: Double, width: Double, last: Int
    ) -> [FrequencyRow] {
        (0..<count).map { row in
            func place(_ rows: Double) -> Double {
                let place = scale.frequency(at: (Double(count) - rows) / Double(count), from: low, to: high) / width
                // A whole number but for its last bits is one.
                return (place - place.rounded()).magnitude < 1e-6 ? place.rounded() : place
            }
            // The lower end belongs to the row, the upper one to the next, but for the topmost.
            let first = place(Double(row + 1)).rounded(.up), upper = place(Double(row))
            let end = row == 0 ? upper.rounded(.down) : upper.rounded(.up) - 1
            if first <= end { return FrequencyRow(bins: bin(first, last)...bin(max(first, end), last)) }
            let middle = place(Double(row) + 0.5)
            let below = bin(middle.rounded(.down), last)
            return FrequencyRow(
                bins: below...min(last, below + 1), blend: Float(max(0, min(1, middle - Double(below)))))
        }
    }

    private static func bin(_ number: Double, _ last: Int) -> Int { Int(max(0, min(Double(last), number))) }

    /// The power of the row; `powers` has all frequencies.
    func power(_ powers: Span<Float>) -> Float {
        if let blend {
            let low = powers[bins.lowerBound], high = powers[bins.upperBound]
            return low + (high - low) * blend
        }
        var loudest = powers[bins.lowerBound]
        var bin = bins.lowerBound &+ 1
        while bin <= bins.upperBound {
            loudest = max(loudest, powers[bin])
            bin &+= 1
        }
        return loudest
    }
}
