/// Colours for numbers: 256 of them, from the lowest value to the highest.
public struct ColorMap: Sendable, Hashable {
    /// What the map is called on the command line.
    public let name: String
    /// The colours; exactly 256.
    public let palette: Palette

    /// A map of your own.
    ///
    /// - Returns: `nil` unless there are 2 to 256 colours. Fewer than 256 are stretched: entry *i* is the colour at
    ///   `i·(n − 1)/255`, linear between neighbours, on the samples as they are.
    public init?(name: String, colors: [Palette.Color]) {
        guard (2...256).contains(colors.count) else { return nil }
        let stretched = (0...255).map { ColorMap.color(at: $0, of: 255, in: colors) }
        guard let palette = Palette(stretched) else { return nil }
        self.name = name
        self.palette = palette
    }

    /// Blue, green, yellow; even steps, also for the colour-blind.
    public static let viridis = ColorMap("viridis", ColorMapTables.viridis)
    /// Black, purple, orange, pale yellow; even steps.
    public static let magma = ColorMap("magma", ColorMapTables.magma)
    /// Black, red, yellow; even steps.
    public static let inferno = ColorMap("inferno", ColorMapTables.inferno)
    /// Blue, magenta, yellow; even steps.
    public static let plasma = ColorMap("plasma", ColorMapTables.plasma)
    /// The rainbow, smoothed: shows small differences, misleads about large ones.
    public static let turbo = ColorMap("turbo", ColorMapTables.turbo)
    /// Blue, white, red for values around a middle (Moreland 2009).
    public static let diverging = ColorMap("diverging", ColorMapTables.diverging)
    /// Black to white.
    public static let gray = ColorMap("gray", (0...255).map { Palette.Color(gray: UInt8(truncatingIfNeeded: $0)) })

    /// Every built-in map.
    public static let all: [ColorMap] = [viridis, magma, inferno, plasma, turbo, diverging, gray]

    /// The built-in map of this name; `nil` when there is none.
    public static func named(_ name: String) -> ColorMap? { all.first { $0.name == name } }

    /// The same colours from the other end.
    public var reversed: ColorMap {
        ColorMap(name, Array(palette.colors.reversed()))
    }

    /// `count` (2 to 256) of the colours, evenly spread, linear between neighbours.
    func colors(_ count: Int) -> [Palette.Color] {
        (0..<count).map { ColorMap.color(at: $0, of: count - 1, in: palette.colors) }
    }

    private init(_ name: String, _ colors: [Palette.Color]) {
        self.name = name
        palette = Palette(unchecked: colors)
    }

    private init(_ name: String, _ table: String) {
        let digits = table.utf8.compactMap { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit &- 0x30
            case 0x61...0x66: digit &- 0x61 &+ 10
            default: nil
            }
        }
        let samples = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        let colors = stride(from: 0, to: samples.count - 2, by: 3).map {
            Palette.Color(red: samples[$0], green: samples[$0 + 1], blue: samples[$0 + 2])
        }
        self.init(name, colors)
    }

    /// The colour at `place/last` of the way through `colors`, each sample rounded to nearest.
    private static func color(at place: Int, of last: Int, in colors: [Palette.Color]) -> Palette.Color {
        let scaled = place * (colors.count - 1)
        let index = min(scaled / last, colors.count - 1), part = scaled % last
        let a = colors[index], b = colors[min(index + 1, colors.count - 1)]
        func mix(_ low: UInt8, _ high: UInt8) -> UInt8 {
            UInt8(truncatingIfNeeded: (2 * (Int(low) * (last - part) + Int(high) * part) + last) / (2 * last))
        }
        return Palette.Color(
            red: mix(a.red, b.red), green: mix(a.green, b.green), blue: mix(a.blue, b.blue),
            alpha: mix(a.alpha, b.alpha))
    }
}
