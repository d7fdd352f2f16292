extension [UInt8] {
    /// The bytes in base64 with padding (RFC 4648, 4).
    package var base64: [UInt8] {
        let digits = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let present = Swift.min(3, count - start)
            var word: UInt32 = 0
            for place in 0..<3 { word = word << 8 | (place < present ? UInt32(self[start + place]) : 0) }
            for position in 0..<4 {
                let digit = digits[Int(word >> UInt32(18 - 6 * position) & 63)]
                text.append(position <= present ? digit : UInt8(ascii: "="))
            }
        }
        return text
    }
}

extension [UInt8] {
    /// The bytes that a text in base64 stands for (RFC 4648, 4); `nil` when it is none. Padding may be left out.
    package init?(base64 text: some Sequence<UInt8>) {
        self.init()
        var word: UInt32 = 0
        var digits = 0
        var padding = 0
        for sign in text {
            if sign == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let digit: UInt8
            switch sign {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = sign - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = sign - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = sign - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "/"): digit = 63
            default: return nil
            }
            guard padding == 0 else { return nil }
            word = word << 6 | UInt32(digit)
            digits += 1
            // Every digit brings six bits; eight of those that wait are a byte.
            if digits % 4 != 1 { append(UInt8(truncatingIfNeeded: word >> UInt32(6 - 2 * ((digits + 3) % 4)))) }
        }
        guard digits % 4 != 1, padding <= 2 else { return nil }
    }
}
