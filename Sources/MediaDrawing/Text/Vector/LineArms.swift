/// The lines that lead from the middle of a cell to its edges.
struct LineArms {
    /// Thickness of a light and of a heavy line, and of each line of a double one, in ems.
    static let light = 0.07, heavy = 0.15, rail = 0.06
    /// How far the lines of a double one are from its middle.
    static let railDistance = 0.075

    private enum Arm: UInt8 {
        case none = 0
        case light, heavy, double

        /// Half the thickness of what is single.
        var half: Double {
            switch self {
            case .none: 0
            case .light: LineArms.light / 2
            case .heavy: LineArms.heavy / 2
            case .double: LineArms.rail / 2
            }
        }
    }

    /// Left, up, right, down: the neighbours of one are those beside it.
    private let arms: [Arm]

    /// Four digits; `nil` for anything else.
    init?(_ digits: Substring) {
        let arms = digits.utf8.compactMap { Arm(rawValue: $0 &- 0x30) }
        guard arms.count == 4 else { return nil }
        self.arms = arms
    }

    /// All lines as areas.
    var path: Path {
        var path = Path()
        for direction in 0..<4 {
            switch arms[direction] {
            case .none: break
            case .double:
                for side in [-1.0, 1] {
                    path.append(
                        Path(
                            area(
                                direction, from: railStart(direction, side: side), at: side * Self.railDistance,
                                half: Self.rail / 2)))
                }
            default:
                path.append(Path(area(direction, from: start(direction), at: 0, half: arms[direction].half)))
            }
        }
        return path
    }

    /// The arm beside another: −1 is the one before (counting left, up, right, down), 1 the one after.
    private func neighbour(_ direction: Int, _ side: Int) -> Arm { arms[(direction + side + 4) % 4] }

    /// How far from the middle a single line begins, negative beyond it: where it fills the corner with the lines it meets.
    private func start(_ direction: Int) -> Double {
        let one = neighbour(direction, -1), other = neighbour(direction, 1), opposite = neighbour(direction, 2)
        switch (one == .double, other == .double) {
        case (true, true): return opposite == .none ? Self.railDistance : 0
        case (true, false), (false, true): return opposite == .none ? -Self.railDistance - Self.rail / 2 : 0
        case (false, false): return -max(one.half, other.half)
        }
    }

    /// The same for a line of a double one that is nearer to the neighbour on `side`.
    private func railStart(_ direction: Int, side: Double) -> Double {
        let near = neighbour(direction, side < 0 ? -1 : 1), far = neighbour(direction, side < 0 ? 1 : -1)
        switch (near, far) {
        case (.double, _): return Self.railDistance - Self.rail / 2
        case (.none, .double): return -Self.railDistance - Self.rail / 2
        default: return -max(near.half, far.half)
        }
    }

    /// An area along an arm, from a distance to the edge of the cell and somewhat beyond.
    ///
    /// - Parameter offset: how far beside the middle, positive towards the neighbour that comes after.
    private func area(_ direction: Int, from start: Double, at offset: Double, half: Double) -> Rectangle {
        let cell = BoxGlyphs.cell, middle = cell.center, overlap = BoxGlyphs.overlap
        switch direction {
        case 0:
            // Up comes after left.
            let y = middle.y - offset
            return Rectangle(minX: cell.minX - overlap, minY: y - half, maxX: middle.x - start, maxY: y + half)
        case 1:
            let x = middle.x + offset
            return Rectangle(minX: x - half, minY: cell.minY - overlap, maxX: x + half, maxY: middle.y - start)
        case 2:
            let y = middle.y + offset
            return Rectangle(minX: middle.x + start, minY: y - half, maxX: cell.maxX + overlap, maxY: y + half)
        default:
            let x = middle.x - offset
            return Rectangle(minX: x - half, minY: middle.y + start, maxX: x + half, maxY: cell.maxY + overlap)
        }
    }
}
