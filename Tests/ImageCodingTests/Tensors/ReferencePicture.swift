import ImageCoding
import MediaCore
import TensorIO

/// What a tensor's picture must be: slow, in the plainest arithmetic, from the documented rules alone.
struct ReferencePicture: Equatable {
    var width: Int
    var height: Int
    var format: PixelFormat
    /// The samples, packed.
    var samples: [Int]
    var tally = PixelTally()

    /// The pictures of a tensor.
    ///
    /// - Parameters:
    ///   - values: the numbers in C order of `shape`.
    ///   - bits: 8 or 16 where a depth is asked for.
    static func pictures(
        _ values: [Double], _ type: ElementType, shape: [Int], layout: ImageLayout, mapping: ValueMapping, bits: Int?
    ) -> [ReferencePicture] {
        let rule = Rule(values, type, mapping, bits)
        let letters = Array(layout.rawValue)
        func length(_ letter: Character) -> Int { letters.firstIndex(of: letter).map { shape[$0] } ?? 1 }
        // How far apart neighbours are in C order.
        func distance(_ letter: Character) -> Int {
            letters.firstIndex(of: letter).map { shape[($0 + 1)...].reduce(1, *) } ?? 0
        }
        let (count, height, width, channels) = (length("n"), length("h"), length("w"), length("c"))
        let (perPicture, perRow, perColumn, perChannel) = (
            distance("n"), distance("h"), distance("w"), distance("c")
        )
        let model = [PixelFormat.Model.gray, .grayAlpha, .rgb, .rgba][channels - 1]
        let depth = rule.bits == 1 && channels > 1 ? 8 : rule.bits
        let format = PixelFormat(model: model, bits: depth) ?? .gray
        return (0..<count).map { number in
            var picture = ReferencePicture(width: width, height: height, format: format, samples: [])
            picture.samples.reserveCapacity(width * height * channels)
            var firstPlace = Int.max
            for y in 0..<height {
                for x in 0..<width {
                    for c in 0..<channels {
                        let place = number * perPicture + y * perRow + x * perColumn + c * perChannel
                        let value = values[place]
                        if !value.isFinite {
                            picture.tally.notFinite += 1
                            firstPlace = min(firstPlace, place)
                        } else if value < min(rule.low, rule.high) {
                            picture.tally.clippedLow += 1
                        } else if value > max(rule.low, rule.high) {
                            picture.tally.clippedHigh += 1
                        }
                        picture.samples.append(rule.sample(value, maximum: (1 << depth) - 1))
                    }
                }
            }
            if firstPlace < Int.max {
                var rest = firstPlace
                picture.tally.firstNotFinite = shape.reversed().map { length in
                    defer { rest /= length }
                    return rest % length
                }.reversed()
            }
            return picture
        }
    }

    /// The documented rule for the numbers of one tensor.
    struct Rule {
        var low: Double
        var high: Double
        var bits: Int
        /// Whether the arithmetic is that of float32.
        var isNarrow: Bool

        init(_ values: [Double], _ type: ElementType, _ mapping: ValueMapping, _ bits: Int?) {
            let finite = values.filter(\.isFinite)
            let least = finite.min() ?? 0
            let greatest = finite.max() ?? 0
            self.bits = bits ?? 8
            isNarrow = type.isFloatingPoint && type != .float64
            func nearest(_ bound: Double) -> Double {
                switch type {
                case .float32: Double(Float(bound))
                // To 8 bits of fraction, of which the first is not stored.
                case .bfloat16:
                    Double(sign: .plus, exponent: bound.exponent - 7, significand: 1)
                        * (bound / Double(sign: .plus, exponent: bound.exponent - 7, significand: 1)).rounded()
                default: bound
                }
            }
            switch mapping {
            case .unit: (low, high) = (0, 1)
            case .signedUnit: (low, high) = (-1, 1)
            case .byte: (low, high) = (0, 255)
            case .range(let a, let b): (low, high) = (a, b)
            case .minMax: (low, high) = (least, greatest)
            case .percentile(let a, let b):
                (low, high) = (Self.percentile(finite.sorted(), a), Self.percentile(finite.sorted(), b))
            default:
                switch type {
                case .bool:
                    (low, high) = (0, 1)
                    self.bits = bits ?? 1
                case .uint16:
                    (low, high) = (0, 65535)
                    self.bits = bits ?? 16
                case _ where !type.isFloatingPoint: (low, high) = (0, 255)
                case _ where finite.isEmpty: (low, high) = (0, 1)
                case _ where least >= nearest(-0.05) && greatest <= nearest(1.05): (low, high) = (0, 1)
                case _ where least >= nearest(-1.05) && greatest <= nearest(1.05): (low, high) = (-1, 1)
                case _ where least >= -13 && greatest <= 268 && greatest >= 8: (low, high) = (0, 255)
                default: (low, high) = (least, greatest)
                }
            }
        }

        func sample(_ value: Double, maximum: Int) -> Int {
            guard value.isFinite, low != high else { return 0 }
            let a = Double(maximum) / (high - low)
            let b = -low * a
            // Float32 arithmetic holds only where the offset leaves room for a sample's fraction.
            let y: Double
            if isNarrow, abs(b) <= 65536, Float(a).isNormal {
                let product = Float(value) * Float(a)
                y = Double(product + Float(b))
            } else {
                let product = value * a
                y = product + b
            }
            return Int(min(max(y, 0), Double(maximum)).rounded(.toNearestOrEven))
        }

        static func percentile(_ sorted: [Double], _ point: Double) -> Double {
            guard let last = sorted.last else { return 0 }
            let place = point / 100 * Double(sorted.count - 1)
            let below = Int(place)
            guard below + 1 < sorted.count else { return last }
            let part = place - Double(below)
            let step = sorted[below + 1] - sorted[below]
            return part < 0.5 ? sorted[below] + step * part : sorted[below + 1] - step * (1 - part)
        }
    }

    /// The picture in another format of 8 or 16 bits, or in black and white.
    func converted(to target: PixelFormat) -> ReferencePicture {
        guard target != format else { return self }
        var result = self
        result.format = target
        result.samples = []
        let top = (1 << format.bits) - 1
        for pixel in stride(from: 0, to: samples.count, by: format.channels) {
            let color = format.channels >= 3
            var (r, g, b) = (samples[pixel], samples[pixel + (color ? 1 : 0)], samples[pixel + (color ? 2 : 0)])
            let alpha = format.hasAlpha ? samples[pixel + format.channels - 1] : top
            if target.channels < 3, color {
                // Pillow weighs colours in thousandths, rounded down, where they become black and white.
                r =
                    target == .bilevel
                    ? (r * 299 + g * 587 + b * 114) / 1000 : (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16
                (g, b) = (r, r)
            }
            let kept = target.channels < 3 ? [r] : [r, g, b]
            result.samples += target.hasAlpha ? kept + [alpha] : kept
        }
        if target == .bilevel { result.diffuse() }
        return result
    }

    /// Floyd and Steinberg's error diffusion in whole sixteenths, as Pillow does it: 7 right, 3 down left, 5 down, 1 down
    /// right; the waiting error is divided towards zero, the sum is clamped, white begins above 128.
    private mutating func diffuse() {
        var waiting = [Int](repeating: 0, count: width + 2)
        for y in 0..<height {
            var next = [Int](repeating: 0, count: width + 2)
            var right = 0
            for x in 0..<width {
                let value = min(max(samples[y * width + x] + (right + waiting[x + 1]) / 16, 0), 255)
                let isWhite = value > 128
                let error = value - (isWhite ? 255 : 0)
                samples[y * width + x] = isWhite ? 1 : 0
                right = 7 * error
                next[x] += 3 * error
                next[x + 1] += 5 * error
                next[x + 2] += error
            }
            waiting = next
        }
    }

    /// Red, green, blue and opacity of every pixel on the scale 0…65535, which all formats share.
    static func colors(_ samples: [Int], _ format: PixelFormat, _ palette: Palette?) -> [UInt16] {
        let unit = format.model == .indexed ? 257 : 65535 / format.maximum
        var colors: [UInt16] = []
        colors.reserveCapacity(samples.count / format.channels * 4)
        for pixel in stride(from: 0, to: samples.count, by: format.channels) {
            let first = samples[pixel]
            var rgba = [first, first, first, format.maximum]
            if let palette, format.model == .indexed {
                let entry = palette.colors[first]
                rgba = [entry.red, entry.green, entry.blue, entry.alpha].map(Int.init)
            } else if format.channels >= 3 {
                rgba[1] = samples[pixel + 1]
                rgba[2] = samples[pixel + 2]
            }
            if format.hasAlpha { rgba[3] = samples[pixel + format.channels - 1] }
            for sample in rgba { colors.append(UInt16(sample * unit)) }
        }
        return colors
    }
}
