// The text of single JSON values.

extension [UInt8] {
    /// Appends an integer.
    mutating func appendJSON(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        guard rest > 9 else { return append(UInt8(ascii: "0") + UInt8(rest)) }
        // 20 digits are the most that 64 bits can have.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(digit)
            rest = quotient
        }
        for index in first..<digits.count { append(digits[index]) }
    }

    /// Appends a finite number. The forms of `description` (`1.0`, `1e-05`, `-0.0`) are all JSON.
    mutating func appendJSON(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 {
            appendJSON(whole)
            append(UInt8(ascii: "."))
            append(UInt8(ascii: "0"))
        } else {
            append(contentsOf: value.description.utf8)
        }
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
