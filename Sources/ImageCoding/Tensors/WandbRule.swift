import MediaCore
import TensorIO

/// What the versions of the wandb SDK do to the numbers of an image, including what they should not do.
///
/// The facts were read off the SDK and its recorded results: NumPy's arithmetic in the array's own type, truncation
/// instead of rounding, and the cast of x86-64 Linux for what C leaves undefined (through int32: 256 → 0, 300.5 → 44,
/// −1 → 255, NaN and infinities → 0).
enum WandbRule: Sendable, Hashable {
    /// `astype(uint8)`.
    case cast
    /// `clip(0, 255).astype(uint8)`.
    case clip
    /// `(x * 255).astype(uint8)`.
    case times255
    /// `(127.5 * (x + 1)).astype(uint8)`.
    case signedUnit
    /// `(x − min) / (max − min)`, then ×255 truncated, or clipped where the greatest quotient is not up to 1.
    case stretch(minimum: Bits, span: Bits, timesBy255: Bool)
    /// `make_grid(normalize=True)`, then ×255 truncated: in float32, for tensors of torch.
    case makeGrid(minimum: Float, span: Float)

    /// A number of any element type by its bits, so that a rule stays a plain value.
    struct Bits: Sendable, Hashable {
        var pattern: UInt64
    }

    /// The rule of `version` for `tensor`.
    ///
    /// - Parameter isTorch: whether the tensor's channels come first, which the SDK takes as the mark of torch.
    /// - Throws: `element-type.invalid` where that version fails on the type.
    static func choose(_ version: WandbVersion, for tensor: Tensor, isTorch: Bool) throws(MediaError) -> WandbRule {
        if version == .v0_31 { return .cast }
        guard tensor.count > 0 else {
            throw MediaError(.shapeInvalid, "shape \(describe(tensor.shape)) holds no pixel", at: .init(field: "shape"))
        }
        let isByteOrFloat = tensor.elementType == .uint8 || tensor.elementType.isFloatingPoint
        guard !isTorch || version != .v0_19 || isByteOrFloat else {
            throw MediaError(
                .elementTypeInvalid,
                "wandb \(version.rawValue) divides a tensor of torch in its own type, which \(tensor.elementType) cannot hold",
                hint: "cast to uint8 or float32", at: .init(field: "dtype"))
        }
        switch tensor.elementType {
        case .bool: return .times255
        case .int8: return try choose(version, tensor, Int8.self)
        case .uint8:
            if isTorch, version == .v0_19 { return makeGridRule(tensor, UInt8.self) }
            return try choose(version, tensor, UInt8.self)
        case .int16: return try choose(version, tensor, Int16.self)
        case .uint16: return try choose(version, tensor, UInt16.self)
        case .int32: return try choose(version, tensor, Int32.self)
        case .uint32: return try choose(version, tensor, UInt32.self)
        case .int64: return try choose(version, tensor, Int64.self)
        case .uint64: return try choose(version, tensor, UInt64.self)
        case .float16: return chooseFloat(version, tensor, Float16.self, isTorch: isTorch)
        case .bfloat16, .float32: return chooseFloat(version, tensor, Float.self, isTorch: isTorch)
        case .float64: return chooseFloat(version, tensor, Double.self, isTorch: isTorch)
        }
    }

    private static func choose<Number: FixedWidthInteger & TensorElement>(
        _ version: WandbVersion, _ tensor: Tensor, _ type: Number.Type
    ) throws(MediaError) -> WandbRule {
        var minimum = Number.max
        var maximum = Number.min
        tensor.forEachNumber(as: type) { x in
            minimum = min(minimum, x)
            maximum = max(maximum, x)
        }
        if minimum >= 0 && maximum <= 1 {
            guard Number.max >= 255 else {
                throw MediaError(
                    .elementTypeInvalid,
                    "wandb \(version.rawValue) multiplies an image of values 0…1 by 255, which \(tensor.elementType) cannot hold",
                    hint: "cast to uint8", at: .init(field: "dtype"))
            }
            return .times255
        }
        switch version {
        case .v0_28:
            return Number.isSigned && minimum == 0 &- 1 && maximum <= 1 ? .signedUnit : .clip
        default:
            guard minimum < 0 else { return .clip }
            let span = maximum &- minimum
            var greatest = -Double.infinity
            var hasNaN = false
            tensor.forEachNumber(as: type) { x in
                let y = Double(x &- minimum) / Double(span)
                if y.isNaN { hasNaN = true } else { greatest = max(greatest, y) }
            }
            return .stretch(
                minimum: Bits(pattern: UInt64(truncatingIfNeeded: minimum)),
                span: Bits(pattern: UInt64(truncatingIfNeeded: span)), timesBy255: !hasNaN && greatest <= 1)
        }
    }

    private static func chooseFloat<Number: WandbFloat>(
        _ version: WandbVersion, _ tensor: Tensor, _ type: Number.Type, isTorch: Bool
    ) -> WandbRule {
        if isTorch, version == .v0_19 { return makeGridRule(tensor, type) }
        var range = Extent<Number>()
        tensor.forEachNumber(as: type) { range.add($0) }
        guard !range.hasNaN else { return .clip }
        if range.minimum >= 0 && range.maximum <= 1 { return .times255 }
        switch version {
        case .v0_28:
            return range.minimum >= -1 && range.maximum <= 1 ? .signedUnit : .clip
        default:
            guard range.minimum < 0 else { return .clip }
            let minimum = range.minimum
            let span = range.maximum - minimum
            var quotients = Extent<Number>()
            tensor.forEachNumber(as: type) { quotients.add(($0 - minimum) / span) }
            return .stretch(
                minimum: Bits(pattern: minimum.pattern), span: Bits(pattern: span.pattern),
                timesBy255: !quotients.hasNaN && quotients.maximum <= 1)
        }
    }

    private static func makeGridRule<Number: TensorElement>(_ tensor: Tensor, _ type: Number.Type) -> WandbRule {
        var range = Extent<Float>()
        tensor.forEachNumber(as: type) { range.add(Float(number: $0)) }
        let minimum = range.hasNaN ? .nan : range.minimum
        let span = range.hasNaN ? .nan : max(range.maximum - range.minimum, 1e-5)
        return .makeGrid(minimum: minimum, span: span)
    }
}

/// The least and greatest of some numbers, infinities among them, as NumPy's `min` and `max` see them.
private struct Extent<Number: BinaryFloatingPoint> {
    var minimum = Number.infinity
    var maximum = -Number.infinity
    var hasNaN = false

    mutating func add(_ x: Number) {
        if x.isNaN { hasNaN = true }
        if x < minimum { minimum = x }
        if x > maximum { maximum = x }
    }
}

/// A float type in whose own arithmetic NumPy works.
protocol WandbFloat: BinaryFloatingPoint, TensorElement {
    /// The bits.
    var pattern: UInt64 { get }
    /// The number with these bits.
    init(pattern: UInt64)
}

extension Float16: WandbFloat {
    var pattern: UInt64 { UInt64(bitPattern) }
    init(pattern: UInt64) { self.init(bitPattern: UInt16(truncatingIfNeeded: pattern)) }
}

extension Float: WandbFloat {
    var pattern: UInt64 { UInt64(bitPattern) }
    init(pattern: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: pattern)) }
}

extension Double: WandbFloat {
    var pattern: UInt64 { bitPattern }
    init(pattern: UInt64) { self.init(bitPattern: pattern) }
}

extension Float {
    fileprivate init(number: some TensorElement) {
        switch number {
        case let x as UInt8: self = Float(x)
        case let x as Float16: self = Float(x)
        case let x as Float: self = x
        case let x as Double: self = Float(x)
        default: self = .nan
        }
    }
}

// MARK: Number by number

extension WandbRule {
    /// Converts `count` packed numbers of `type`, in native order, to bytes.
    @unsafe func convert(
        _ input: UnsafeRawPointer, as type: ElementType, count: Int, to output: UnsafeMutablePointer<UInt8>
    ) {
        switch type {
        case .bool:
            let one: UInt8 = self == .cast ? 1 : 255
            for i in 0..<count {
                unsafe output[i] = unsafe input.load(fromByteOffset: i, as: UInt8.self) == 0 ? 0 : one
            }
        case .int8: unsafe convertIntegers(input, Int8.self, count, output)
        case .uint8: unsafe convertIntegers(input, UInt8.self, count, output)
        case .int16: unsafe convertIntegers(input, Int16.self, count, output)
        case .uint16: unsafe convertIntegers(input, UInt16.self, count, output)
        case .int32: unsafe convertIntegers(input, Int32.self, count, output)
        case .uint32: unsafe convertIntegers(input, UInt32.self, count, output)
        case .int64: unsafe convertIntegers(input, Int64.self, count, output)
        case .uint64: unsafe convertIntegers(input, UInt64.self, count, output)
        case .float16: unsafe convertFloats(input, Float16.self, count, output)
        case .float32: unsafe convertFloats(input, Float.self, count, output)
        case .float64: unsafe convertFloats(input, Double.self, count, output)
        case .bfloat16:
            for i in 0..<count {
                let upper = UInt32(unsafe input.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
                unsafe output[i] = byte(Float(bitPattern: upper << 16))
            }
        }
    }

    private func convertIntegers<Number: FixedWidthInteger & BitwiseCopyable>(
        _ input: UnsafeRawPointer, _ type: Number.Type, _ count: Int, _ output: UnsafeMutablePointer<UInt8>
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: type)
            unsafe output[i] = byte(x)
        }
    }

    private func convertFloats<Number: WandbFloat>(
        _ input: UnsafeRawPointer, _ type: Number.Type, _ count: Int, _ output: UnsafeMutablePointer<UInt8>
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: type)
            unsafe output[i] = byte(x)
        }
    }

    private func byte<Number: FixedWidthInteger>(_ x: Number) -> UInt8 {
        switch self {
        case .cast: return UInt8(truncatingIfNeeded: x)
        case .clip: return UInt8(clamping: x)
        case .times255: return x == 0 ? 0 : 255
        case .signedUnit: return Self.cast(127.5 * (Double(x) + 1))
        case .stretch(let minimum, let span, let timesBy255):
            let distance = x &- Number(truncatingIfNeeded: minimum.pattern)
            let y = Double(distance) / Double(Number(truncatingIfNeeded: span.pattern))
            return timesBy255 ? Self.clipped(Double(Self.int32(y * 255))) : Self.clipped(y)
        case .makeGrid(let minimum, let span): return Self.grid(Float(x), minimum, span)
        }
    }

    private func byte<Number: WandbFloat>(_ x: Number) -> UInt8 {
        switch self {
        case .cast: return Self.cast(Double(x))
        case .clip: return Self.clipped(Double(x))
        case .times255: return Self.cast(Double(x * 255))
        case .signedUnit: return Self.cast(Double(127.5 * (x + 1)))
        case .stretch(let minimum, let span, let timesBy255):
            let y = (x - Number(pattern: minimum.pattern)) / Number(pattern: span.pattern)
            return timesBy255 ? Self.clipped(Double(Self.int32(Double(y * 255)))) : Self.clipped(Double(y))
        case .makeGrid(let minimum, let span): return Self.grid(Float(x), minimum, span)
        }
    }

    /// The cast to int32 of x86-64: towards zero, and the least integer for what does not fit.
    private static func int32(_ x: Double) -> Int32 {
        guard x > -2_147_483_649, x < 2_147_483_648 else { return .min }
        return Int32(x)
    }

    /// The cast to uint8 through int32.
    private static func cast(_ x: Double) -> UInt8 { UInt8(truncatingIfNeeded: int32(x)) }

    /// Clipping keeps a NaN, the cast makes it 0.
    private static func clipped(_ x: Double) -> UInt8 {
        guard !x.isNaN else { return 0 }
        return cast(min(max(x, 0), 255))
    }

    private static func grid(_ x: Float, _ minimum: Float, _ span: Float) -> UInt8 {
        let clamped = max(x, minimum)
        return clipped(Double((clamped - minimum) / span * 255))
    }
}

extension Tensor {
    /// Calls `body` with every number, in C order.
    ///
    /// A `bfloat16` tensor is read as `Float`. The type must be that of the elements.
    func forEachNumber<Number: TensorElement>(as type: Number.Type, _ body: (Number) -> Void) {
        let isWidened = elementType == .bfloat16
        unsafe PackedReader(self).forEachBlock { base, count in
            for i in 0..<count {
                if isWidened {
                    let upper = UInt32(unsafe base.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
                    if let x = Float(bitPattern: upper << 16) as? Number { body(x) }
                } else {
                    body(unsafe base.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: type))
                }
            }
            return true
        }
    }
}
