public import ImageCoding

/// Which colour means what.
public struct Legend: Decoration {
    /// A colour and its meaning.
    public struct Entry: Sendable, Hashable {
        /// What it means.
        public var name: String
        /// The colour.
        public var color: Palette.Color

        /// Creates an entry.
        public init(_ name: String, color: Palette.Color) {
            self.name = name
            self.color = color
        }
    }

    /// A corner of a rectangle.
    public enum Corner: String, Sendable, CaseIterable {
        /// Above and left.
        case topLeft
        /// Above and right.
        case topRight
        /// Below and left.
        case bottomLeft
        /// Below and right.
        case bottomRight
    }

    /// The entries, in order: down the first column, then the next.
    public var entries: [Entry]
    /// How names look.
    public var style: TextStyle
    /// The colour behind it.
    public var background: Palette.Color
    /// Below the picture in as many columns as fit, or to its right in one or more.
    public var side: DecorationSide
    /// How many entries are shown at the most; of others, their number is said.
    public var maxEntries: Int

    /// Creates a legend.
    public init(
        _ entries: [Entry], style: TextStyle, background: Palette.Color = .white, side: DecorationSide = .below,
        maxEntries: Int = 64
    ) {
        self.entries = entries
        self.style = style
        self.background = background
        self.side = side
        self.maxEntries = maxEntries
    }

    /// As wide as the picture, or as high; where that is less than one entry takes, as one entry.
    public func size(beside picture: Size) -> Size {
        let grid = grid(in: picture)
        switch side {
        case .below, .above:
            return Size(width: max(picture.width, grid.size.width).rounded(.up), height: grid.size.height.rounded(.up))
        case .right:
            return Size(width: grid.size.width.rounded(.up), height: max(picture.height, grid.size.height).rounded(.up))
        }
    }

    /// Draws the entries into a rectangle, from its upper left corner.
    public func draw(in rectangle: Rectangle, on canvas: inout Canvas) {
        let grid = grid(in: Size(width: rectangle.width, height: rectangle.height))
        let box = (style.size * 0.8).rounded()
        for (index, entry) in grid.entries.enumerated() {
            let x = rectangle.minX + margin + Double(index / grid.rows) * grid.columnWidth
            let y = rectangle.minY + (margin * 0.6).rounded() + Double(index % grid.rows) * rowHeight
            if let color = entry.color {
                let top = y + ((rowHeight - box) / 2).rounded()
                canvas.fill(
                    Rectangle(x: x.rounded(), y: top, width: box, height: box), color: color, cornerRadius: box / 6)
            }
            let text = Rectangle(x: x + indent, y: y, width: entry.name.width, height: rowHeight)
            canvas.draw(entry.name, in: text)
        }
    }

    /// Draws the legend as a box over a corner of an area of a canvas.
    public func draw(in corner: Corner, of area: Rectangle, on canvas: inout Canvas) {
        var strip = self
        strip.side = .right
        let grid = strip.grid(in: Size(width: area.width, height: area.height - 2 * margin))
        let (width, height) = (grid.size.width.rounded(.up), grid.size.height.rounded(.up))
        let gap = (margin / 2).rounded()
        let isLeft = corner == .topLeft || corner == .bottomLeft, isTop = corner == .topLeft || corner == .topRight
        let box = Rectangle(
            x: isLeft ? area.minX + gap : area.maxX - gap - width,
            y: isTop ? area.minY + gap : area.maxY - gap - height,
            width: width, height: height)
        canvas.fill(box, color: background, cornerRadius: gap)
        strip.draw(in: box, on: &canvas)
    }

    /// Entries as they are shown, and where.
    private struct Grid {
        var entries: [(name: TextLayout, color: Palette.Color?)] = []
        var rows = 1
        var columnWidth = 0.0
        var size = Size(width: 0, height: 0)
    }

    private var margin: Double { (style.size / 2).rounded() }
    private var rowHeight: Double { (style.size * 1.4).rounded() }
    /// From the left of an entry to its name.
    private var indent: Double { (style.size * 1.2).rounded() }

    private func grid(in picture: Size) -> Grid {
        var grid = Grid()
        guard style.canDraw, !entries.isEmpty else { return grid }
        var style = style
        style.alignment = .left
        // Names are cut off at what a strip below the picture has room for, or at 16 ems.
        let room = side == .below ? max(picture.width - 2 * margin - indent, 8 * style.size) : 16 * style.size
        let shown = max(1, min(entries.count, maxEntries))
        for entry in entries.prefix(shown) {
            let name = TextLayout(entry.name, style: style, maxWidth: min(room, 16 * style.size), maxLines: 1)
            grid.entries.append((name, entry.color))
        }
        if shown < entries.count {
            grid.entries.append((TextLayout("and \(entries.count - shown) more", style: style), nil))
        }
        let widest = grid.entries.reduce(0) { max($0, $1.name.width) }
        grid.columnWidth = (indent + widest + 2 * margin).rounded(.up)
        let count = grid.entries.count
        if side == .below {
            let columns = Int(max(1, min(Double(count), (picture.width / grid.columnWidth).rounded(.down))))
            grid.rows = (count + columns - 1) / columns
        } else {
            let fitting = ((picture.height - 1.2 * margin) / rowHeight).rounded(.down)
            grid.rows = Int(max(1, min(Double(count), fitting)))
        }
        let columns = (count + grid.rows - 1) / grid.rows
        grid.size = Size(
            width: Double(columns) * grid.columnWidth, height: Double(grid.rows) * rowHeight + 1.2 * margin)
        return grid
    }
}
