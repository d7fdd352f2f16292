/// Puts marks on letters.
///
/// Marks are drawn for a letter like `x`; on others they are moved up or down, to the letter's middle or one of its sides.
struct MarkPlacement {
    private let table: GlyphTable
    /// The marks above that were placed so far: the next one stands higher.
    private var above: [Unicode.Scalar] = []
    /// How many marks below were placed so far.
    private var below = 0

    private static let cedilla: Unicode.Scalar = "\u{327}"
    private static let ogonek: Unicode.Scalar = "\u{328}"
    private static let circumflex: Unicode.Scalar = "\u{302}"

    /// A letter with marks; `nil` when the table lacks one of them.
    static func skeleton(
        _ letter: Unicode.Scalar, marks: [Unicode.Scalar], in table: GlyphTable
    ) -> GlyphSkeleton? {
        var (letter, marks) = table.composition.decomposition(of: letter, followedBy: marks)
        // What the tables draw in one piece, such as d with a háček, needs no mark any more.
        var next = 0
        while next < marks.count {
            if let whole = table.composition.letter(letter, with: marks[next]), table.skeletons[whole] != nil {
                letter = whole
                marks.remove(at: next)
                next = 0
            } else {
                next += 1
            }
        }
        marks = marks.map { Self.substitute($0, on: letter) }
        if marks.contains(where: { side(of: $0) == .above }) { letter = Self.dotless(letter) }
        guard var skeleton = table.skeletons[letter] else { return nil }
        var placement = MarkPlacement(table: table)
        for mark in marks {
            guard let shape = table.skeletons[mark] else { return nil }
            skeleton.append(mark: shape, movedBy: placement.distance(of: mark, on: skeleton))
        }
        return skeleton
    }

    /// Where a mark stands, by its combining class (Unicode Standard, section 3.11).
    private enum Side { case above, below, across, rightAbove, right }

    private static func side(of mark: Unicode.Scalar) -> Side {
        switch mark.combiningClass {
        case 1: .across
        case 202, 220, 218, 222, 233, 240: .below
        case 216: .right
        case 232: .rightAbove
        default: mark == "\u{345}" ? .below : .above
        }
    }

    private static func dotless(_ letter: Unicode.Scalar) -> Unicode.Scalar {
        switch letter {
        case "i": "ı"
        case "j": "ȷ"
        default: letter
        }
    }

    /// The cedilla of Latvian letters is a comma, and stands over `g`, turned.
    private static func substitute(_ mark: Unicode.Scalar, on letter: Unicode.Scalar) -> Unicode.Scalar {
        guard mark == cedilla else { return mark }
        switch letter {
        case "G", "K", "L", "N", "R", "k", "l", "n", "r": return "\u{326}"
        case "g": return "\u{312}"
        default: return mark
        }
    }

    private init(table: GlyphTable) { self.table = table }

    private mutating func distance(of mark: Unicode.Scalar, on letter: GlyphSkeleton) -> Point {
        let bounds = letter.bounds ?? Rectangle(minX: 0, minY: 0, maxX: 0, maxY: 446)
        let middle = bounds.center.x
        // How far the letter rises above `x` (or a horn beside it); capitals leave a little less white, since lines are only so high.
        let rise: Double = bounds.maxY < 540 ? 0 : bounds.maxY < 670 ? 168 : 208
        switch Self.side(of: mark) {
        case .across: return Point(x: middle, y: bounds.center.y - 223)
        case .right: return Point(x: bounds.maxX, y: rise)
        case .rightAbove: return Point(x: bounds.maxX + 40, y: rise)
        case .below:
            defer { below += 1 }
            // Under a tail, unless the letter names a place beside it.
            let isUnderTail = bounds.minY < -100 && mark != Self.ogonek && letter.bottomAnchor == nil
            let sunk: Double = isUnderTail ? -190 : 0
            let side = mark == Self.ogonek ? bounds.maxX : middle
            return Point(
                x: Self.isDouble(mark) ? bounds.maxX + 60 : letter.bottomAnchor ?? side, y: sunk - 120 * Double(below))
        case .above:
            defer { above.append(mark) }
            let stack = stackDistance(of: mark)
            let side = Self.isDouble(mark) ? bounds.maxX + 60 : letter.topAnchor ?? middle
            return Point(x: side + stack.x, y: rise + stack.y)
        }
    }

    /// Marks that stretch over the next letter too.
    private static func isDouble(_ mark: Unicode.Scalar) -> Bool {
        mark.combiningClass == 233 || mark.combiningClass == 234
    }

    /// How far a mark stands from where it would stand alone, because of those before it.
    private func stackDistance(of mark: Unicode.Scalar) -> Point {
        guard let last = above.last else { return .zero }
        // Vietnamese writes the tone beside the circumflex, not over it.
        if last == Self.circumflex, above.count == 1 {
            switch mark {
            case "\u{300}", "\u{301}": return Point(x: 118, y: 76)
            case "\u{309}": return Point(x: 124, y: 92)
            default: break
            }
        }
        let step: Double = mark == "\u{303}" ? 148 : 120
        return Point(x: 0, y: step * Double(above.count))
    }
}
