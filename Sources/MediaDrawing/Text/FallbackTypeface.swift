/// Several typefaces, of which each character takes the first that has it.
public struct FallbackTypeface: Typeface {
    /// The typefaces, in the order in which they are asked.
    public let typefaces: [any Typeface]

    /// A typeface with others for what it does not have. The first one gives the height of capitals and of lines; ascent and
    /// descent are the greatest, so that no accent leaves its line.
    public init(_ first: any Typeface, _ others: any Typeface...) {
        self.init([first] + others)
    }

    private init(_ typefaces: [any Typeface]) { self.typefaces = typefaces }

    /// The bold of each that has one, when the first has.
    public var bold: (any Typeface)? {
        guard typefaces.first?.bold != nil else { return nil }
        return FallbackTypeface(typefaces.map { $0.bold ?? $0 })
    }

    /// The greatest ascent.
    public var ascent: Double { typefaces.reduce(0) { max($0, $1.ascent) } }
    /// The greatest descent.
    public var descent: Double { typefaces.reduce(0) { max($0, $1.descent) } }
    /// That of the first typeface.
    public var capHeight: Double { typefaces.first?.capHeight ?? 0 }
    /// The greatest height of a line.
    public var lineHeight: Double { typefaces.reduce(0) { max($0, $1.lineHeight) } }

    /// The shape in the first typeface that has one.
    public func glyph(for character: Unicode.Scalar) -> Glyph? {
        for typeface in typefaces { if let glyph = typeface.glyph(for: character) { return glyph } }
        return nil
    }

    /// The shape in the first typeface that has one.
    public func glyph(for base: Unicode.Scalar, marks: [Unicode.Scalar]) -> Glyph? {
        for typeface in typefaces { if let glyph = typeface.glyph(for: base, marks: marks) { return glyph } }
        return nil
    }

    /// What the first typeface that has either character says, if it has both.
    public func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        for typeface in typefaces {
            let hasFirst = typeface.glyph(for: first) != nil, hasSecond = typeface.glyph(for: second) != nil
            if hasFirst && hasSecond { return typeface.kerning(first, second) }
            if hasFirst || hasSecond { return 0 }
        }
        return 0
    }
}
