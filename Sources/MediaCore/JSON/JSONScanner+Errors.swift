extension JSONScanner {
    /// Refuses the mark that some editors put in front of UTF-8.
    func refuseByteOrderMark() throws(MediaError) {
        guard byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF else { return }
        throw malformed(
            "the document begins with a byte order mark, which JSON does not allow", at: 0,
            hint: "save it as UTF-8 without BOM")
    }

    /// Refuses anything but spaces up to the end.
    mutating func expectEnd() throws(MediaError) {
        skipSpace()
        guard isAtEnd else { throw expected("the end of the document") }
    }

    /// Refuses bytes of a string that are not UTF-8, at the first that is wrong (Unicode, table 3-7).
    func validate(_ range: Range<Int>) throws(MediaError) {
        var at = range.lowerBound
        while at < range.upperBound {
            let first = byte(at: at)
            if first < 0x80 {
                at &+= 1
                continue
            }
            let second: ClosedRange<UInt8> =
                switch first {
                case 0xE0: 0xA0...0xBF
                case 0xED: 0x80...0x9F
                case 0xF0: 0x90...0xBF
                case 0xF4: 0x80...0x8F
                default: 0x80...0xBF
                }
            let length =
                switch first {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            var isValid = length > 0 && length <= range.upperBound &- at && second.contains(byte(at: at &+ 1))
            for index in 2..<max(2, length) where isValid { isValid = byte(at: at &+ index) & 0xC0 == 0x80 }
            guard isValid else {
                throw malformed("a string holds the byte \(first.hexadecimal), which is not UTF-8 here", at: at)
            }
            at &+= length
        }
    }

    // MARK: What is thrown

    /// `line 3, column 7: `, both from 1; a column is a character, not a byte.
    func position(of offset: Int) -> String {
        var line = 1
        var column = 1
        for index in 0..<offset {
            let byte = byte(at: index)
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return "line \(line), column \(column): "
    }

    func malformed(_ message: String, at offset: Int, hint: String? = nil) -> MediaError {
        MediaError(.malformed, position(of: offset) + message, hint: hint, at: .init(offset: offset))
    }

    /// The error of finding something else than `what` at the current byte.
    func expected(_ what: String) -> MediaError {
        let found = isAtEnd ? "the end of the document" : current.inWords
        return malformed("found \(found), expected \(what)", at: offset)
    }

    func notFinite() -> MediaError {
        malformed(
            "NaN and Infinity are not JSON", at: offset, hint: "write null, or accept what Python writes")
    }

    func tooDeep(_ deepest: Int) -> MediaError {
        MediaError(
            .limitExceeded, position(of: offset) + "values are nested deeper than \(deepest) levels",
            hint: "raise Limits.nestingDepth when the document can be trusted", at: .init(offset: offset))
    }

    func repeated(_ name: String, objectAt offset: Int) -> MediaError {
        malformed("the object that begins here has the name \"\(name)\" twice", at: offset)
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// `"x"` for what can be seen, else `the byte 0x0A`.
    var inWords: String {
        (0x21...0x7E).contains(self) ? "\"\(Character(Unicode.Scalar(self)))\"" : "the byte \(hexadecimal)"
    }

    /// `0x0A`.
    var hexadecimal: String {
        let digits = String(self, radix: 16, uppercase: true)
        return digits.count < 2 ? "0x0" + digits : "0x" + digits
    }
}
