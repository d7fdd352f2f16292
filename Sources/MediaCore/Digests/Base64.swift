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
