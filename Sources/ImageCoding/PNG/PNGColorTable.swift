/// A set of up to 256 colours that numbers them: first in the order in which they come, later in the order of a palette.
///
/// Asks for memory once, when it is kept from picture to picture.
struct PNGColorTable: Sendable {
    /// Twice as many places as colours twice over, so that a search ends soon.
    private static let places = 1024
    private var keys = [UInt32](repeating: 0, count: places)
    /// One more than the number of the colour; 0 where there is none.
    private var numbers = [UInt16](repeating: 0, count: places)
    /// The colours by number.
    private(set) var colors: [UInt32] = []
    /// The colours of the last palette, which shares this memory.
    private var entries: [Palette.Color] = []

    /// An empty set.
    init() {
        colors.reserveCapacity(256)
        entries.reserveCapacity(256)
    }

    /// The place of a colour, or the empty one where it belongs.
    @inline(__always)
    private func place(of color: UInt32) -> Int {
        var place = Int(truncatingIfNeeded: (color &* 0x9E37_79B1) >> 22)
        while numbers[place] != 0 && keys[place] != color { place = (place &+ 1) & (Self.places &- 1) }
        return place
    }

    /// Adds a colour; `false` when it would be the 257th.
    mutating func insert(_ color: UInt32) -> Bool {
        let place = place(of: color)
        guard numbers[place] == 0 else { return true }
        guard colors.count < 256 else { return false }
        keys[place] = color
        colors.append(color)
        numbers[place] = UInt16(colors.count)
        return true
    }

    /// The number of a colour; 0 for one that is not there.
    @inline(__always)
    func number(of color: UInt32) -> UInt8 {
        let number = numbers[place(of: color)]
        return UInt8(truncatingIfNeeded: number == 0 ? 0 : number &- 1)
    }

    /// Numbers the colours as a palette lists them, and lists them: those with opacity first, since tRNS ends with the last
    /// of them, then from dark to bright, so that neighbours in the picture are neighbours in the palette.
    ///
    /// - Returns: `nil` when there are none.
    mutating func makePalette() -> Palette? {
        sort()
        entries.removeAll(keepingCapacity: true)
        for (index, color) in colors.enumerated() {
            numbers[place(of: color)] = UInt16(index + 1)
            entries.append(
                Palette.Color(
                    red: UInt8(color >> 24), green: UInt8(color >> 16 & 255), blue: UInt8(color >> 8 & 255),
                    alpha: UInt8(color & 255)))
        }
        return Palette(entries)
    }

    /// By insertion: the standard library's sort asks for memory, and 256 colours are few beside the work on a picture.
    private mutating func sort() {
        for end in colors.indices.dropFirst() {
            let color = colors[end]
            let rank = Self.rank(color)
            var index = end
            while index > 0 && Self.rank(colors[index - 1]) > rank {
                colors[index] = colors[index - 1]
                index -= 1
            }
            colors[index] = color
        }
    }

    private static func rank(_ color: UInt32) -> UInt64 {
        let (red, green, blue, alpha) = (color >> 24, color >> 16 & 255, color >> 8 & 255, color & 255)
        let brightness = red * 299 + green * 587 + blue * 114
        return (alpha == 255 ? 1 << 60 : 0) | UInt64(brightness) << 32 | UInt64(color)
    }

    /// Forgets the colours and keeps the memory.
    mutating func removeAll() {
        for index in numbers.indices { numbers[index] = 0 }
        colors.removeAll(keepingCapacity: true)
    }
}
