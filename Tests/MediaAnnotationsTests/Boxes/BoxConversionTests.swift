import MediaAnnotations
import TestSupport
import Testing

/// The exact results come from numbers of twice the precision.
@Suite("Conversion of boxes")
struct BoxConversionTests {
    private typealias Form = BoundingBox.Form
    private typealias Domain = BoundingBox.Domain

    @Test("every form converts to every other within one unit in the last place of the largest coordinate")
    func oneUnit() throws {
        var random = SeededGenerator(seed: 5)
        var worst = 0.0
        for _ in 0..<65_000 {
            let size = try ImageSize(width: random.integer(1...70_000), height: random.integer(1...70_000))
            for domain in Domain.allCases {
                for form in Form.allCases {
                    let box = try randomBox(domain, form, size, &random)
                    for target in Domain.allCases {
                        for targetForm in Form.allCases {
                            let result = try box.converted(to: targetForm, domain: target, in: size)
                            worst = max(worst, error(of: result, from: box, in: size))
                        }
                    }
                }
            }
        }
        // A million conversions. What the exact numbers are compared with is exact enough to be left out of account.
        #expect(worst <= 1, "\(worst)")
        #expect(worst > 0.4)
    }

    @Test("there and back again is within two units of the largest coordinate, one for each way")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<50_000 {
            let size = try ImageSize(width: random.integer(1...70_000), height: random.integer(1...70_000))
            let box = try randomBox(random.pick(Domain.allCases), random.pick(Form.allCases), size, &random)
            let other = try box.converted(
                to: random.pick(Form.allCases), domain: random.pick(Domain.allCases), in: size)
            let back = try other.converted(to: box.form, domain: box.domain, in: size)
            let (a, b) = (values(box), values(back))
            let unit = max(a.map(\.magnitude).max() ?? 0, b.map(\.magnitude).max() ?? 0).ulp
            #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 2 * unit })
        }
    }

    @Test("a box in pixels beside the picture has no fractions")
    func outside() throws {
        let size = try ImageSize(width: 10, height: 10)
        let box = try BoundingBox(minX: 5, maxX: 15, minY: 0, maxY: 1, domain: .pixel)
        let error = #expect(throws: MediaError.self) { try box.converted(domain: .percentage, in: size) }
        #expect(error?.code == .boxOutside && error?.location.field == "position.maxX")
        #expect(try box.converted(to: .middle, in: size).position == .middle(x: 10, y: 0.5, width: 10, height: 1))
    }

    /// The largest error of a result, in units in the last place of its largest coordinate.
    private func error(of result: BoundingBox, from box: BoundingBox, in size: ImageSize) -> Double {
        let (from, to) = (values(box), values(result))
        // The largest coordinate is that of the edges or of the middle, whichever the box has.
        let unit = (to.map(\.magnitude).max() ?? 0).ulp
        var worst = 0.0
        for (axis, side) in [Double(size.width), Double(size.height)].enumerated() {
            let (a, b) = box.form == .minMax ? (from[axis * 2], from[axis * 2 + 1]) : (from[axis], from[axis + 2])
            let given = result.form == .minMax ? [to[axis * 2], to[axis * 2 + 1]] : [to[axis], to[axis + 2]]
            let pairs: [(Pair, Pair)] =
                switch (box.form, result.form) {
                case (.minMax, .minMax), (.middle, .middle): [(Pair(a), Pair(0)), (Pair(b), Pair(0))]
                case (.minMax, .middle): [(Pair(a / 2), Pair(b / 2)), (Pair(b), Pair(-a))]
                case (.middle, .minMax): [(Pair(a), Pair(-b / 2)), (Pair(a), Pair(b / 2))]
                }
            for (value, pair) in zip(given, pairs) {
                let sum = pair.0 + pair.1
                let exact =
                    switch (box.domain, result.domain) {
                    case (.percentage, .pixel): sum * side
                    case (.pixel, .percentage): sum / side
                    default: sum
                    }
                worst = max(worst, abs((exact + Pair(-value)).high) / unit)
            }
        }
        return worst
    }

    private func values(_ box: BoundingBox) -> [Double] {
        switch box.position {
        case .minMax(let minX, let maxX, let minY, let maxY): [minX, maxX, minY, maxY]
        case .middle(let x, let y, let width, let height): [x, y, width, height]
        }
    }
}

/// A number of about 106 bits: the sum of two doubles (Dekker, "A floating-point technique for extending the available
/// precision", 1971).
private struct Pair {
    var high: Double
    var low: Double

    init(_ value: Double) { self.init(high: value, low: 0) }

    init(high: Double, low: Double) {
        self.high = high + low
        self.low = low - (self.high - high)
    }

    static func + (a: Pair, b: Pair) -> Pair {
        let sum = a.high + b.high
        let part = sum - a.high
        return Pair(high: sum, low: (a.high - (sum - part)) + (b.high - part) + a.low + b.low)
    }

    static func * (a: Pair, factor: Double) -> Pair {
        let product = a.high * factor
        return Pair(high: product, low: (-product).addingProduct(a.high, factor) + a.low * factor)
    }

    static func / (a: Pair, divisor: Double) -> Pair {
        let quotient = a.high / divisor
        let rest = a + Pair(-quotient) * divisor
        return Pair(high: quotient, low: rest.high / divisor)
    }
}
