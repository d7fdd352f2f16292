import MediaCore

/// Colours and their indices, found by hashing: up to 256 of them, in the order in which they came.
@safe
struct ColorIndex: ~Copyable {
    private static let slots = 2048
    /// A key with its index above the 32 bits of the colour; all ones where there is none.
    private let table: UnsafeMutablePointer<UInt64>
    /// The keys, by their index.
    private(set) var keys: [UInt32] = []

    init() {
        unsafe table = .allocate(capacity: Self.slots)
        keys.reserveCapacity(256)
        removeAll()
    }

    deinit { unsafe table.deallocate() }

    /// How many colours there are.
    var count: Int { keys.count }

    /// Forgets all colours.
    mutating func removeAll() {
        unsafe table.initialize(repeating: .max, count: Self.slots)
        keys.removeAll(keepingCapacity: true)
    }

    /// Forgets the colours from an index on.
    mutating func removeAll(from count: Int) {
        guard keys.count > count else { return }
        let kept = keys.prefix(count)
        removeAll()
        for key in kept { _ = index(of: key) }
    }

    /// The index of a colour, which it gets now if it has none; `nil` when 256 others have one.
    @inline(__always)
    mutating func index(of key: UInt32) -> UInt8? {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 21)
        while true {
            let entry = unsafe table[slot]
            if UInt32(truncatingIfNeeded: entry) == key, entry != .max {
                return UInt8(truncatingIfNeeded: entry >> 32)
            }
            if entry == .max { return add(key, at: slot) }
            slot = (slot &+ 1) & (Self.slots &- 1)
        }
    }

    private mutating func add(_ key: UInt32, at slot: Int) -> UInt8? {
        guard keys.count < 256 else { return nil }
        let index = UInt8(keys.count)
        unsafe table[slot] = UInt64(index) << 32 | UInt64(key)
        keys.append(key)
        return index
    }
}
