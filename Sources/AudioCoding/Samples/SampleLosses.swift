import MediaCore
import TensorIO

/// The first numbers of a block that cannot be written as they are.
struct FirstLosses {
    /// Which number is not finite.
    var notFinite: Int?
    /// Which number is clipped, and what it is.
    var clipped: (index: Int, value: Double)?
}

extension SampleConversion {
    /// Looks for the first losses. Only blocks that have some are looked through.
    func firstLosses(in numbers: RawSpan, loudest: Double? = nil) -> FirstLosses {
        var first = FirstLosses()
        guard input.isFloatingPoint else { return first }
        let most: Double =
            switch output {
            case _ where loudest != nil: loudest ?? 1
            case .float64: .infinity
            case .float32: Double(Float.greatestFiniteMagnitude)
            default: 1
            }
        let width = input.byteCount
        let count = numbers.byteCount / width
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockLength) { buffer in
            guard let block = buffer.baseAddress else { return }
            for start in stride(from: 0, to: count, by: Self.blockLength) {
                let end = min(count, start + Self.blockLength)
                unsafe NumberWidening.doubles(
                    numbers.extracting(start * width..<end * width), as: input, forRounding: false, to: block)
                for i in 0..<end - start {
                    let value = unsafe block[i]
                    if !value.isFinite {
                        if first.notFinite == nil { first.notFinite = start + i }
                    } else if value.magnitude > most, first.clipped == nil {
                        first.clipped = (start + i, value)
                    }
                }
                if first.notFinite != nil, first.clipped != nil { return }
            }
        }
        return first
    }
}

/// How loud the integers of a sound are: samples of 16 bits in a wider type are silent, and easy to come by.
struct IntegerLoudness {
    private var type: ElementType?
    /// All bits that magnitudes have.
    private var bits: UInt64 = 0
    private var isLoud = false

    /// Looks at packed numbers, until one is louder than the loudest of 16 bits.
    mutating func add(_ numbers: RawSpan, as type: ElementType) {
        guard !isLoud else { return }
        self.type = type
        switch type {
        case .int32: add(numbers, Int32.self, 0)
        case .uint32: add(numbers, Int32.self, .min)
        case .int64: add(numbers, Int64.self, 0)
        case .uint64: add(numbers, Int64.self, .min)
        default: isLoud = true
        }
        if bits >> 15 != 0 { isLoud = true }
    }

    private mutating func add<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ numbers: RawSpan, _ type: Number.Type, _ zero: Number
    ) {
        let width = MemoryLayout<Number>.size
        var all: Number = 0
        unsafe numbers.withUnsafeBytes { bytes in
            for i in 0..<bytes.count / width {
                let number = unsafe bytes.loadUnaligned(fromByteOffset: i &* width, as: type) ^ zero
                all |= number ^ (number &>> (Number.bitWidth - 1))
            }
        }
        bits |= UInt64(truncatingIfNeeded: all)
    }

    /// A warning for numbers that are all within 16 bits of a wider type; none for silence itself.
    var finding: Finding? {
        guard let type, !isLoud, bits != 0 else { return nil }
        return .warning(
            .soundSilent, "all numbers are within 16 bits of \(type), whose full range is the loudest sound",
            path: "samples", value: type.rawValue, hint: "save them as int16, if that is what they are")
    }
}
