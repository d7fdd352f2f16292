/// Breaks text into lines and places letters on them.
struct LineBreaker {
    /// A character on its way into a line.
    private struct Item {
        let character: Unicode.Scalar
        let glyph: Glyph
        var isBlank: Bool { character == " " }
        /// Whether a line may end behind it.
        var breaksAfter: Bool { character.isIdeograph || character == "-" || character == "\u{2013}" }
    }

    let style: TextStyle
    let maxWidth: Double
    let maxLines: Int

    /// The lines of a text, the characters without a glyph, and whether something was cut off.
    func lines(of text: String) -> (lines: [TextLayout.Line], missing: [Unicode.Scalar], isTruncated: Bool) {
        guard style.canDraw else { return ([TextLayout.Line()], [], false) }
        var glyphs: [Unicode.Scalar: Glyph] = [:]
        var missing: [Unicode.Scalar] = []
        func glyph(_ character: Unicode.Scalar) -> Glyph {
            if let known = glyphs[character] { return known }
            let found = style.face.glyph(for: character)
            if found == nil { missing.append(character) }
            let glyph = (found ?? .box(capHeight: style.face.capHeight)).checked
            glyphs[character] = glyph
            return glyph
        }
        var lines: [TextLayout.Line] = []
        var paragraph: [Item] = []
        var isTruncated = false
        // A letter waits for the marks behind it.
        var letter: Unicode.Scalar?
        var marks: [Unicode.Scalar] = []
        func endLetter() {
            defer {
                letter = nil
                marks.removeAll(keepingCapacity: true)
            }
            if let letter, !marks.isEmpty, let whole = style.face.glyph(for: letter, marks: marks) {
                paragraph.append(Item(character: letter, glyph: whole.checked))
                return
            }
            if let letter { paragraph.append(Item(character: letter, glyph: glyph(letter))) }
            for mark in marks { paragraph.append(Item(character: mark, glyph: glyph(mark))) }
        }
        func end(hasMore: Bool) {
            endLetter()
            isTruncated = add(paragraph, hasMore: hasMore, to: &lines)
            paragraph.removeAll(keepingCapacity: true)
        }
        for character in text.unicodeScalars {
            if character == "\n" {
                end(hasMore: true)
                if isTruncated { break }
            } else if (0x300...0x36F).contains(character.value) {
                marks.append(character)
            } else if let shown = character.shown {
                endLetter()
                letter = shown
            }
        }
        if !isTruncated { end(hasMore: false) }
        return (lines, missing, isTruncated)
    }

    /// Breaks a paragraph into lines.
    ///
    /// - Returns: whether text is left for which there is no line.
    private func add(_ items: [Item], hasMore: Bool, to lines: inout [TextLayout.Line]) -> Bool {
        var start = 0
        repeat {
            let isLast = lines.count == maxLines - 1
            let end = fitting(items, from: start)
            var next = end
            while next < items.count, next > start, items[next].isBlank { next += 1 }
            if isLast, next < items.count || hasMore {
                lines.append(truncated(items, from: start))
                return true
            }
            lines.append(line(items[start..<end]))
            start = next
        } while start < items.count
        return false
    }

    /// The end of the longest line that begins at `start`: at least one character, unless there is none.
    private func fitting(_ items: [Item], from start: Int) -> Int {
        var width = 0.0
        var lastBreak: Int?
        for place in start..<items.count {
            let item = items[place]
            if place > start, item.isBlank || item.character.isIdeograph || items[place - 1].breaksAfter {
                lastBreak = place
            }
            width += advance(items, place, lineStart: start)
            // A blank may hang over the edge.
            if width > maxWidth, !item.isBlank, place > start { return lastBreak ?? place }
        }
        return items.count
    }

    /// As much of the text from `start` on as there is room for with `…` behind it.
    private func truncated(_ items: [Item], from start: Int) -> TextLayout.Line {
        let dots: [Item]
        if let glyph = style.face.glyph(for: "…") {
            dots = [Item(character: "…", glyph: glyph.checked)]
        } else if let glyph = style.face.glyph(for: ".") {
            dots = Array(repeating: Item(character: ".", glyph: glyph.checked), count: 3)
        } else {
            dots = []
        }
        let room = maxWidth - dots.reduce(0) { $0 + $1.glyph.advance * style.size }
        var width = 0.0
        var end = start
        while end < items.count {
            width += advance(items, end, lineStart: start)
            if width > room { break }
            end += 1
        }
        while end > start, items[end - 1].isBlank { end -= 1 }
        return line(items[start..<end] + dots)
    }

    /// How far a character and the gap before it take a line, in pixels.
    private func advance(_ items: [Item], _ place: Int, lineStart: Int) -> Double {
        var ems = items[place].glyph.advance
        if place > lineStart { ems += kerning(items[place - 1], items[place]) }
        return ems * style.size
    }

    private func kerning(_ first: Item, _ second: Item) -> Double {
        let kerning = style.face.kerning(first.character, second.character)
        return kerning.magnitude <= 1 ? kerning : 0
    }

    /// Places the characters of a line; blanks at its end take no room.
    private func line(_ items: ArraySlice<Item>) -> TextLayout.Line {
        var line = TextLayout.Line()
        var x = 0.0
        var last: Item?
        for item in items {
            if let last { x += kerning(last, item) * style.size }
            if item.glyph.stepCount > 0 { line.glyphs.append(.init(glyph: item.glyph, x: x)) }
            x += item.glyph.advance * style.size
            if !item.isBlank { line.width = x }
            last = item
        }
        return line
    }
}

extension Glyph {
    /// What stands for a character that a typeface does not have.
    static func box(capHeight: Double) -> Glyph {
        let height = capHeight > 0.1 && capHeight < 2 ? capHeight : 0.7
        let box = Rectangle(minX: 0.08, minY: -height, maxX: 0.52, maxY: 0)
        return Glyph(advance: 0.6, shape: .strokes(Path(box), pen: 0.06))
    }

    /// The glyph with an advance that a font could mean; files say anything.
    var checked: Glyph {
        guard !(advance >= -4 && advance <= 16) else { return self }
        return Glyph(advance: 0, shape: shape)
    }

    /// How many steps its lines have; 0 when nothing is painted.
    var stepCount: Int {
        switch shape {
        case .outline(let path), .strokes(let path, _): path.elements.count
        }
    }
}

extension Unicode.Scalar {
    /// The character as it is drawn; `nil` for those that show nothing: controls, joiners, marks of direction and of variants.
    var shown: Unicode.Scalar? {
        switch value {
        case 0x09, 0xA0, 0x2007, 0x202F: " "
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF:
            nil
        default: self
        }
    }

    /// Whether it is one of a script without blanks between words, so that lines may end on both sides of it.
    var isIdeograph: Bool {
        switch value {
        case 0x2E80...0x2FDF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
