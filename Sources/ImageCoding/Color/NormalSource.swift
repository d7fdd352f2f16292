public import MediaCore
public import TensorIO

/// Surface normals in colours: x is red, y green, z blue, −1 is 0 and 1 is 255.
///
/// A part becomes `(n·127.5) + 127.5` in float32, rounded half to even; the vectors are not made unit length. Parts outside
/// −1…1 are clipped and counted, a part that is not finite becomes 0 and is counted.
public struct NormalSource: PixelSource {
    /// What was decided: the layout, and −1…1.
    public internal(set) var facts: PixelFacts
    private let field: NumberField

    /// The normals in `tensor`.
    ///
    /// - Parameters:
    ///   - tensor: H × W × 3 or 3 × H × W numbers of any type; computed in float32.
    ///   - layout: `hwc` or `chw`; inferred when left out, the last axis first.
    /// - Throws: `shape.invalid` for other shapes.
    public init(_ tensor: Tensor, layout: ImageLayout? = nil) throws(MediaError) {
        self = NormalSource(try NumberField(tensor, channels: 3, layout: layout, name: "surface normals"))
    }

    /// The normals of a batch.
    static func batch(_ tensors: [Tensor], layout: ImageLayout?, isBatch: Bool) throws(MediaError) -> [NormalSource] {
        try NumberField.batch(
            tensors, channels: 3, layout: layout, name: "surface normals", isBatch: isBatch
        ).map { NormalSource($0) }
    }

    private init(_ field: NumberField) {
        self.field = field
        var facts = PixelFacts()
        facts.layout = field.layoutName
        facts.layoutWasInferred = field.layoutWasInferred
        facts.findings = field.findings
        facts.mapping = AppliedMapping(name: "normals", low: -1, high: 1, wasInferred: false)
        self.facts = facts
    }

    /// How many pixels a row has.
    public var width: Int { field.width }
    /// How many rows there are.
    public var height: Int { field.height }
    /// Colours of 8 bits.
    public var format: PixelFormat { .rgb }

    /// Colours the vectors of `rows`.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let width = width
        var counts = PixelTally()
        unsafe band.withUnsafeMutableBytes { band in
            unsafe field.forEachRow(in: rows) { row, numbers in
                let start = (row - rows.lowerBound) * width * 3
                var low = 0, high = 0, bad = 0
                for channel in 0..<3 {
                    for x in 0..<width {
                        let value = unsafe numbers[channel &* width &+ x]
                        low &+= value < -1 && value.isFinite ? 1 : 0
                        high &+= value > 1 && value.isFinite ? 1 : 0
                        bad &+= value.isFinite ? 0 : 1
                        let scaled = value * 127.5 + 127.5
                        let positive = scaled > 0 && value.isFinite ? scaled : 0
                        let shown = positive < 255 ? positive : 255
                        // Adding 2²³ leaves the nearest whole number in the low bits.
                        unsafe band[start &+ 3 &* x &+ channel] = UInt8(
                            truncatingIfNeeded: (shown + 8_388_608).bitPattern)
                    }
                }
                counts.clippedLow += low
                counts.clippedHigh += high
                counts.notFinite += bad
                if bad > 0, counts.firstNotFinite == nil { unsafe counts.firstNotFinite = firstNotFinite(row, numbers) }
            }
        }
        tally.add(counts)
    }

    private func firstNotFinite(_ row: Int, _ numbers: UnsafePointer<Float>) -> [Int]? {
        for x in 0..<width {
            for channel in 0..<3 where unsafe !numbers[channel * width + x].isFinite {
                return field.index(row: row, column: x, channel: channel)
            }
        }
        return nil
    }
}
