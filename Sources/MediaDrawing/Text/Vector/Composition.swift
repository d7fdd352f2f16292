/// Letters and their marks: which letter is which other one with a mark, and back.
struct Composition: Sendable {
    /// A letter and one mark.
    struct Pair: Hashable {
        var base: Unicode.Scalar
        var mark: Unicode.Scalar
    }

    private let pairs: [Unicode.Scalar: Pair]
    private let letters: [Pair: Unicode.Scalar]

    /// The table that every typeface shares.
    static let shared = Composition(CompositionTable.pairs)

    init(_ table: String) {
        var pairs: [Unicode.Scalar: Pair] = [:]
        var letters: [Pair: Unicode.Scalar] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let mark = words.first.flatMap(GlyphParser.scalar) else { continue }
            for word in words.dropFirst() {
                let scalars = Array(word.unicodeScalars)
                guard scalars.count == 2 else { continue }
                let pair = Pair(base: scalars[0], mark: mark)
                pairs[scalars[1]] = pair
                letters[pair] = scalars[1]
            }
        }
        self.pairs = pairs
        self.letters = letters
    }

    /// Every letter of the table.
    var scalars: some Collection<Unicode.Scalar> { pairs.keys }

    /// The one letter that a letter with a mark is.
    func letter(_ base: Unicode.Scalar, with mark: Unicode.Scalar) -> Unicode.Scalar? {
        letters[Pair(base: base, mark: mark)]
    }

    /// The one letter that a letter with several marks is, in whatever order they were written.
    func letter(_ base: Unicode.Scalar, with marks: [Unicode.Scalar]) -> Unicode.Scalar? {
        var (letter, rest) = decomposition(of: base, followedBy: marks)
        while let mark = rest.first {
            guard let next = self.letter(letter, with: mark) else { return nil }
            letter = next
            rest.removeFirst()
        }
        return letter
    }

    /// The letter without marks that a letter is built on; itself when it has none.
    func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        var base = scalar
        // Bounded as below.
        for _ in 0..<4 {
            guard let pair = pairs[base] else { break }
            base = pair.base
        }
        return base
    }

    /// A letter without marks, and the marks from the inside out.
    func decomposition(of scalar: Unicode.Scalar) -> (base: Unicode.Scalar, marks: [Unicode.Scalar]) {
        var base = scalar
        var marks: [Unicode.Scalar] = []
        // No letter has more than three marks; a circle in the table would end here too.
        while marks.count < 4, let pair = pairs[base] {
            base = pair.base
            marks.insert(pair.mark, at: 0)
        }
        return (base, marks)
    }

    /// The same for a letter and marks that follow it, with marks in canonical order: those that do not touch each other
    /// stand in the order of their classes, so that it does not matter in which order they were written.
    func decomposition(
        of scalar: Unicode.Scalar, followedBy marks: [Unicode.Scalar]
    ) -> (base: Unicode.Scalar, marks: [Unicode.Scalar]) {
        let (base, inner) = decomposition(of: scalar)
        var all = inner + marks
        // Stable, and short: a handful of marks.
        for i in all.indices.dropFirst() {
            var j = i
            while j > 0, all[j - 1].combiningClass > all[j].combiningClass {
                all.swapAt(j - 1, j)
                j -= 1
            }
        }
        return (base, all)
    }
}

extension Unicode.Scalar {
    /// The canonical combining class: where a mark stands on its letter.
    var combiningClass: UInt8 { properties.canonicalCombiningClass.rawValue }

    /// Whether this is one of the marks that stand on the letter before: U+0300–036F.
    var isCombiningMark: Bool { (0x300...0x36F).contains(value) }
}
