public import MediaCore
public import TensorIO

/// Optical flow in colours: direction is hue, length is saturation, stillness is white.
///
/// The colours are those of the Middlebury evaluation (Baker et al. 2011), equal to its rule to the pixel. A vector that
/// is not finite, or of a part above 10⁹ as in files with unknown flow, is black and counted in `notFinite`; one longer
/// than a stated scale is darkened and counted in `clippedHigh`.
public struct FlowSource: PixelSource {
    /// Which length has full colour.
    public enum Scale: Sendable, Hashable {
        /// The longest finite vector of the tensor, which is looked for once when the source is made.
        case longest
        /// This length, in the unit of the tensor; positive.
        case length(Double)
    }

    /// What was decided: the layout, and lengths from 0 to the scale.
    public internal(set) var facts: PixelFacts
    private let field: NumberField
    private let wheel: FlowWheel
    private let scale: Double

    /// Parts beyond this mean that the flow is not known.
    private static let unknown: Float = 1e9

    /// The flow in `tensor`: horizontal, then vertical part (to the right, downwards).
    ///
    /// - Parameters:
    ///   - tensor: H × W × 2 or 2 × H × W numbers of any type; computed in float32.
    ///   - layout: `hwc` or `chw`; inferred when left out, the last axis first.
    ///   - scale: which length has full colour.
    /// - Throws: `shape.invalid` for other shapes, `argument.invalid` for a scale that is not positive and finite.
    public init(_ tensor: Tensor, layout: ImageLayout? = nil, scale: Scale = .longest) throws(MediaError) {
        self = try FlowSource.batch([tensor], layout: layout, scale: scale, isBatch: false)[0]
    }

    /// The flows of a batch, on one scale.
    static func batch(
        _ tensors: [Tensor], layout: ImageLayout?, scale: Scale, isBatch: Bool
    ) throws(MediaError) -> [FlowSource] {
        let fields = try NumberField.batch(
            tensors, channels: 2, layout: layout, name: "optical flow", isBatch: isBatch)
        var longest = 0.0
        switch scale {
        case .length(let length):
            guard length > 0, length.isFinite else {
                throw MediaError(
                    .argumentInvalid, "a flow scale of \(length)",
                    hint: "choose a positive length, or the longest vector",
                    at: .init(field: "scale"))
            }
            longest = length
        case .longest:
            for field in fields { longest = max(longest, FlowSource.longest(in: field)) }
        }
        return fields.map { FlowSource($0, scale: longest > 0 ? longest : 1, wasInferred: scale == .longest) }
    }

    private init(_ field: NumberField, scale: Double, wasInferred: Bool) {
        self.field = field
        self.scale = scale
        wheel = FlowWheel()
        var facts = PixelFacts()
        facts.layout = field.layoutName
        facts.layoutWasInferred = field.layoutWasInferred
        facts.findings = field.findings
        facts.mapping = AppliedMapping(name: "flow", low: 0, high: scale, wasInferred: wasInferred)
        self.facts = facts
    }

    private static func longest(in field: NumberField) -> Double {
        let width = field.width
        var longest = 0.0
        unsafe field.forEachRow(in: 0..<field.height) { _, numbers in
            for x in 0..<width {
                let u = unsafe numbers[x], v = unsafe numbers[width + x]
                guard FlowSource.isKnown(u, v) else { continue }
                longest = max(longest, (Double(u) * Double(u) + Double(v) * Double(v)).squareRoot())
            }
        }
        return longest
    }

    /// How many pixels a row has.
    public var width: Int { field.width }
    /// How many rows there are.
    public var height: Int { field.height }
    /// Colours of 8 bits.
    public var format: PixelFormat { .rgb }

    private static func isKnown(_ u: Float, _ v: Float) -> Bool { u.magnitude <= unknown && v.magnitude <= unknown }

    /// Colours the vectors of `rows`.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let width = width
        var counts = PixelTally()
        unsafe band.withUnsafeMutableBytes { band in
            unsafe field.forEachRow(in: rows) { row, numbers in
                let start = (row - rows.lowerBound) * width * 3
                for x in 0..<width {
                    let u = unsafe numbers[x], v = unsafe numbers[width + x]
                    var color: (UInt8, UInt8, UInt8) = (0, 0, 0)
                    if FlowSource.isKnown(u, v) {
                        let (right, down) = (Double(u) / scale, Double(v) / scale)
                        color = wheel.color(right, down)
                        if right * right + down * down > 1.0000001 { counts.clippedHigh += 1 }
                    } else {
                        counts.notFinite += 1
                        if counts.firstNotFinite == nil {
                            let channel = u.magnitude <= FlowSource.unknown ? 1 : 0
                            counts.firstNotFinite = field.index(row: row, column: x, channel: channel)
                        }
                    }
                    unsafe band[start + 3 * x] = color.0
                    unsafe band[start + 3 * x + 1] = color.1
                    unsafe band[start + 3 * x + 2] = color.2
                }
            }
        }
        tally.add(counts)
    }
}
