import MediaCore

/// How often colours occur: each by itself as long as there are few, and those that are near each other together otherwise.
///
/// Colours that share their upper bits share an entry. That begins with all 8 bits of a sample; whenever there are too many
/// entries one bit less counts. An entry keeps the sums of its samples, so that its mean colour is exact.
@safe
struct ColorHistogram: ~Copyable {
    /// The most entries that there can be room for; with 5 bits of each sample there cannot be more.
    static let most = 32768
    /// How many entries there may be before a bit less counts.
    let limit: Int
    private static let slots = 131072

    /// Pixels that fell together.
    struct Entry {
        var cell: UInt32
        var count: UInt32
        var red: UInt64
        var green: UInt64
        var blue: UInt64

        /// The mean of the samples, rounded.
        var mean: (red: UInt8, green: UInt8, blue: UInt8) {
            let count = UInt64(max(count, 1))
            return (
                UInt8(truncatingIfNeeded: (red + count / 2) / count),
                UInt8(truncatingIfNeeded: (green + count / 2) / count),
                UInt8(truncatingIfNeeded: (blue + count / 2) / count)
            )
        }
    }

    private let table: UnsafeMutablePointer<Int32>
    /// The entries, in the order in which their first pixels came.
    private(set) var entries: [Entry] = []
    /// How many bits of a sample count.
    private(set) var bits = 8
    private var cellMask: UInt32 = 0xFF_FFFF

    init(limit: Int) {
        self.limit = min(limit, Self.most)
        unsafe table = .allocate(capacity: Self.slots)
        unsafe table.initialize(repeating: -1, count: Self.slots)
    }

    deinit { unsafe table.deallocate() }

    /// Whether every entry is one colour.
    var isExact: Bool { bits == 8 }

    /// Forgets everything.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        unsafe table.update(repeating: -1, count: Self.slots)
        bits = 8
        cellMask = 0xFF_FFFF
    }

    /// Counts a colour, red in the lowest bits.
    @inline(__always)
    mutating func add(_ color: UInt32) {
        let cell = color & cellMask
        var slot = Int(truncatingIfNeeded: (cell &* 0x9E37_79B1) >> 15)
        while true {
            let place = Int(unsafe table[slot])
            if place < 0 {
                insert(color, cell, slot)
                return
            }
            if entries[place].cell == cell {
                entries[place].count &+= 1
                entries[place].red &+= UInt64(color & 0xFF)
                entries[place].green &+= UInt64(color >> 8 & 0xFF)
                entries[place].blue &+= UInt64(color >> 16 & 0xFF)
                return
            }
            slot = (slot &+ 1) & (Self.slots &- 1)
        }
    }

    private mutating func insert(_ color: UInt32, _ cell: UInt32, _ slot: Int) {
        let entry = Entry(
            cell: cell, count: 1, red: UInt64(color & 0xFF), green: UInt64(color >> 8 & 0xFF),
            blue: UInt64(color >> 16 & 0xFF))
        unsafe table[slot] = Int32(entries.count)
        entries.append(entry)
        if entries.count > limit, bits > 1 { coarsen() }
    }

    /// Lets one bit less count.
    private mutating func coarsen() {
        bits -= 1
        let kept = UInt32(0xFF << (8 - bits)) & 0xFF
        cellMask = kept << 16 | kept << 8 | kept
        unsafe table.update(repeating: -1, count: Self.slots)
        var end = 0
        for place in entries.indices {
            var entry = entries[place]
            entry.cell &= cellMask
            var slot = Int(truncatingIfNeeded: (entry.cell &* 0x9E37_79B1) >> 15)
            while true {
                let other = Int(unsafe table[slot])
                if other < 0 {
                    unsafe table[slot] = Int32(end)
                    entries[end] = entry
                    end += 1
                    break
                }
                if entries[other].cell == entry.cell {
                    entries[other].count &+= entry.count
                    entries[other].red &+= entry.red
                    entries[other].green &+= entry.green
                    entries[other].blue &+= entry.blue
                    break
                }
                slot = (slot + 1) & (Self.slots - 1)
            }
        }
        entries.removeLast(entries.count - end)
    }
}
