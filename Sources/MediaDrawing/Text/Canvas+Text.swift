import ImageCoding

extension Canvas {
    /// Draws text that is laid out, with the upper left corner of its first line at a point.
    ///
    /// Characters without a glyph are boxes and stand in ``report``. Baselines are on whole pixels and letters at quarters of
    /// one.
    public mutating func draw(_ layout: TextLayout, at corner: Point) {
        guard layout.style.canDraw, PathFlattener.canDraw(corner) else { return report.invalidShapes += 1 }
        report.note(missing: layout.missingCharacters)
        // All halos first, so that none lies over a letter.
        if let halo = layout.style.halo {
            draw(layout, at: corner, grownBy: halo.width, color: halo.color)
        }
        draw(layout, at: corner, grownBy: 0, color: layout.style.color)
    }

    /// Draws text that is laid out in the middle of a rectangle, across by its alignment; vertically, capital letters are what
    /// stands in the middle.
    public mutating func draw(_ layout: TextLayout, in rectangle: Rectangle) {
        let x =
            switch layout.style.alignment {
            case .left: rectangle.minX
            case .center: rectangle.center.x - layout.width / 2
            case .right: rectangle.maxX - layout.width
            }
        let letters = layout.capHeight + Double(layout.lineCount - 1) * layout.lineHeight
        let baseline = (rectangle.center.y - letters / 2 + layout.capHeight).rounded()
        draw(layout, at: Point(x: x, y: baseline - layout.ascent))
    }

    /// Lays text out and draws it; see ``draw(_:at:)``.
    public mutating func draw(_ text: String, at corner: Point, style: TextStyle) {
        draw(TextLayout(text, style: style), at: corner)
    }

    private mutating func draw(
        _ layout: TextLayout, at corner: Point, grownBy halo: Double, color: Palette.Color
    ) {
        var baseline = (corner.y + layout.ascent).rounded()
        let style = layout.style
        let reach = 4 * style.size + halo + 8
        for line in layout.lines {
            defer { baseline += layout.lineHeight }
            guard baseline > -reach, baseline < Double(height) + reach else { continue }
            let start = corner.x + layout.indent(of: line)
            for placed in line.glyphs {
                let x = start + placed.x
                guard x > -reach, x < Double(width) + reach else { continue }
                let quarters = (x * 4).rounded()
                let pixel = (quarters / 4).rounded(.down)
                let key = GlyphCache.Key(
                    glyph: placed.glyph, size: style.size, boldness: style.boldness, halo: halo,
                    phase: Int(quarters - 4 * pixel))
                if style.size > GlyphCache.largestSize {
                    let origin = Point(x: quarters / 4, y: baseline)
                    for area in key.areas(at: origin, clip: bounds) {
                        add(Mark(shape: .area(area, .nonZero), color: color, rows: area.rows, columns: area.columns))
                    }
                } else if let mask = glyphs.mask(key) {
                    add(mask, x: Int(pixel), y: Int(baseline), color: color)
                }
            }
        }
    }

    private mutating func add(_ mask: CoverageMask, x: Int, y: Int, color: Palette.Color) {
        let rows = (mask.rows.lowerBound + y..<mask.rows.upperBound + y).clamped(to: 0..<height)
        let columns = (mask.columns.lowerBound + x..<mask.columns.upperBound + x).clamped(to: 0..<width)
        add(Mark(shape: .mask(mask, x: x, y: y), color: color, rows: rows, columns: columns))
    }
}
