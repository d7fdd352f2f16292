public import MediaCore
public import TensorIO

/// Depth, or another positive quantity that spans magnitudes, in the colours of a map: as logarithm or as inverse.
///
/// Values that say nothing, zero, negative or not finite, get a colour of their own and are counted in `notFinite` (their
/// logarithm or inverse is not finite). The 255 other entries of the palette are the map, evenly spread; a value's entry is
/// `254·(c − low)/(high − low)` rounded to nearest, where *c* is its code.
public struct DepthSource: PixelSource {
    /// What becomes of a value.
    public enum Coding: String, Sendable, Hashable, CaseIterable {
        /// Its natural logarithm: near is low.
        case logarithm
        /// One over it: near is high, as in disparity.
        case inverse
        /// The value itself: near is low.
        case value
    }

    /// Which values get the ends of the map.
    public enum Range: Sendable, Hashable {
        /// These percentiles of the valid values, 0…100, as `numpy.percentile` computes them, in float32.
        case percentile(Double, Double)
        /// The nearest and the farthest value; positive.
        case between(Double, Double)
    }

    /// What was decided: the layout, the nearest and farthest value.
    public internal(set) var facts: PixelFacts
    /// The colour of values that say nothing, then the map.
    public let palette: Palette?
    /// What becomes of a value.
    public let coding: Coding

    private let field: NumberField
    private let low: Double
    private let scale: Double

    /// The depths in `tensor`.
    ///
    /// - Parameters:
    ///   - tensor: H × W, H × W × 1 or 1 × H × W numbers of any type; read as float32.
    ///   - layout: `hw`, `hwc` or `chw`; inferred when left out.
    ///   - coding: what becomes of a value.
    ///   - range: which values get the ends of the map. Percentiles read the tensor twice and take up to 2 MiB.
    ///   - map: the colours.
    ///   - invalid: the colour of values that say nothing.
    /// - Throws: `shape.invalid` for other shapes, `argument.invalid` for a range that is none.
    public init(
        _ tensor: Tensor, layout: ImageLayout? = nil, coding: Coding = .logarithm, range: Range = .percentile(1, 99),
        map: ColorMap = .turbo, invalid: Palette.Color = .black
    ) throws(MediaError) {
        self = try DepthSource.batch(
            [tensor], layout: layout, coding: coding, range: range, map: map, invalid: invalid, isBatch: false)[0]
    }

    /// The depths of a batch, on one scale.
    static func batch(
        _ tensors: [Tensor], layout: ImageLayout?, coding: Coding, range: Range, map: ColorMap,
        invalid: Palette.Color = .black, isBatch: Bool
    ) throws(MediaError) -> [DepthSource] {
        let fields = try NumberField.batch(tensors, channels: 1, layout: layout, name: "depth", isBatch: isBatch)
        let (near, far) = try DepthSource.ends(range, of: fields)
        var wasInferred = false
        if case .percentile = range { wasInferred = true }
        let palette = Palette(unchecked: [invalid] + map.colors(255))
        return fields.map { field in
            DepthSource(field, coding, near: near, far: far, palette: palette, wasInferred: wasInferred)
        }
    }

    private init(
        _ field: NumberField, _ coding: Coding, near: Double, far: Double, palette: Palette, wasInferred: Bool
    ) {
        self.field = field
        self.coding = coding
        self.palette = palette
        let a = DepthSource.code(near, coding), b = DepthSource.code(far, coding)
        low = min(a, b)
        scale = a == b ? 0 : 254 / (a - b).magnitude
        var facts = PixelFacts()
        facts.layout = field.layoutName
        facts.layoutWasInferred = field.layoutWasInferred
        facts.findings = field.findings
        facts.mapping = AppliedMapping(
            name: coding == .value ? "depth" : coding.rawValue + " depth", low: near, high: far,
            wasInferred: wasInferred)
        self.facts = facts
    }

    /// How many pixels a row has.
    public var width: Int { field.width }
    /// How many rows there are.
    public var height: Int { field.height }
    /// Indices of 8 bits.
    public var format: PixelFormat { .indexed }

    private static func ends(_ range: Range, of fields: [NumberField]) throws(MediaError) -> (Double, Double) {
        switch range {
        case .between(let near, let far):
            guard near > 0, near < far, far.isFinite, (1 / near).isFinite else {
                throw MediaError(
                    .argumentInvalid, "a depth range of \(near) to \(far)",
                    hint: "choose positive numbers, the nearest first", at: .init(field: "range"))
            }
            return (near, far)
        case .percentile(let low, let high):
            guard low >= 0, low < high, high <= 100 else {
                throw MediaError(
                    .argumentInvalid, "percentiles \(low) and \(high)", hint: "choose 0 to 100, the lower first",
                    at: .init(field: "range"))
            }
            // Positive floats are ordered as their bits are.
            let ends = Percentiles.of(at: [low, high], bits: 32) { body in
                for field in fields {
                    let width = field.width
                    unsafe field.forEachRow(in: 0..<field.height) { _, numbers in
                        for x in 0..<width {
                            let value = unsafe numbers[x]
                            if value > 0, value < .infinity { body(UInt64(value.bitPattern)) }
                        }
                    }
                }
            } value: {
                Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))
            }
            guard let ends else { return (1, 1) }
            return (ends[0], ends[1])
        }
    }

    @inline(__always)
    private static func code(_ value: Double, _ coding: Coding) -> Double {
        switch coding {
        case .logarithm: RepeatableMath.log(value)
        case .inverse: 1 / value
        case .value: value
        }
    }

    /// Codes the values of `rows`.
    public func fill(
        rows: Swift.Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let width = width
        var counts = PixelTally()
        unsafe band.withUnsafeMutableBytes { band in
            unsafe field.forEachRow(in: rows) { row, numbers in
                let start = (row - rows.lowerBound) * width
                for x in 0..<width {
                    let value = unsafe numbers[x]
                    guard value > 0, value < .infinity else {
                        counts.notFinite += 1
                        if counts.firstNotFinite == nil {
                            counts.firstNotFinite = field.index(row: row, column: x, channel: 0)
                        }
                        unsafe band[start + x] = 0
                        continue
                    }
                    let place = (DepthSource.code(Double(value), coding) - low) * scale
                    // Half an entry is let pass: the ends themselves are rounded numbers.
                    if place < -0.5 { counts.clippedLow += 1 }
                    if place > 254.5 { counts.clippedHigh += 1 }
                    let shown = max(0, min(254, place))
                    unsafe band[start + x] = UInt8(truncatingIfNeeded: 1 + Int(shown + 0.5))
                }
            }
        }
        tally.add(counts)
    }
}
