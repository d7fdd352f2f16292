public import MediaDrawing

/// Places for the captions of boxes: small rectangles near their boxes, none over another.
///
/// Captions are placed one after the other, in the order in which they were given, each at the first of its candidates that is
/// free: above the left end of the box, then at its other corners outside and inside, then farther and farther away. A caption
/// for which none is free is left out and counted, so that captions never cover each other. The same input gives the same
/// places. Placed captions are found through a grid, so the time grows with their number, not with its square.
public struct ChipLayout: Sendable, Hashable {
    /// A caption that wants a place.
    public struct Label: Sendable, Hashable {
        /// The box, in pixels.
        public var box: Rectangle
        /// How wide the caption is, in pixels.
        public var width: Double
        /// How tall it is, in pixels.
        public var height: Double

        /// Creates a caption.
        public init(box: Rectangle, width: Double, height: Double) {
            self.box = box
            self.width = width
            self.height = height
        }
    }

    /// The place of each caption; `nil` for those that were left out.
    public let places: [Rectangle?]
    /// How many were left out: for want of a free place, or because there were more than the limit.
    public let dropped: Int

    /// Finds places.
    ///
    /// - Parameters:
    ///   - labels: The captions, those first that matter most.
    ///   - bounds: The picture; captions lie inside of it.
    ///   - spacing: The least distance between captions, in pixels.
    ///   - limit: So many captions are placed at the most: thousands are no longer read by anybody.
    public init(_ labels: [Label], in bounds: Rectangle, spacing: Double = 1, limit: Int = 4000) {
        var places: [Rectangle?] = []
        places.reserveCapacity(labels.count)
        var taken = PlacedChips(bounds: bounds, labels: labels)
        var count = 0
        for label in labels {
            let place = count < limit ? Self.place(for: label, in: bounds, spacing: spacing, taken) : nil
            if let place {
                taken.insert(place)
                count += 1
            }
            places.append(place)
        }
        self.places = places
        dropped = labels.count - count
    }

    private static func place(
        for label: Label, in bounds: Rectangle, spacing: Double, _ taken: PlacedChips
    ) -> Rectangle? {
        let (width, height, box) = (label.width, label.height, label.box)
        guard width > 0, height > 0, width <= bounds.width, height <= bounds.height, !box.isEmpty,
            box.minX.isFinite, box.minY.isFinite, box.maxX.isFinite, box.maxY.isFinite
        else { return nil }
        func free(_ x: Double, _ y: Double) -> Rectangle? {
            let place = Rectangle(
                x: min(max(x, bounds.minX), bounds.maxX - width), y: min(max(y, bounds.minY), bounds.maxY - height),
                width: width, height: height)
            return taken.hasPlace(for: place.inset(by: -spacing)) ? place : nil
        }
        for row in [box.minY - height, box.minY, box.maxY, box.maxY - height] {
            for column in [box.minX, box.maxX - width] { if let place = free(column, row) { return place } }
        }
        for column in [box.maxX, box.minX - width] { if let place = free(column, box.minY) { return place } }
        // Rings of steps of a caption's size around the box's upper left corner.
        let step = (x: (width + spacing) / 2, y: height + spacing)
        for ring in 1...farthestRing {
            for index in -ring...ring {
                let along = Double(index)
                let away = Double(ring)
                for (x, y) in [(along, -away), (along, away), (-away, along), (away, along)] {
                    if let place = free(box.minX + x * step.x, box.minY - height + y * step.y) { return place }
                }
            }
        }
        return nil
    }

    /// A caption farther away says nothing of its box any more.
    private static let farthestRing = 6
}

/// Rectangles that do not overlap, found by the cells of a grid that they lie in.
private struct PlacedChips {
    private let bounds: Rectangle
    private let columns: Int
    private let rows: Int
    private var rectangles: [Rectangle] = []
    private var cells: [[Int32]]

    /// A grid whose cells are about as large as captions are on average.
    init(bounds: Rectangle, labels: [ChipLayout.Label]) {
        self.bounds = bounds
        let count = Double(max(labels.count, 1))
        let width = labels.reduce(0) { $0 + $1.width } / count
        let height = labels.reduce(0) { $0 + $1.height } / count
        columns = Self.cellCount(bounds.width, width)
        rows = Self.cellCount(bounds.height, height)
        cells = Array(repeating: [], count: columns * rows)
    }

    private static func cellCount(_ length: Double, _ size: Double) -> Int {
        let ratio = length / size
        return ratio >= 1 ? Int(min(ratio, 512)) : 1
    }

    mutating func insert(_ rectangle: Rectangle) {
        let index = Int32(truncatingIfNeeded: rectangles.count)
        rectangles.append(rectangle)
        let (columns, rows) = range(of: rectangle)
        for row in rows { for column in columns { cells[row * self.columns + column].append(index) } }
    }

    func hasPlace(for rectangle: Rectangle) -> Bool {
        let (columns, rows) = range(of: rectangle)
        for row in rows {
            for column in columns {
                for index in cells[row * self.columns + column] where rectangles[Int(index)].intersects(rectangle) {
                    return false
                }
            }
        }
        return true
    }

    /// The cells that a rectangle lies in; what is outside of the bounds belongs to the cells at their edges.
    private func range(of rectangle: Rectangle) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        func cell(_ value: Double, _ start: Double, _ length: Double, _ count: Int) -> Int {
            let place = (value - start) / length * Double(count)
            return place > 0 ? min(Int(min(place, 1024)), count - 1) : 0
        }
        return (
            cell(
                rectangle.minX, bounds.minX, bounds.width, columns)...cell(
                    rectangle.maxX, bounds.minX, bounds.width, columns),
            cell(
                rectangle.minY, bounds.minY, bounds.height, rows)...cell(
                    rectangle.maxY, bounds.minY, bounds.height, rows)
        )
    }
}
