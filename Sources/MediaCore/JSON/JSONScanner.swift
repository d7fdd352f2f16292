/// Reads the pieces of a JSON document: spaces, literals, numbers, strings; and knows where it is when one is wrong.
///
/// Every read of `bytes` is in `byte(at:)`, `text(_:)` and one literal, and looks at `count` first.
@safe struct JSONScanner {
    private let bytes: UnsafePointer<UInt8>?
    private let count: Int
    private let acceptsNotFinite: Bool
    /// Where the next byte is read.
    private(set) var offset = 0
    /// Strings with escapes are put together here.
    private var scratch: [UInt8] = []

    /// A scanner of `bytes`, which must outlive it.
    init(bytes: UnsafeRawBufferPointer, acceptsNotFinite: Bool) {
        unsafe self.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        count = bytes.count
        self.acceptsNotFinite = acceptsNotFinite
    }

    // MARK: Bytes

    var isAtEnd: Bool { offset >= count }

    /// The next byte; 0 at the end, which no rule of JSON accepts anywhere.
    @inline(__always)
    var current: UInt8 { byte(at: offset) }

    @inline(__always)
    func byte(at index: Int) -> UInt8 {
        guard index < count, let bytes = unsafe bytes else { return 0 }
        return unsafe bytes[index]
    }

    mutating func advance() { offset &+= 1 }

    /// Steps over `byte` when it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard !isAtEnd, current == byte else { return false }
        advance()
        return true
    }

    mutating func skipSpace() {
        while true {
            switch current {
            case 0x20, 0x0A, 0x0D, 0x09: advance()
            default: return
            }
        }
    }

    // MARK: Scalars

    /// Reads a literal, a number or a string.
    mutating func scalar() throws(MediaError) -> JSONValue {
        switch current {
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try literal("true", .bool(true))
        case UInt8(ascii: "f"): try literal("false", .bool(false))
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "N") where acceptsNotFinite: try literal("NaN", .number(.nan))
        case UInt8(ascii: "I") where acceptsNotFinite: try literal("Infinity", .number(.infinity))
        case UInt8(ascii: "N"), UInt8(ascii: "I"): throw notFinite()
        default: throw expected("a value")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(MediaError) -> JSONValue {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount {
            let wanted = unsafe word.utf8Start[index]
            guard current == wanted else {
                offset = start
                throw malformed("expected \(word)", at: start)
            }
            advance()
        }
        return value
    }

    /// RFC 8259, 6: an optional minus, digits without a leading zero, an optional fraction, an optional exponent.
    private mutating func number() throws(MediaError) -> JSONValue {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        if isNegative, current == UInt8(ascii: "I") {
            guard acceptsNotFinite else { throw notFinite() }
            return try literal("Infinity", .number(-.infinity))
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
            advance()
            isInteger = false
            let isDown = take(UInt8(ascii: "-"))
            if !isDown { _ = take(UInt8(ascii: "+")) }
            var exponent = Digits()
            try takeDigits(into: &exponent)
            // An exponent of twenty digits is as good as one of nine: the number is zero, or far outside.
            let size = exponent.isExact ? Int(min(exponent.value, 999_999_999)) : 999_999_999
            digits.exponent &+= isDown ? -size : size
        }
        if isInteger, digits.isExact {
            if isNegative, let value = Int64(exactly: digits.value) { return .integer(-value) }
            if isNegative, digits.value == 1 << 63 { return .integer(.min) }
            if !isNegative, let value = Int64(exactly: digits.value) { return .integer(value) }
        }
        return .number(try double(digits, isNegative: isNegative, from: start))
    }

    /// The digits of a number without its point: their value as long as it fits, and the power of ten they stand for.
    private struct Digits {
        var value: UInt64 = 0
        var isExact = true
        var exponent = 0
    }

    private mutating func takeDigits(into digits: inout Digits) throws(MediaError) {
        guard current.isDigit else { throw expected("a digit") }
        while case let byte = current, byte.isDigit {
            let (product, overflow) = digits.value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
            if overflow || carry { digits.isExact = false }
            digits.value = sum
            advance()
        }
    }

    /// The nearest double. Where the digits and the power of ten are both exact doubles, one operation rounds correctly
    /// (Clinger, "How to read floating point numbers accurately", 1990); the standard library does the others.
    private func double(_ digits: Digits, isNegative: Bool, from start: Int) throws(MediaError) -> Double {
        if digits.isExact, digits.value <= 1 << 53, (-22...22).contains(digits.exponent) {
            let value = Double(digits.value)
            let size =
                digits.exponent < 0
                ? value / Self.powersOfTen[-digits.exponent] : value * Self.powersOfTen[digits.exponent]
            return isNegative ? -size : size
        }
        if digits.isExact, digits.value > 0, (-19 ... -1).contains(digits.exponent) {
            let size = Self.quotient(digits.value, Self.wholePowersOfTen[-digits.exponent])
            return isNegative ? -size : size
        }
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

    /// 10⁰ … 10¹⁹, all that 64 bits hold.
    private static let wholePowersOfTen: [UInt64] = (0..<20).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    // MARK: Strings

    /// The bytes of `range`, which is inside the document, as text.
    private func text(_ range: Range<Int>) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: bytes.map { unsafe $0 + range.lowerBound }, count: range.count),
            as: UTF8.self)
    }

    /// Reads a string from its opening quote past its closing one.
    mutating func string() throws(MediaError) -> String {
        advance()
        let start = offset
        var isASCII: UInt8 = 0
        while true {
            let byte = current
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            isASCII |= byte
            advance()
        }
        guard current != UInt8(ascii: "\"") else {
            defer { advance() }
            if isASCII & 0x80 != 0 { try validate(start..<offset) }
            return text(start..<offset)
        }
        return try escapedString(from: start)
    }

    /// Reads the rest of a string that has an escape, or something wrong, at the current byte.
    private mutating func escapedString(from start: Int) throws(MediaError) -> String {
        scratch.removeAll(keepingCapacity: true)
        var run = start
        while true {
            let byte = current
            if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                advance()
                continue
            }
            try validate(run..<offset)
            for index in run..<offset { scratch.append(self.byte(at: index)) }
            if byte == UInt8(ascii: "\"") {
                advance()
                return String(decoding: scratch, as: UTF8.self)
            }
            guard byte == UInt8(ascii: "\\") else {
                if isAtEnd { throw malformed("a string has no closing quote", at: start &- 1) }
                throw malformed(
                    "a string holds the control character \(byte.hexadecimal)", at: offset, hint: "escape it")
            }
            try escape()
            run = offset
        }
    }

    /// Reads one escape and appends what it stands for.
    private mutating func escape() throws(MediaError) {
        let start = offset
        advance()
        let letter = current
        let plain: UInt8? =
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let plain {
            advance()
            scratch.append(plain)
            return
        }
        guard letter == UInt8(ascii: "u") else { throw malformed("a string holds an unknown escape", at: start) }
        advance()
        var code = try fourDigits(start)
        if (0xD800..<0xDC00).contains(code) {
            guard current == UInt8(ascii: "\\"), byte(at: offset &+ 1) == UInt8(ascii: "u") else {
                throw malformed("a string holds half of a surrogate pair", at: start)
            }
            offset &+= 2
            let low = try fourDigits(start)
            guard (0xDC00..<0xE000).contains(low) else {
                throw malformed("a string holds half of a surrogate pair", at: start)
            }
            code = 0x10000 &+ (code &- 0xD800) << 10 &+ (low &- 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw malformed("a string holds half of a surrogate pair", at: start)
        }
        scratch.append(contentsOf: String(scalar).utf8)
    }

    private mutating func fourDigits(_ start: Int) throws(MediaError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = current.hexadecimalValue else {
                throw malformed("an escape needs four hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            advance()
        }
        return code
    }
}
