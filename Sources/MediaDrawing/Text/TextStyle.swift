public import ImageCoding

/// How text looks.
public struct TextStyle: Sendable {
    /// How thick letters are.
    public enum Weight: String, Sendable, CaseIterable {
        /// As the typeface has them.
        case regular
        /// The typeface's own bold; where it has none, its letters with lines thicker by a twentieth of the size.
        case bold
    }

    /// Where lines stand that are shorter than the longest.
    public enum Alignment: String, Sendable, CaseIterable {
        /// At the left.
        case left
        /// In the middle.
        case center
        /// At the right.
        case right
    }

    /// Something around letters that keeps them legible on any picture.
    public struct Halo: Sendable, Hashable {
        /// Its colour, one that the letters stand out from.
        public var color: Palette.Color
        /// How far it reaches beyond the letters, in pixels.
        public var width: Double

        /// Creates a halo.
        public init(color: Palette.Color, width: Double) {
            self.color = color
            self.width = width
        }
    }

    /// Where the shapes come from.
    public var typeface: any Typeface
    /// The size of the em in pixels, up to 4096; capital letters are about 0.7 of it high.
    public var size: Double
    /// How thick letters are.
    public var weight: Weight
    /// The colour of letters.
    public var color: Palette.Color
    /// What is around them.
    public var halo: Halo?
    /// Where shorter lines stand.
    public var alignment: Alignment

    /// Creates a style.
    public init(
        typeface: any Typeface, size: Double, weight: Weight = .regular, color: Palette.Color = .black,
        halo: Halo? = nil, alignment: Alignment = .left
    ) {
        self.typeface = typeface
        self.size = size
        self.weight = weight
        self.color = color
        self.halo = halo
        self.alignment = alignment
    }

    /// The size of text that goes with a picture: a thirty-sixth of its shorter side, at least 11 and at most 48 pixels.
    ///
    /// Text on or beside a picture has the same size relative to it whatever its resolution, and is legible on the smallest.
    public static func size(forPictureOf width: Int, _ height: Int) -> Double {
        let side = Double(min(width, height)) / 36
        return min(max(side.rounded(), 11), 48)
    }

    /// The largest size of text.
    static let largest = 4096.0

    /// Whether text of the style can be drawn.
    var canDraw: Bool {
        size > 0 && size <= Self.largest && (halo.map { $0.width >= 0 && $0.width <= Self.largest } ?? true)
    }

    /// The typeface in the weight of the style, as far as it has it.
    var face: any Typeface { weight == .bold ? typeface.bold ?? typeface : typeface }

    /// How much thicker than those of ``face`` lines are, in pixels.
    var boldness: Double { weight == .bold && typeface.bold == nil ? size / 20 : 0 }
}
