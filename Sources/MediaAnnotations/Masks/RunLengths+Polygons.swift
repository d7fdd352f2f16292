public import MediaCore

extension RunLengths {
    /// The pixels inside a polygon: those that `pycocotools` finds, every one.
    ///
    /// Its rule: corners are rounded to fifths of a pixel and edges walked in those steps. Where an edge crosses the middle
    /// of a column, the rows below it change sides, the row being rounded as `PolygonRaster` says. Edges that cross one
    /// place twice cancel; where the polygon overlaps itself an even number of times it is outside.
    ///
    /// - Parameters:
    ///   - polygon: x and y of each corner by turns, in pixels; (0, 0) is the outer corner of the first pixel.
    ///   - width: the width of the picture.
    ///   - height: its height.
    ///   - limits: how large a mask may be.
    /// - Throws: `argument.invalid` or `limit.exceeded` for the size; `polygon.*` as ``MaskPolygon/validate(_:imageWidth:imageHeight:path:)``
    ///   has them; `limit.exceeded` for a polygon whose edges cross more than 2²⁶ columns in all.
    public init(
        polygon: [Double], width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) {
        try MaskSize.check(width: width, height: height, limits: limits, field: "size")
        let report = MaskPolygon.check(polygon, path: "polygon")
        try report.throwIfInvalid()
        var raster = PolygonRaster(width: width, height: height)
        try raster.add(polygon)
        self.init(unchecked: raster.finish(), width: width, height: height)
    }

    /// The pixels inside any of several polygons, which is how COCO lists the parts of an object.
    ///
    /// - Throws: as for one, and `argument.invalid` when there is none.
    public init(
        polygons: [[Double]], width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) {
        var regions: [RunLengths] = []
        regions.reserveCapacity(polygons.count)
        for (index, polygon) in polygons.enumerated() {
            do throws(MediaError) {
                regions.append(try RunLengths(polygon: polygon, width: width, height: height, limits: limits))
            } catch { throw error.inField("polygons[\(index)]") }
        }
        self = try RunLengths.union(regions)
    }
}

/// Where the edges of a polygon cross the middles of columns, as runs.
///
/// Source of the rule: the COCO API (`maskApi`, `rleFrPoly`), whose results these are, reached by another way: it walks every
/// step of every edge, here only the columns of the picture are looked at, so that far corners cost nothing. Everything is
/// in steps of a fifth of a pixel, `scale`. An edge takes steps along its longer side; the other coordinate is
/// `Int(start + slope · steps + 0.5)`, rounded towards zero. Between step 5c + 2 and 5c + 3 of x lies the middle of column c.
/// The lesser y of both steps, as pixels `(y + 0.5) / 5 − 0.5`, rounded up and kept within 0…height, is the row from which
/// on pixels change sides.
struct PolygonRaster {
    private let width: Int
    private let height: Int
    /// Places where sides change, in no order; those that stand twice cancel.
    private var turns: [Int] = []
    private var room = 1 << 16

    private static let scale = 5
    private static let mostCrossings = 1 << 26

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Adds the edges. The corners are finite, complete and within ``MaskPolygon/mostCoordinate``.
    mutating func add(_ polygon: [Double]) throws(MediaError) {
        let corners = polygon.count / 2
        // Checked: no product is above 2³¹.
        let steps = polygon.map { Int(Double(Self.scale) * $0 + 0.5) }
        var crossings = 0
        for corner in 0..<corners {
            let (one, other) = (2 * corner, 2 * ((corner + 1) % corners))
            crossings += columns(steps[one], steps[other]).count
            guard crossings <= Self.mostCrossings else {
                throw MediaError(
                    .limitExceeded, "the edges of the polygon cross more than \(Self.mostCrossings) columns",
                    hint: "use fewer corners", at: .init(field: "polygon"))
            }
        }
        for corner in 0..<corners {
            let (one, other) = (2 * corner, 2 * ((corner + 1) % corners))
            addEdge(steps[one], steps[one + 1], steps[other], steps[other + 1])
        }
    }

    /// The columns whose middle lies between two ends: 5c + 2 is not before the first, 5c + 3 not behind the last.
    private func columns(_ x0: Int, _ x1: Int) -> Range<Int> {
        let (least, greatest) = (min(x0, x1), max(x0, x1))
        let first = least <= 2 ? 0 : (least + 2) / Self.scale
        let end = greatest < 3 ? 0 : min(width, (greatest - 3) / Self.scale + 1)
        return first..<max(first, end)
    }

    private mutating func addEdge(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int) {
        let (dx, dy) = (abs(x1 - x0), abs(y1 - y0))
        let columns = columns(x0, x1)
        guard !columns.isEmpty else { return }
        if dx >= dy {
            let (startX, startY, endY) = x0 < x1 ? (x0, y0, y1) : (x1, y1, y0)
            let slope = Double(endY - startY) / Double(dx)
            for column in columns {
                let step = Self.scale * column + 2 - startX
                let here = Int(Double(startY) + slope * Double(step) + 0.5)
                let next = Int(Double(startY) + slope * Double(step + 1) + 0.5)
                turn(column, min(here, next))
            }
        } else {
            let (startX, startY, endX) = y0 < y1 ? (x0, y0, x1) : (x1, y1, x0)
            let walk = SteepWalk(startX: startX, slope: Double(endX - startX) / Double(dy), steps: dy)
            for column in columns {
                guard let step = walk.step(over: Self.scale * column + 2) else { continue }
                turn(column, startY + step)
            }
        }
        if turns.count > room {
            cancel()
            room = max(room, 2 * turns.count)
        }
    }

    private mutating func turn(_ column: Int, _ y: Int) {
        let row = (Double(y) + 0.5) / Double(Self.scale) - 0.5
        turns.append(column * height + Int(max(0, min(Double(height), row)).rounded(.up)))
    }

    /// Sorts the places and drops pairs.
    private mutating func cancel() {
        turns.sort()
        var kept = 0
        for place in turns {
            if kept > 0, turns[kept - 1] == place {
                kept -= 1
            } else {
                turns[kept] = place
                kept += 1
            }
        }
        turns.removeLast(turns.count - kept)
    }

    /// The lengths of the runs.
    mutating func finish() -> [Int] {
        cancel()
        var runs = RunBuilder(pixels: width * height)
        for place in turns { runs.turn(at: place) }
        return runs.finish()
    }
}

/// An edge that is taller than wide: x as a function of the steps down.
private struct SteepWalk {
    let startX: Int
    let slope: Double
    let steps: Int

    private func x(_ step: Int) -> Int { Int(Double(startX) + slope * Double(step) + 0.5) }

    /// The last step before x passes between `x` and `x + 1`, in either direction; `nil` when it does not.
    ///
    /// x changes by one at the most per step and never turns, so it is looked for by halving.
    func step(over target: Int) -> Int? {
        let rises = slope > 0
        func isBeyond(_ step: Int) -> Bool { rises ? x(step) > target : x(step) <= target }
        var (before, beyond) = (0, steps)
        guard !isBeyond(before), isBeyond(beyond) else { return nil }
        while beyond - before > 1 {
            let middle = before + (beyond - before) / 2
            if isBeyond(middle) { beyond = middle } else { before = middle }
        }
        return before
    }
}
