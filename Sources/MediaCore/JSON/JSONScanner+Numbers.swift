/// A number as it was written: whole or not.
@frozen package enum JSONNumber: Sendable, Hashable {
    /// Without fraction and exponent, and within 64 bits.
    case integer(Int64)
    /// Any other, rounded to the nearest.
    case double(Double)

    /// The number, an integer rounded to the nearest.
    @inlinable
    package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        }
    }

    var value: JSONValue {
        switch self {
        case .integer(let value): .integer(value)
        case .double(let value): .number(value)
        }
    }
}

extension JSONScanner {
    /// RFC 8259, 6: an optional minus, digits without a leading zero, an optional fraction, an optional exponent.
    mutating func number() throws(MediaError) -> JSONNumber {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        if isNegative, current == UInt8(ascii: "I") {
            guard acceptsNotFinite else { throw notFinite() }
            notFiniteCount &+= 1
            _ = try literal("Infinity", .null)
            return .double(-.infinity)
        }
        var digits = Digits()
        if take(UInt8(ascii: "0")) {
            if current.isDigit { throw malformed("a number may not begin with 0", at: start) }
        } else {
            try takeDigits(into: &digits)
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            let first = offset
            try takeDigits(into: &digits)
            digits.exponent = first &- offset
        }
        if current | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            digits.exponent &+= try exponent()
        }
        if isInteger, digits.isExact {
            if isNegative, let value = Int64(exactly: digits.value) { return .integer(-value) }
            if isNegative, digits.value == 1 << 63 { return .integer(.min) }
            if !isNegative, let value = Int64(exactly: digits.value) { return .integer(value) }
        }
        return .double(try double(digits, isNegative: isNegative, from: start))
    }

    private mutating func exponent() throws(MediaError) -> Int {
        advance()
        let isDown = take(UInt8(ascii: "-"))
        if !isDown { _ = take(UInt8(ascii: "+")) }
        var exponent = Digits()
        try takeDigits(into: &exponent)
        // An exponent of twenty digits is as good as one of nine: the number is zero, or far outside.
        let size = exponent.isExact ? Int(min(exponent.value, 999_999_999)) : 999_999_999
        return isDown ? -size : size
    }

    /// The digits of a number without its point: their value as long as it fits, and the power of ten they stand for.
    private struct Digits {
        var value: UInt64 = 0
        var isExact = true
        var exponent = 0
    }

    @inline(__always)
    private mutating func takeDigits(into digits: inout Digits) throws(MediaError) {
        var at = offset
        defer { offset = at }
        var value = digits.value
        guard byte(at: at).isDigit else { throw expected("a digit") }
        // Up to eight at a time as long as the value with them is below 10¹⁹, which fits for certain.
        while value < 100_000_000_000, let word = word(at: at) {
            let others = word.otherThanDigits
            guard others != 0 else {
                value = value &* 100_000_000 &+ word.eightDigits
                at &+= 8
                continue
            }
            let count = others.trailingZeroBitCount &>> 3
            // Shifted up, the digits have zeros in front of them.
            let digits = count == 0 ? 0 : word &<< UInt64(truncatingIfNeeded: 64 &- count &* 8)
            value = value &* PowersOfTen.integers[count] &+ digits.eightDigits
            at &+= count
            break
        }
        while case let byte = byte(at: at), byte.isDigit {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
            if overflow || carry { digits.isExact = false }
            value = sum
            at &+= 1
        }
        digits.value = value
    }

    /// The nearest double. Where the digits and the power of ten are both exact doubles, one operation rounds correctly
    /// (Clinger, "How to read floating point numbers accurately", 1990); the standard library does the others.
    @inline(__always)
    private func double(_ digits: Digits, isNegative: Bool, from start: Int) throws(MediaError) -> Double {
        if digits.isExact, digits.value <= 1 << 53, (-22...22).contains(digits.exponent) {
            let value = Double(digits.value)
            let power = PowersOfTen.doubles[abs(digits.exponent)]
            let size = digits.exponent < 0 ? value / power : value * power
            return isNegative ? -size : size
        }
        if digits.isExact, digits.value > 0, (-19 ... -1).contains(digits.exponent) {
            let size = Self.quotient(digits.value, PowersOfTen.integers[-digits.exponent])
            return isNegative ? -size : size
        }
        return try slowDouble(from: start)
    }

    private func slowDouble(from start: Int) throws(MediaError) -> Double {
        guard let value = Double(text(start..<offset)), value.isFinite else {
            throw MediaError(
                .valueOutOfRange, position(of: start) + "a number is larger than a 64-bit float can hold",
                hint: "write it as a string", at: .init(offset: start))
        }
        return value
    }

    /// The double nearest to `value / divisor`, neither of which may be 0.
    ///
    /// Both are shifted until their highest bit is set, so the quotient has 63 or 64 bits; one more, set when there is a
    /// remainder, is all that rounding needs to know about the rest. The power of two that was shifted out is exact.
    private static func quotient(_ value: UInt64, _ divisor: UInt64) -> Double {
        let valueShift = value.leadingZeroBitCount
        let divisorShift = divisor.leadingZeroBitCount
        let shifted = value &<< UInt64(valueShift)
        // The halved dividend is below 2⁶³, the divisor is not: the quotient fits.
        let (bits, rest) = (divisor &<< UInt64(divisorShift)).dividingFullWidth((shifted &>> 1, shifted &<< 63))
        let exponent = divisorShift &- valueShift &- 63
        let scale = Double(bitPattern: UInt64(truncatingIfNeeded: 1023 &+ exponent) &<< 52)
        return Double(bits | (rest == 0 ? 0 : 1)) * scale
    }
}

private enum PowersOfTen {
    /// 10⁰ … 10²², the powers that a double holds exactly.
    static let doubles: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// 10⁰ … 10¹⁹, all that 64 bits hold.
    static let integers: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000,
        10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
        100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}

extension UInt64 {
    /// The highest bit of each byte that is no digit. In a digit, what is left without the bits of `0` is below 10.
    @inline(__always)
    fileprivate var otherThanDigits: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let rest = self ^ (ones &* 0x30)
        // No sum of seven bits and 0x76 carries into the next byte.
        return ((rest & (ones &* 0x7F)) &+ ones &* 0x76 | rest) & (ones &* 0x80)
    }

    /// The number that eight digits stand for, the lowest byte first: pairs, then pairs of pairs, are put together.
    @inline(__always)
    fileprivate var eightDigits: UInt64 {
        let ones = self & 0x0F0F_0F0F_0F0F_0F0F
        let tens = (ones &* 10 &+ ones &>> 8) & 0x00FF_00FF_00FF_00FF
        let hundreds = (tens &* 100 &+ tens &>> 16) & 0x0000_FFFF_0000_FFFF
        return (hundreds &* 10_000 &+ hundreds &>> 32) & 0xFFFF_FFFF
    }
}
