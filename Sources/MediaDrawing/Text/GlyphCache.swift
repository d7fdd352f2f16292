/// The levels of glyphs that were drawn on a canvas, each computed once for a size and a place between pixels.
///
/// Glyphs stand at quarters of a pixel across and whole pixels down: the same word looks the same wherever it is, and a canvas
/// with a million letters holds as many masks as there are different ones.
struct GlyphCache: Sendable {
    /// What decides about the levels.
    struct Key: Hashable {
        let glyph: Glyph
        /// The em in pixels.
        let size: Double
        /// How much thicker lines are, in pixels.
        let boldness: Double
        /// How far the glyph is grown, in pixels.
        let halo: Double
        /// Quarters of a pixel to the right.
        let phase: Int

        /// Hashes what is cheap: outlines are compared in full, which takes no time where they are one array.
        func hash(into hasher: inout Hasher) {
            hasher.combine(glyph.advance)
            hasher.combine(glyph.stepCount)
            hasher.combine(size)
            hasher.combine(halo)
            hasher.combine(phase)
        }
    }

    /// Larger glyphs are drawn by their edges: their levels would take more memory.
    static let largestSize = 128.0

    private var masks: [Key: CoverageMask?] = [:]

    /// The levels of a glyph; `nil` when there is nothing to see.
    mutating func mask(_ key: Key) -> CoverageMask? {
        if let known = masks[key] { return known }
        let reach = 4 * key.size + key.halo + 8
        let clip = Rectangle(minX: -reach, minY: -reach, maxX: reach, maxY: reach).outwards
        let areas = key.areas(at: Point(x: Double(key.phase) / 4, y: 0), clip: clip)
        let mask = CoverageMask(areas)
        masks[key] = mask
        return mask
    }
}

extension GlyphCache.Key {
    /// The areas that are the glyph, as seen through `clip`: what is painted, and its border where it is grown.
    func areas(at origin: Point, clip: Rectangle) -> [EdgeTable] {
        var areas: [EdgeCollector] = []
        func scaled(_ path: Path) -> Path { path.map { $0 * size + origin } }
        switch glyph.shape {
        case .outline(let path):
            let outline = scaled(path)
            guard PathFlattener.canDraw(outline) else { return [] }
            var inside = EdgeCollector(clip: clip)
            PathFlattener(visible: clip).forEachPiece(of: outline) { points, _ in
                inside.add(polygon: points)
                return !inside.isFull
            }
            areas.append(inside)
            let border = StrokeStyle(width: boldness + 2 * halo, cap: .round, join: .round)
            // Borders of pieces that end openly are closed, as their inside is.
            if border.canDraw { areas.append(Stroker.stroke(outline.closed, border, clip: clip)) }
        case .strokes(let path, let pen):
            let lines = scaled(path)
            // Lines thinner than a pixel would be gray.
            let style = StrokeStyle(width: max(1, pen * size + boldness) + 2 * halo, cap: .round, join: .round)
            guard PathFlattener.canDraw(lines), style.canDraw else { return [] }
            areas.append(Stroker.stroke(lines, style, clip: clip))
        }
        return areas.compactMap { $0.isFull ? nil : $0.table() }
    }
}

extension Path {
    /// The path with every piece closed.
    var closed: Path {
        var result: [Element] = []
        for element in elements {
            if case .move = element, let last = result.last, last != .close { result.append(.close) }
            result.append(element)
        }
        if let last = result.last, last != .close { result.append(.close) }
        return Path(result)
    }
}

extension Rectangle {
    /// The smallest rectangle between whole pixels that holds this one.
    var outwards: Rectangle {
        Rectangle(
            minX: minX.rounded(.down), minY: minY.rounded(.down), maxX: maxX.rounded(.up), maxY: maxY.rounded(.up))
    }
}
