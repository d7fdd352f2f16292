/// The name of a member, in a form that is compared in a few instructions: its first 16 bytes and its length.
///
/// Two names of at most 16 bytes are equal when their `JSONName`s are. Longer ones are not told apart beyond that.
package struct JSONName: Sendable, Equatable {
    private let low: UInt64
    private let high: UInt64
    /// The bytes of UTF-8, escapes resolved.
    package let byteCount: Int

    /// Whether both begin with the same 16 bytes and are equally long.
    @inline(__always)
    package static func == (a: JSONName, b: JSONName) -> Bool {
        (a.low ^ b.low) | (a.high ^ b.high) | UInt64(truncatingIfNeeded: a.byteCount ^ b.byteCount) == 0
    }

    /// The longest name that is held as a whole.
    static let wholeBytes = 16

    /// The form of a name that is known.
    package init(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes.span)
    }

    init(_ bytes: Span<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<min(bytes.count, 8) { words.0 |= UInt64(bytes[index]) &<< UInt64(index &* 8) }
        for index in 8..<max(8, min(bytes.count, 16)) { words.1 |= UInt64(bytes[index]) &<< UInt64((index &- 8) &* 8) }
        (low, high) = words
        byteCount = bytes.count
    }

    @inline(__always)
    init(low: UInt64, high: UInt64, byteCount: Int) {
        self.low = low
        self.high = high
        self.byteCount = byteCount
    }

    /// Whether all bytes of the name are in here.
    package var isWhole: Bool { byteCount <= Self.wholeBytes }

    /// The bytes of a whole name.
    var bytes: [UInt8] {
        (0..<min(byteCount, Self.wholeBytes)).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> UInt64(index % 8 * 8))
        }
    }

    /// One of 64 bits, nearly always another one for another name.
    @inline(__always)
    var mark: UInt64 {
        let mixed = (low ^ high &* 31 ^ UInt64(truncatingIfNeeded: byteCount)) &* 0x9E37_79B9_7F4A_7C15
        return 1 &<< (mixed &>> 58)
    }
}

/// The names that members of an object may have, for ``JSONPullReader/nextMember(of:)``.
package struct JSONKnownNames: Sendable {
    let names: [JSONName]

    /// Names of at most 16 bytes.
    package init(_ names: [String]) { self.names = names.map { JSONName($0) } }
}
