/// Tells colours apart, up to some number of them.
struct ColorCounter {
    private let limit: Int
    private var seen: Set<UInt32> = []
    /// Colours met before, a place for each of many: most pixels are answered here.
    private var recent = [UInt32](repeating: .max, count: 1024)

    /// How many colours there are; at most one more than the limit.
    var count: Int { seen.count }
    /// Whether there are more colours than the limit.
    var isBeyond: Bool { seen.count > limit }

    /// - Parameter limit: how many colours are told apart.
    init(limit: Int) { self.limit = limit }

    /// Adds a colour of 24 bits, unless there are too many already.
    @inline(__always)
    mutating func add(_ color: UInt32) {
        let spot = Int((color &* 0x9E37_79B1) >> 22)
        guard recent[spot] != color, !isBeyond else { return }
        recent[spot] = color
        seen.insert(color)
    }

    /// Adds pixels of gray, RGB or RGBA of 8 bits, whose opacity is not looked at.
    mutating func add(_ bytes: [UInt8], channels: Int) {
        for place in stride(from: 0, to: bytes.count - channels + 1, by: channels) {
            var color = UInt32(bytes[place])
            if channels >= 3 { color |= UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16 }
            add(color)
            if isBeyond { return }
        }
    }
}
