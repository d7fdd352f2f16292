import MediaCore
import TensorIO

/// One look at every number of a tensor: which are no class ids, and how often each id occurs.
struct MaskScan {
    /// How often each id occurs: 256 of them for types of a byte, else 65,536; none before anything was looked at.
    private var histogram: [Int] = []
    private(set) var negative = Offence()
    private(set) var fractional = Offence()
    private(set) var notFinite = Offence()
    private(set) var tooLarge = Offence()
    /// Whether a boolean is stored as anything but 0 and 1.
    private(set) var hasOddBools = false

    /// The greatest id.
    private(set) var greatest = 0

    /// The greatest id there may be.
    static let mostID = 65535

    /// Nothing was looked at.
    init() {}

    /// Looks at all numbers. Ids are handed to `receive` as 16-bit numbers, block by block in C order; it is not called for
    /// tensors of `uint8` and `bool`, and what is no id is 0 there.
    @unsafe init(_ tensor: Tensor, receive: ((UnsafePointer<UInt16>, Int) -> Void)? = nil) {
        let size = 4096
        histogram = [Int](repeating: 0, count: tensor.elementType.byteCount == 1 ? 256 : Self.mostID + 1)
        unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: size) { ids in
            guard let ids = ids.baseAddress else { return }
            var place = 0
            unsafe PackedReader(tensor).forEachBlock(of: size) { numbers, count in
                if tensor.elementType.byteCount == 1, tensor.elementType != .int8 {
                    unsafe addBytes(numbers, count, isBool: tensor.elementType == .bool)
                } else {
                    unsafe convert(numbers, count, of: tensor.elementType, from: place, to: ids)
                    unsafe histogram.withUnsafeMutableBufferPointer { histogram in
                        guard let counts = histogram.baseAddress else { return }
                        unsafe MaskLoops.count(ids, count: count, into: counts)
                    }
                    unsafe receive?(UnsafePointer(ids), count)
                }
                place += count
                return true
            }
        }
        // What is no id was counted as 0.
        histogram[0] -= negative.count + fractional.count + notFinite.count + tooLarge.count
        greatest = histogram.lastIndex { $0 > 0 } ?? 0
    }

    /// The classes that occur, by number.
    var classes: [SegmentationMask.ClassCount] {
        histogram.enumerated().compactMap { id, count in
            count > 0 ? SegmentationMask.ClassCount(id: id, pixelCount: count) : nil
        }
    }

    @unsafe private mutating func addBytes(_ numbers: UnsafeRawPointer, _ count: Int, isBool: Bool) {
        let bytes = unsafe numbers.assumingMemoryBound(to: UInt8.self)
        guard isBool else {
            unsafe histogram.withUnsafeMutableBufferPointer { histogram in
                guard let counts = histogram.baseAddress else { return }
                unsafe MaskLoops.count(bytes, count: count, into: counts)
            }
            return
        }
        var set = 0
        var all: UInt8 = 0
        for i in 0..<count {
            all |= unsafe bytes[i]
            set &+= unsafe bytes[i] == 0 ? 0 : 1
        }
        if all > 1 { hasOddBools = true }
        histogram[1] += set
        histogram[0] += count - set
    }

    @unsafe private mutating func convert(
        _ numbers: UnsafeRawPointer, _ count: Int, of type: ElementType, from place: Int,
        to ids: UnsafeMutablePointer<UInt16>
    ) {
        switch type {
        case .int8: unsafe convertIntegers(Int8.self, numbers, count, place, ids)
        case .int16: unsafe convertIntegers(Int16.self, numbers, count, place, ids)
        case .int32: unsafe convertIntegers(Int32.self, numbers, count, place, ids)
        case .int64: unsafe convertIntegers(Int64.self, numbers, count, place, ids)
        case .bool, .uint8: unsafe convertIntegers(UInt8.self, numbers, count, place, ids)
        case .uint16: unsafe convertIntegers(UInt16.self, numbers, count, place, ids)
        case .uint32: unsafe convertIntegers(UInt32.self, numbers, count, place, ids)
        case .uint64: unsafe convertIntegers(UInt64.self, numbers, count, place, ids)
        case .float16:
            unsafe convertFloats(UInt16.self, numbers, count, place, ids) { halfToFloat($0) }
        case .bfloat16:
            unsafe convertFloats(UInt16.self, numbers, count, place, ids) { Float(bitPattern: UInt32($0) << 16) }
        case .float32: unsafe convertFloats(UInt32.self, numbers, count, place, ids) { Float(bitPattern: $0) }
        case .float64: unsafe convertFloats(UInt64.self, numbers, count, place, ids) { Double(bitPattern: $0) }
        }
    }

    /// A block is narrowed without a branch; it is looked at again when something in it was no id.
    @inline(always)
    @unsafe private mutating func convertIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type, _ numbers: UnsafeRawPointer, _ count: Int, _ place: Int,
        _ ids: UnsafeMutablePointer<UInt16>
    ) {
        let width = MemoryLayout<Value>.size
        var others: Value = 0
        for i in 0..<count {
            let value = unsafe numbers.loadUnaligned(fromByteOffset: i &* width, as: type)
            // Bits that no id has; the sign is one of them.
            others |= Value.bitWidth > 16 || Value.isSigned ? value & ~Value(truncatingIfNeeded: Self.mostIn(type)) : 0
            unsafe ids[i] = UInt16(truncatingIfNeeded: value)
        }
        guard others != 0 else { return }
        for i in 0..<count {
            let value = unsafe numbers.loadUnaligned(fromByteOffset: i &* width, as: type)
            if value < 0 {
                negative.add(at: place + i, String(value))
            } else if value > Value(truncatingIfNeeded: Self.mostIn(type)) {
                tooLarge.add(at: place + i, String(value))
            } else {
                continue
            }
            unsafe ids[i] = 0
        }
    }

    /// The greatest id that a type holds.
    @inline(always)
    private static func mostIn<Value: FixedWidthInteger>(_: Value.Type) -> Int {
        let bits = Value.isSigned ? Value.bitWidth - 1 : Value.bitWidth
        return bits >= 16 ? mostID : (1 << bits) - 1
    }

    @inline(always)
    @unsafe private mutating func convertFloats<Bits: FixedWidthInteger & BitwiseCopyable, Real: BinaryFloatingPoint>(
        _ type: Bits.Type, _ numbers: UnsafeRawPointer, _ count: Int, _ place: Int,
        _ ids: UnsafeMutablePointer<UInt16>, _ real: (Bits) -> Real
    ) {
        for i in 0..<count {
            let value = real(
                unsafe numbers.loadUnaligned(fromByteOffset: i &* MemoryLayout<Bits>.size, as: type))
            // The comparisons are false for NaN, and no number that passes them is too large to be converted.
            if value >= 0, value <= Real(Self.mostID) {
                let id = Int32(value)
                if Real(id) == value {
                    unsafe ids[i] = UInt16(truncatingIfNeeded: id)
                    continue
                }
            }
            unsafe ids[i] = 0
            add(Double(value), at: place + i)
        }
    }

    private mutating func add(_ value: Double, at place: Int) {
        if !value.isFinite {
            notFinite.add(at: place, "\(value)")
        } else if value != value.rounded(.towardZero) {
            fractional.add(at: place, "\(value)")
        } else if value < 0 {
            negative.add(at: place, "\(value)")
        } else {
            tooLarge.add(at: place, "\(value)")
        }
    }
}
