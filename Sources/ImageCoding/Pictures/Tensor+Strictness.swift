import MediaCore
import TensorIO

extension Tensor {
    /// Throws for what `.report` would only mention: a guess, a value outside the range, a value that is not finite.
    func refuseGuessesAndLosses(_ decision: MappingDecision, _ mapping: ValueMapping) throws(MediaError) {
        if let guess = decision.findings.first {
            throw MediaError(guess.code, guess.message, hint: guess.hint, at: .init(field: guess.path))
        }
        try refuseNotFinite()
        // A percentile is asked for in order to clip; truth values and copies cannot be outside.
        if case .percentile = mapping { return }
        switch decision.rule {
        case .copy, .boolean, .wandb: return
        case .linear32, .linear64: break
        }
        let low = min(decision.applied.low, decision.applied.high)
        let high = max(decision.applied.low, decision.applied.high)
        let range = scanRange()
        guard let least = range.minimum, let greatest = range.maximum, least < low || greatest > high else { return }
        guard let (index, value) = firstValue(outside: low...high) else { return }
        throw MediaError(
            .valueOutOfRange, "the value \(short(value)) at \(describe(index)) is outside \(short(low))…\(short(high))",
            hint: "state a range that holds it, or leave strictness out to clip it", at: .init(field: "values"))
    }

    /// Throws for the first value that is not finite.
    func refuseNotFinite(
        hint: String = "replace it, or leave strictness out to show it as 0"
    ) throws(MediaError) {
        guard elementType.isFloatingPoint, let index = scanRange().firstNotFinite else { return }
        throw MediaError(
            .valueNotFinite, "the value at \(describe(index)) is not finite", hint: hint,
            at: .init(field: "values"))
    }

    private func firstValue(outside range: ClosedRange<Double>) -> ([Int], Double)? {
        var place = 0
        var found: (Int, Double)?
        forEachValue { value in
            if found == nil, value < range.lowerBound || value > range.upperBound { found = (place, value) }
            place += 1
        }
        guard let (place, value) = found else { return nil }
        return (index(ofElement: place), value)
    }

    /// Calls `body` with every number as float64, in C order.
    func forEachValue(_ body: (Double) -> Void) {
        switch elementType {
        case .bool: forEachNumber(as: UInt8.self) { body($0 == 0 ? 0 : 1) }
        case .uint8: forEachNumber(as: UInt8.self) { body(Double($0)) }
        case .int8: forEachNumber(as: Int8.self) { body(Double($0)) }
        case .int16: forEachNumber(as: Int16.self) { body(Double($0)) }
        case .uint16: forEachNumber(as: UInt16.self) { body(Double($0)) }
        case .int32: forEachNumber(as: Int32.self) { body(Double($0)) }
        case .uint32: forEachNumber(as: UInt32.self) { body(Double($0)) }
        case .int64: forEachNumber(as: Int64.self) { body(Double($0)) }
        case .uint64: forEachNumber(as: UInt64.self) { body(Double($0)) }
        case .float16: forEachNumber(as: Float16.self) { body(Double($0)) }
        case .bfloat16, .float32: forEachNumber(as: Float.self) { body(Double($0)) }
        case .float64: forEachNumber(as: Double.self) { body($0) }
        }
    }
}
