import MediaCore

/// Stands for a text in large tables: the first half of its SHA-256, so that a million names take 16 bytes each.
struct TextKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// The key of the parts, each ended by a zero byte, which no path holds.
    init(_ parts: String...) {
        var hash = SHA256()
        for part in parts {
            unsafe hash.update(Array(part.utf8).span.bytes)
            unsafe hash.update([0 as UInt8].span.bytes)
        }
        let digest = hash.finalize().bytes
        high = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = digest.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// 32 hexadecimal digits.
    var hex: String { Self.digits(high) + Self.digits(low) }

    /// Reads 32 hexadecimal digits; `nil` for anything else.
    init?(hex: some Collection<UInt8>) {
        guard hex.count == 32 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for (index, digit) in hex.enumerated() {
            let value: UInt64
            switch digit {
            case 48...57: value = UInt64(digit - 48)
            case 97...102: value = UInt64(digit - 87)
            default: return nil
            }
            if index < 16 { halves.0 = halves.0 << 4 | value } else { halves.1 = halves.1 << 4 | value }
        }
        (high, low) = halves
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
