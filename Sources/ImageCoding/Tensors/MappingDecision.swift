public import MediaCore
import TensorIO

/// What was decided about the values of one tensor: made once, shared by every picture that is cut from it.
struct MappingDecision: Sendable {
    /// What the inner loop does.
    var rule: SampleRule
    /// How many bits a sample gets: 1 for truth values, 8 or 16.
    var bits: Int
    /// What is said about it.
    var applied: AppliedMapping
    /// Guesses and losses that were seen while deciding.
    var findings: [Finding] = []
    /// Whether the layout follows from the shape.
    var layoutWasInferred = false

    /// Decides how the numbers of `tensor` become samples.
    ///
    /// - Parameters:
    ///   - tensor: the whole tensor, all pictures of it.
    ///   - mapping: what the caller asked for.
    ///   - bits: 8 or 16 where the caller asked for a depth, `nil` for what loses nothing.
    ///   - isTorch: whether channels come first; only the wandb rules ask.
    ///   - range: the values that decide, when the tensor is one of several; its own when `nil`.
    init(
        _ tensor: Tensor, mapping: ValueMapping, bits: Int?, isTorch: Bool, over range: TensorRange? = nil
    ) throws(MediaError) {
        switch mapping {
        case .wandb(let version):
            let rule = try WandbRule.choose(version, for: tensor, isTorch: isTorch)
            self.init(rule: .wandb(rule), bits: 8, name: mapping.description, low: 0, high: 255)
        case .automatic:
            try self.init(automatic: tensor, bits: bits, over: range)
        case .unit:
            self.init(tensor, name: "unit", low: 0, high: 1, bits: bits)
        case .signedUnit:
            self.init(tensor, name: "signed-unit", low: -1, high: 1, bits: bits)
        case .byte:
            self.init(tensor, name: "byte", low: 0, high: 255, bits: bits)
        case .range(let low, let high):
            guard low.isFinite, high.isFinite, low != high else {
                throw MediaError(
                    .argumentInvalid, "the range \(low)…\(high) has no width", hint: "give two different numbers",
                    at: .init(field: "mapping"))
            }
            self.init(tensor, name: "range", low: low, high: high, bits: bits)
        case .minMax:
            let range = range ?? tensor.scanRange()
            self.init(tensor, name: "min-max", low: range.minimum ?? 0, high: range.maximum ?? 0, bits: bits)
            note(range)
        case .percentile(let low, let high):
            guard (0...100).contains(low), (0...100).contains(high), low < high else {
                throw MediaError(
                    .argumentInvalid, "percentiles \(low) and \(high) are not 0 ≤ low < high ≤ 100",
                    hint: "for example 1 and 99", at: .init(field: "mapping"))
            }
            guard range == nil else {
                throw MediaError(
                    .argumentInvalid, "percentiles of several tensors are not looked for",
                    hint: "stack them in one tensor, or state a range", at: .init(field: "mapping"))
            }
            let values = Percentiles.of(tensor, at: [low, high])
            self.init(tensor, name: "percentile", low: values?[0] ?? 0, high: values?[1] ?? 0, bits: bits)
            applied.clipsOnPurpose = true
        }
    }

    private init(rule: SampleRule, bits: Int, name: String, low: Double, high: Double, wasInferred: Bool = false) {
        self.rule = rule
        self.bits = bits
        applied = AppliedMapping(name: name, low: low, high: high, wasInferred: wasInferred)
    }

    /// A stated range. Float32 and what it holds exactly is computed in float32.
    private init(_ tensor: Tensor, name: String, low: Double, high: Double, bits: Int?, wasInferred: Bool = false) {
        let bits = bits == 16 ? 16 : 8
        let narrow = tensor.elementType.isFloatingPoint && tensor.elementType != .float64
        self.init(
            rule: .linear(low: low, high: high, maximum: (1 << bits) - 1, narrow: narrow), bits: bits, name: name,
            low: low, high: high, wasInferred: wasInferred)
    }

    // MARK: Automatic

    private init(automatic tensor: Tensor, bits: Int?, over range: TensorRange?) throws(MediaError) {
        switch tensor.elementType {
        case .bool:
            self.init(rule: .boolean, bits: bits ?? 1, name: "bool", low: 0, high: 1)
        case .uint8:
            self.init(
                rule: bits == 16 ? .linear(low: 0, high: 255, maximum: 65535, narrow: false) : .copy, bits: bits ?? 8,
                name: "integer", low: 0, high: 255)
            warnIfBinary(tensor, range)
        case .uint16:
            self.init(
                rule: bits == 8 ? .linear(low: 0, high: 65535, maximum: 255, narrow: false) : .copy, bits: bits ?? 16,
                name: "integer", low: 0, high: 65535)
            if bits == 8 {
                findings.append(
                    .warning(
                        .valueNarrowed, "16-bit values are shown in 8 bits, 257 of them as one",
                        path: "mapping", hint: "leave the mode out for a 16-bit picture, or give a range"))
            }
        case .int8, .int16, .int32, .uint32, .int64, .uint64:
            self.init(tensor, name: "integer", low: 0, high: 255, bits: bits)
            warnIfBinary(tensor, range)
        case .float16, .bfloat16, .float32, .float64:
            self.init(floats: tensor, bits: bits, range ?? tensor.scanRange())
        }
    }

    /// Floats say by their range what they mean; where they do not, they are stretched and the report says so.
    private init(floats tensor: Tensor, bits: Int?, _ range: TensorRange) {
        guard let low = range.minimum, let high = range.maximum else {
            self.init(tensor, name: "unit", low: 0, high: 1, bits: bits, wasInferred: true)
            note(range)
            if range.count > 0 {
                findings.append(
                    .warning(
                        .valueRangeGuessed, "no value is finite, so the picture is black", path: "mapping",
                        hint: "see where the tensor comes from"))
            }
            return
        }
        // The bounds of the rule are numbers of the tensor's type: the float32 next to −0.05 lies below it and is meant.
        func bound(_ value: Double) -> Double {
            switch tensor.elementType {
            case .float32: Double(Float(value))
            case .bfloat16: Double(Float(bitPattern: (Float(value).bitPattern &+ 0x8000) & 0xFFFF_0000))
            default: value
            }
        }
        if low >= bound(-0.05), high <= bound(1.05) {
            self.init(tensor, name: "unit", low: 0, high: 1, bits: bits, wasInferred: true)
        } else if low >= bound(-1.05), high <= bound(1.05) {
            self.init(tensor, name: "signed-unit", low: -1, high: 1, bits: bits, wasInferred: true)
        } else if low >= -13, high <= 268, high >= 8 {
            self.init(tensor, name: "byte", low: 0, high: 255, bits: bits, wasInferred: true)
        } else {
            self.init(tensor, name: "min-max", low: low, high: high, bits: bits, wasInferred: true)
            findings.append(
                .warning(
                    .valueRangeGuessed,
                    "values from \(short(low)) to \(short(high)) are neither 0…1, −1…1 nor 0…255; they are stretched to black…white",
                    path: "mapping", value: "\(low)…\(high)",
                    hint: "state a range: unit, signed-unit, byte, min-max, percentile:1:99 or LOW:HIGH"))
        }
        note(range)
    }

    private mutating func note(_ range: TensorRange) {
        if let low = range.minimum, let high = range.maximum { applied.observed = low...high }
    }

    /// Integers of 0 and 1 alone are nearly black as a picture: most likely they are a mask.
    private mutating func warnIfBinary(_ tensor: Tensor, _ range: TensorRange?) {
        let isBinary = range.map { $0.minimum ?? 0 >= 0 && $0.maximum == 1 } ?? tensor.holdsOnlyZeroAndOne()
        guard isBinary else { return }
        findings.append(
            .warning(
                .valueRangeBinary, "all values are 0 or 1, which is nearly black on the scale 0…255", path: "mapping",
                hint: "save a bool tensor, or state the range 0:1"))
    }
}

extension MediaError.Code {
    /// Samples were stored with fewer bits than the values have.
    public static let valueNarrowed: Self = "value-range.narrowed"
    /// Integers hold nothing but 0 and 1, and are read on the scale 0…255.
    public static let valueRangeBinary: Self = "value-range.binary"
}

extension Tensor {
    /// Whether an integer tensor holds 0 and 1 only, and a 1 at all. Stops soon after the first other value.
    func holdsOnlyZeroAndOne() -> Bool {
        switch elementType.byteCount {
        case 1: holdsOnlyZeroAndOne(as: UInt8.self)
        case 2: holdsOnlyZeroAndOne(as: UInt16.self)
        case 4: holdsOnlyZeroAndOne(as: UInt32.self)
        default: holdsOnlyZeroAndOne(as: UInt64.self)
        }
    }

    private func holdsOnlyZeroAndOne<Bits: FixedWidthInteger & BitwiseCopyable>(as type: Bits.Type) -> Bool {
        var seen: Bits = 0
        unsafe PackedReader(inMemoryOrder).forEachBlock { base, count in
            for i in 0..<count {
                seen |= unsafe base.loadUnaligned(fromByteOffset: i &* MemoryLayout<Bits>.size, as: type)
            }
            return seen <= 1
        }
        return seen == 1
    }
}
