import MediaCore
import TensorIO
import TestSupport

/// A tensor with random memory: axes in any order, gaps between elements, reversed axes, foreign byte order. Its numbers
/// are kept beside it as doubles, in C order, so that an expectation never has to read the tensor.
struct RandomTensor {
    let tensor: Tensor
    /// The numbers in C order, exactly; 64-bit integers are kept within ±2⁵³.
    let values: [Double]

    /// - Parameters:
    ///   - values: rounded to what the type holds; what is kept are the rounded numbers.
    ///   - isPlain: C order, native byte order, no gaps.
    init(
        _ type: ElementType, shape: [Int], values: [Double], isPlain: Bool = false,
        using generator: inout SeededGenerator
    ) throws {
        var memoryOrder = Array(shape.indices)
        var steps = [Int](repeating: 1, count: shape.count)
        var isReversed = [Bool](repeating: false, count: shape.count)
        var isBig = false
        if !isPlain {
            if generator.chance(0.6) {
                for i in memoryOrder.indices { memoryOrder.swapAt(i, generator.integer(i...memoryOrder.count - 1)) }
            }
            for axis in shape.indices {
                if generator.chance(0.15) { steps[axis] = 2 }
                isReversed[axis] = generator.chance(0.15)
            }
            isBig = generator.chance(0.25)
        }
        let width = type.byteCount
        let lead = isPlain ? 0 : generator.below(9)
        var strides = [Int](repeating: 0, count: shape.count)
        var distance = width
        for axis in memoryOrder.reversed() {
            strides[axis] = distance * steps[axis]
            distance *= steps[axis] * shape[axis]
        }
        // A byte more or less between rows: nothing need be aligned.
        var offset = lead
        for axis in shape.indices where isReversed[axis] {
            offset += strides[axis] * (shape[axis] - 1)
            strides[axis] = -strides[axis]
        }
        var storage = isPlain ? [UInt8](repeating: 0, count: lead + distance) : generator.bytes(lead + distance)
        var kept: [Double] = []
        kept.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: shape.count)
        for value in values {
            let (pattern, number) = Self.element(value, type)
            kept.append(number)
            var place = offset
            for axis in shape.indices { place += index[axis] * strides[axis] }
            for byte in 0..<width {
                storage[place + (isBig ? width - 1 - byte : byte)] = UInt8(truncatingIfNeeded: pattern >> (8 * byte))
            }
            for axis in shape.indices.reversed() {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
            }
        }
        self.values = kept
        tensor = try Tensor(
            storage: .array(storage), elementType: type, shape: shape, strides: strides, offset: offset,
            byteOrder: isBig ? .big : .little)
    }

    /// The bits of an element, and the number that they are.
    static func element(_ value: Double, _ type: ElementType) -> (pattern: UInt64, number: Double) {
        func integer(_ low: Double, _ high: Double) -> (UInt64, Double) {
            let number = (value.isNaN ? 0 : min(max(value, low), high)).rounded(.towardZero)
            return (UInt64(bitPattern: Int64(number)), number)
        }
        switch type {
        case .bool: return value != 0 ? (1, 1) : (0, 0)
        case .int8: return integer(-128, 127)
        case .uint8: return integer(0, 255)
        case .int16: return integer(-32768, 32767)
        case .uint16: return integer(0, 65535)
        case .int32: return integer(-0x1p31, 0x1p31 - 1)
        case .uint32: return integer(0, 0x1p32 - 1)
        case .int64: return integer(-0x1p53, 0x1p53)
        case .uint64: return integer(0, 0x1p53)
        case .float16: return (UInt64(Float16(value).bitPattern), Double(Float16(value)))
        case .bfloat16:
            let upper = value.isNaN ? 0x7FC0 : Float(value).bitPattern >> 16
            return (UInt64(upper), Double(Float(bitPattern: upper << 16)))
        case .float32: return (UInt64(Float(value).bitPattern), Double(Float(value)))
        case .float64: return (value.bitPattern, value)
        }
    }

    /// Random numbers of a kind that tensors hold: all alike in range, some with numbers that are not finite.
    static func numbers(_ count: Int, _ type: ElementType, using generator: inout SeededGenerator) -> [Double] {
        let ranges: [ClosedRange<Double>]
        if type.isFloatingPoint {
            ranges = [
                0...1, 0...1, -0.05...1.05, -1...1, -1.04...1.04, 0...255, -13...268, -50...3000, 1e6...1.00002e6,
            ]
        } else {
            ranges = [0...1.99, 0...255, 0...255, -300...600, -0x1p53...0x1p53]
        }
        let range = generator.pick(ranges)
        let edges: [Double] = [0, 1, -1, 255, 0.5 / 255, 127.5 / 255, 0.002, -0.0, range.lowerBound, range.upperBound]
        let edgeChance = generator.pick([0, 0.05, 0.9])
        let isConstant = generator.chance(0.04)
        let holes = type.isFloatingPoint && generator.chance(0.2) ? generator.pick([0.01, 0.3, 1]) : 0
        let constant = generator.double(range.lowerBound, range.upperBound)
        return (0..<count).map { _ in
            if holes > 0, generator.chance(holes) { return generator.pick([Double.nan, .infinity, -.infinity]) }
            if isConstant { return constant }
            if edgeChance > 0, generator.chance(edgeChance) {
                return min(max(generator.pick(edges), range.lowerBound), range.upperBound)
            }
            return generator.double(range.lowerBound, range.upperBound)
        }
    }
}
