/// Cuts lines into dashes.
///
/// Where a line cannot be seen, the pattern goes on without dashes being made: a line across a trillion pixels costs what is
/// seen of it.
struct DashPattern {
    private let lengths: [Double]
    private let total: Double
    private let phase: Double

    /// The pattern of a style; `nil` when lines are solid.
    init?(_ style: StrokeStyle) {
        var lengths = style.dashes
        if lengths.count % 2 == 1 { lengths += lengths }
        let total = lengths.reduce(0, +)
        guard total >= 0.25, total.isFinite else { return nil }
        self.lengths = lengths
        self.total = total
        phase = style.dashPhase
    }

    /// Where in the pattern a distance lies: which length, and what is left of it.
    private func place(at distance: Double) -> (index: Int, rest: Double) {
        var position = distance.truncatingRemainder(dividingBy: total)
        if position < 0 { position += total }
        for (index, length) in lengths.enumerated() {
            if position < length { return (index, length - position) }
            position -= length
        }
        return (0, lengths[0])
    }

    /// Calls `body` with the points of each dash that may be seen, until it gives back `false`.
    func forEachDash(
        of points: [Point], isClosed: Bool, visible: Rectangle, _ body: (_ dash: [Point]) -> Bool
    ) {
        guard let start = points.first else { return }
        var dash: [Point] = []
        var distance = phase
        var last = start
        func end() -> Bool {
            defer { dash.removeAll(keepingCapacity: true) }
            return dash.isEmpty || body(dash)
        }
        for point in isClosed ? points.dropFirst() + [start] : points.dropFirst() {
            let from = last
            let way = point - from, length = way.length
            last = point
            guard length > 0 else { continue }
            guard let seen = visible.part(from: from, to: point) else {
                if !end() { return }
                distance += length
                continue
            }
            var at = seen.lowerBound * length
            let until = seen.upperBound * length
            if at > 0, !end() { return }
            var (index, rest) = place(at: distance + at)
            while true {
                let isOn = index % 2 == 0
                if isOn, dash.isEmpty { dash.append(from + way * (at / length)) }
                let next = at + rest
                if next >= until {
                    if isOn { dash.append(from + way * (until / length)) }
                    break
                }
                if isOn {
                    dash.append(from + way * (next / length))
                    if !end() { return }
                }
                at = next
                index = (index + 1) % lengths.count
                rest = lengths[index]
            }
            if until < length, !end() { return }
            distance += length
        }
        _ = end()
    }
}

extension Rectangle {
    /// Which part of the line from `a` to `b` is inside, as shares of it; `nil` when none is (Liang and Barsky, 1984).
    func part(from a: Point, to b: Point) -> ClosedRange<Double>? {
        var low = 0.0, high = 1.0
        for (start, way, least, most) in [(a.x, b.x - a.x, minX, maxX), (a.y, b.y - a.y, minY, maxY)] {
            if way == 0 {
                guard start >= least, start <= most else { return nil }
                continue
            }
            let one = (least - start) / way, two = (most - start) / way
            low = max(low, min(one, two))
            high = min(high, max(one, two))
        }
        return low < high ? low...high : nil
    }
}
