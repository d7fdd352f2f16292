import ImageCoding
import MediaCore

/// Up to 255 colours, and the quick ways from any colour to the nearest of them.
@safe
final class ReducedPalette {
    /// The colours as keys of pixels.
    private(set) var keys: [UInt32] = []
    /// The keys again, and red, green and blue in 256ths of a level: 256 entries, whatever the number of colours.
    private let table: UnsafeMutablePointer<Entry>

    private struct Entry {
        var key: UInt32 = 0
        var sample = Samples()
    }

    private let words: PixelWords
    private var search = NearestColor()
    /// The indices of colours that were asked for: the colour above, the index in the lowest 8 bits, a place for each hash.
    private let known: UnsafeMutablePointer<UInt32>
    private static let knownCount = 16384
    /// The index of the colour nearest to the middle of each cell of 6 bits a sample; `unknown` until it is asked for.
    private let cells: UnsafeMutablePointer<UInt16>
    private static let cellCount = 1 << 18
    private static let unknown = UInt16.max
    private var hasCells = false

    /// No colours yet.
    init(words: PixelWords) {
        self.words = words
        unsafe table = .allocate(capacity: 256)
        unsafe table.initialize(repeating: Entry(), count: 256)
        unsafe known = .allocate(capacity: Self.knownCount)
        unsafe cells = .allocate(capacity: Self.cellCount)
        unsafe cells.initialize(repeating: Self.unknown, count: Self.cellCount)
    }

    /// Takes other colours.
    ///
    /// - Parameter colors: 1 to 255 of them, in OKLab.
    func set(_ colors: [SIMD4<Float>]) {
        var rounded: [SIMD4<Float>] = []
        keys.removeAll(keepingCapacity: true)
        for color in colors.prefix(255) {
            let (red, green, blue) = OKLabColor(axes: color).samples
            let key =
                words.stride == 1
                ? UInt32(green)
                : UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 | (words.stride == 4 ? 0xFF00_0000 : 0)
            guard !keys.contains(key) else { continue }
            unsafe table[keys.count] = Entry(
                key: key, sample: Samples((red, green, blue)))
            keys.append(key)
            // Distances are those from the rounded colours.
            rounded.append(OKLabColor(red: red, green: green, blue: blue).axes)
        }
        search.set(rounded)
        if hasCells { unsafe cells.update(repeating: Self.unknown, count: Self.cellCount) }
        hasCells = false
        unsafe known.initialize(repeating: 0, count: Self.knownCount)
        // An entry of zeros stands for black with index 0.
        unsafe known[Self.place(0)] = UInt32(nearest(0))
    }

    deinit {
        unsafe table.deallocate()
        unsafe known.deallocate()
        unsafe cells.deallocate()
    }

    /// The key of a colour.
    @inline(__always)
    func key(_ index: Int) -> UInt32 { unsafe table[index & 255].key }

    /// The samples of a colour, in 256ths of a level.
    @inline(__always)
    func sample(_ index: Int) -> Samples { unsafe table[index & 255].sample }

    @inline(__always)
    private static func place(_ color: UInt32) -> Int {
        Int(truncatingIfNeeded: (color &* 0x9E37_79B1) >> 18)
    }

    /// The index of the colour nearest to one of 24 bits, red lowest.
    @inline(__always)
    func index(of color: UInt32) -> UInt8 {
        let place = Self.place(color)
        let entry = unsafe known[place]
        if entry >> 8 == color { return UInt8(truncatingIfNeeded: entry) }
        let index = nearest(color)
        unsafe known[place] = color << 8 | UInt32(index)
        return UInt8(truncatingIfNeeded: index)
    }

    /// The index of the colour nearest to a cell of 18 bits, 6 of each sample, red highest.
    @inline(__always)
    func index(ofCell cell: Int) -> Int {
        let entry = unsafe cells[cell & (Self.cellCount &- 1)]
        if entry != Self.unknown { return Int(entry) }
        return fill(cell)
    }

    private func fill(_ cell: Int) -> Int {
        func sample(_ bits: Int) -> UInt32 { UInt32(bits & 63) * 255 / 63 }
        hasCells = true
        let index = nearest(sample(cell >> 12) | sample(cell >> 6) << 8 | sample(cell) << 16)
        unsafe cells[cell & (Self.cellCount - 1)] = UInt16(index)
        return index
    }

    private func nearest(_ color: UInt32) -> Int {
        let lab = OKLabColor(
            red: UInt8(truncatingIfNeeded: color), green: UInt8(truncatingIfNeeded: color >> 8),
            blue: UInt8(truncatingIfNeeded: color >> 16))
        return search.find(lab.axes).number
    }
}
