public import ImageCoding

/// Colours for class ids.
///
/// The colour of an id depends on the id alone, not on which others are there: a class keeps its colour from picture to
/// picture and from run to run. Id 0 is a class like any other; whether it is drawn is the mask's business.
public struct CategoryPalette: Sendable, Hashable {
    private enum Rule: Hashable {
        /// The colours of a table in turn, varied when they come again.
        case table([Palette.Color])
        /// The bits of the id, spread over red, green and blue.
        case bits
    }

    /// What the palette is called on the command line.
    public let name: String
    private let rule: Rule

    private init(_ name: String, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }

    /// A palette of colours that are six hexadecimal digits each; what is no digit between them is skipped.
    init(_ name: String, hexadecimal: String) {
        let digits = hexadecimal.compactMap { $0.hexDigitValue.map { UInt8(truncatingIfNeeded: $0) } }
        let samples = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        let colors = stride(from: 0, to: samples.count - 2, by: 3).map {
            Palette.Color(red: samples[$0], green: samples[$0 + 1], blue: samples[$0 + 2])
        }
        self.init(name, .table(colors))
    }

    /// The palette that spreads the bits of ids.
    init(bits name: String) { self.init(name, .bits) }

    /// A palette of your own.
    ///
    /// - Parameters:
    ///   - name: what it is called in messages.
    ///   - colors: the colours of the ids from 0 on; ids beyond take them again, varied. Opacity is ignored.
    /// - Returns: `nil` without colours.
    public init?(name: String, colors: [Palette.Color]) {
        guard !colors.isEmpty else { return nil }
        self.init(name, .table(colors.map { Palette.Color(red: $0.red, green: $0.green, blue: $0.blue) }))
    }

    /// The colour of an id, opaque. Ids have 16 bits; of others the low 16 count.
    public func color(for id: Int) -> Palette.Color {
        let id = id & 0xFFFF
        switch rule {
        case .bits: return Self.spread(id)
        case .table(let colors):
            let (round, place) = id.quotientAndRemainder(dividingBy: max(1, colors.count))
            guard colors.indices.contains(place) else { return Palette.Color(gray: 128) }
            return round == 0 ? colors[place] : Self.vary(colors[place], round: round)
        }
    }

    /// The colours of the ids 0…255, for a picture whose pixels are ids.
    public var colors: [Palette.Color] { (0...255).map(color(for:)) }

    /// Three bits of the id at a time become the next lower bits of red, green and blue, as in the development kit of the
    /// Pascal visual object classes challenge: 0 is black, 1 dark red, 2 dark green.
    private static func spread(_ id: Int) -> Palette.Color {
        var red = 0, green = 0, blue = 0
        for step in 0..<8 {
            let bits = id >> (3 * step)
            red |= (bits & 1) << (7 - step)
            green |= (bits >> 1 & 1) << (7 - step)
            blue |= (bits >> 2 & 1) << (7 - step)
        }
        return Palette.Color(
            red: UInt8(truncatingIfNeeded: red), green: UInt8(truncatingIfNeeded: green),
            blue: UInt8(truncatingIfNeeded: blue))
    }

    /// A colour of the table when its turn comes again: samples move on from red to green to blue, which turns the hue, then
    /// toward black or white. The steps are such that rounds next to each other differ much.
    private static func vary(_ color: Palette.Color, round: Int) -> Palette.Color {
        // 475/768 and 193/256: the ratios of sequences that spread evenly over a line (0.618) and a square (0.755).
        let turn = round * 475 % 768
        let shade = (round * 193 + 64) & 255
        let samples = [Int(color.red), Int(color.green), Int(color.blue)]
        // Black and white can go one way only.
        let brightness = samples.reduce(0, +)
        let target = brightness < 192 || (shade >= 128 && brightness <= 573) ? 255 : 0
        func sample(_ channel: Int) -> UInt8 {
            let near = samples[(channel + (turn >> 8)) % 3], far = samples[(channel + (turn >> 8) + 1) % 3]
            let mixed = (near * (256 - (turn & 255)) + far * (turn & 255)) / 256
            // At most three fifths of the way, so that the hue remains.
            let way = abs(shade - 128) * 6 / 5
            return UInt8(truncatingIfNeeded: (mixed * (256 - way) + target * way) / 256)
        }
        return Palette.Color(red: sample(0), green: sample(1), blue: sample(2))
    }
}
