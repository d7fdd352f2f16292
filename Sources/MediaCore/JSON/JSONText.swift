// The text of single JSON values.

extension [UInt8] {
    /// Appends an integer.
    mutating func appendJSON(_ value: Int64) {
        var digits = Digits()
        digits.prepend(value.magnitude)
        if value < 0 { digits.prepend(UInt8(ascii: "-")) }
        append(digits)
    }

    /// Appends a finite number. The forms of `description` (`1.0`, `1e-05`, `-0.0`) are all JSON.
    mutating func appendJSON(_ value: Double) {
        // Most numbers that people write have at most four decimals. Then the value is the quotient of two exact
        // integers, and as decimals of up to 15 digits are far enough apart, no shorter text gives the same double.
        let scaled = (value * 10_000).rounded(.toNearestOrEven)
        if abs(scaled) < 1e15, scaled != 0, scaled / 10_000 == value {
            appendDecimal(tenThousandths: Int64(scaled))
        } else {
            append(contentsOf: value.description.utf8)
        }
    }

    /// Appends a whole number of ten thousandths, with at least one decimal and no zeros after that.
    private mutating func appendDecimal(tenThousandths: Int64) {
        var (whole, fraction) = tenThousandths.magnitude.quotientAndRemainder(dividingBy: 10_000)
        var places = 4
        while places > 1, fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        var digits = Digits()
        for _ in 0..<places {
            digits.prepend(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: fraction % 10))
            fraction /= 10
        }
        digits.prepend(UInt8(ascii: "."))
        digits.prepend(whole)
        if tenThousandths < 0 { digits.prepend(UInt8(ascii: "-")) }
        append(digits)
    }

    private mutating func append(_ digits: Digits) {
        unsafe digits.bytes.span.extracting(digits.first...).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a finite number.
    mutating func appendJSON(_ value: Float) { append(contentsOf: value.description.utf8) }

    /// Appends a string in quotes. Only what RFC 8259, 7 asks for is escaped.
    mutating func appendJSON(_ value: String) {
        append(UInt8(ascii: "\""))
        if value.utf8Span.span.needsNoEscape {
            append(contentsOf: value.utf8)
        } else {
            for byte in value.utf8 { appendEscaped(byte) }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x08: append(contentsOf: "\\b".utf8)
        case 0x0C: append(contentsOf: "\\f".utf8)
        case 0x0A: append(contentsOf: "\\n".utf8)
        case 0x0D: append(contentsOf: "\\r".utf8)
        case 0x09: append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            append(contentsOf: "\\u00".utf8)
            append(UInt8(ascii: "0") + byte >> 4)
            append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + byte & 15 - 10)
        default: append(byte)
        }
    }
}

/// The text of a number, put together from its end; the longest has 20 digits, a sign, a point.
private struct Digits {
    var bytes = InlineArray<24, UInt8>(repeating: 0)
    var first = 24

    mutating func prepend(_ byte: UInt8) {
        first -= 1
        bytes[first] = byte
    }

    mutating func prepend(_ value: UInt64) {
        var rest = value
        repeat {
            prepend(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
    }
}

extension Span<UInt8> {
    /// Whether nothing in here is a quote, a backslash or a control character.
    fileprivate var needsNoEscape: Bool {
        // Gathering what is wrong, instead of stopping at it, lets the compiler look at many bytes at once.
        var special: UInt8 = 0
        for index in indices {
            let byte = self[index]
            let isSpecial = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            special |= isSpecial ? 1 : 0
        }
        return special == 0
    }
}

extension String {
    /// The name as a step of a path: `.width`, or `["two words"]` when it is not an identifier.
    func asJSONPathMember(first: Bool) -> String {
        let isIdentifier =
            !isEmpty && utf8.first?.isDigit == false
            && utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || $0.isDigit || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
            }
        guard !isIdentifier else { return first ? self : "." + self }
        var quoted: [UInt8] = []
        quoted.appendJSON(self)
        return "[" + String(decoding: quoted, as: UTF8.self) + "]"
    }
}
