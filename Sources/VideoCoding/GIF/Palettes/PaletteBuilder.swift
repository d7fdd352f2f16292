import MediaCore

/// Finds the colours that stand for many: boxes in OKLab are cut in two where it helps most, then k-means moves the colours
/// to the middle of what they stand for.
struct PaletteBuilder {
    private struct Point {
        var color: SIMD4<Float>
        var weight: Float
        /// Which colour of the palette is the nearest so far.
        var nearest = 0
    }

    private struct Box {
        var range: Range<Int>
        var weight: Float = 0
        var mean = SIMD4<Float>()
        /// Sums of weighted squares of distances from the mean, along each axis.
        var spread = SIMD4<Float>()
        /// What cutting the box can win at most.
        var worth: Float { range.count > 1 ? spread.x + spread.y + spread.z : 0 }
    }

    private var points: [Point] = []

    /// The mean of the squared distances from colours to those that stand for them, in OKLab.
    private(set) var error: Float = 0

    /// Up to `count` colours for a histogram.
    ///
    /// - Parameters:
    ///   - histogram: at least one entry.
    ///   - count: 1…256.
    ///   - rounds: how often the colours are moved.
    mutating func colors(of histogram: borrowing ColorHistogram, count: Int, rounds: Int) -> [SIMD4<Float>] {
        points.removeAll(keepingCapacity: true)
        for entry in histogram.entries {
            let mean = entry.mean
            points.append(
                Point(
                    color: OKLabColor(red: mean.red, green: mean.green, blue: mean.blue).axes,
                    weight: Float(entry.count)))
        }
        var colors = cut(into: count)
        for _ in 0..<rounds { move(&colors) }
        return colors
    }

    // MARK: Cutting

    private mutating func cut(into count: Int) -> [SIMD4<Float>] {
        var boxes = [measured(0..<points.count)]
        boxes.reserveCapacity(count)
        while boxes.count < count {
            var best = 0
            for index in boxes.indices where boxes[index].worth > boxes[best].worth { best = index }
            guard boxes[best].worth > 0 else { break }
            let box = boxes[best]
            let middle = divide(box)
            guard middle > box.range.lowerBound, middle < box.range.upperBound else {
                // Equal colours, as far as floats can tell.
                boxes[best].spread = SIMD4()
                continue
            }
            boxes[best] = measured(box.range.lowerBound..<middle)
            boxes.append(measured(middle..<box.range.upperBound))
        }
        for (index, box) in boxes.enumerated() {
            for place in box.range { points[place].nearest = index }
        }
        return boxes.map(\.mean)
    }

    private func measured(_ range: Range<Int>) -> Box {
        var box = Box(range: range)
        var sum = SIMD4<Float>()
        for place in range {
            let point = points[place]
            box.weight += point.weight
            sum += point.color * point.weight
        }
        guard box.weight > 0 else { return box }
        box.mean = sum / box.weight
        for place in range {
            let distance = points[place].color - box.mean
            box.spread += distance * distance * points[place].weight
        }
        return box
    }

    /// Orders the points of a box by the side of its mean on which they lie, along the axis of the widest spread.
    private mutating func divide(_ box: Box) -> Int {
        var axis = 0
        for other in 1..<3 where box.spread[other] > box.spread[axis] { axis = other }
        let limit = box.mean[axis]
        var low = box.range.lowerBound
        var high = box.range.upperBound
        while low < high {
            if points[low].color[axis] < limit {
                low += 1
            } else {
                high -= 1
                points.swapAt(low, high)
            }
        }
        return low
    }

    // MARK: Moving

    /// Assigns every point to its nearest colour, then moves the colours to the means of their points.
    private mutating func move(_ colors: inout [SIMD4<Float>]) {
        let order = PaletteOrder(colors)
        var sums = [SIMD4<Float>](repeating: SIMD4(), count: colors.count)
        var weights = [Float](repeating: 0, count: colors.count)
        var total: Float = 0
        var all: Float = 0
        for place in points.indices {
            let point = points[place]
            let (nearest, distance) = order.nearest(to: point.color, guess: point.nearest)
            points[place].nearest = nearest
            sums[nearest] += point.color * point.weight
            weights[nearest] += point.weight
            total += distance * point.weight
            all += point.weight
        }
        error = all > 0 ? total / all : 0
        for index in colors.indices where weights[index] > 0 { colors[index] = sums[index] / weights[index] }
    }
}

/// Colours in the order of their lightness, so that a search for the nearest looks at a few only.
struct PaletteOrder: Sendable {
    private let colors: [SIMD4<Float>]
    private let sorted: [SIMD4<Float>]
    /// The number of a colour, by its place in the order.
    private let numbers: [Int]
    /// The place in the order, by its number.
    private let places: [Int]

    init(_ colors: [SIMD4<Float>]) {
        self.colors = colors
        numbers = colors.indices.sorted { (colors[$0].x, $0) < (colors[$1].x, $1) }
        sorted = numbers.map { colors[$0] }
        var places = [Int](repeating: 0, count: colors.count)
        for (place, number) in numbers.enumerated() { places[number] = place }
        self.places = places
    }

    /// The nearest colour and the square of its distance; of equally near ones, one.
    ///
    /// - Parameter guess: a colour that may be near.
    func nearest(to color: SIMD4<Float>, guess: Int) -> (number: Int, distance: Float) {
        var best = guess
        var least = OKLabColor.distance(color, colors[guess])
        // Outwards from the guess; a colour whose lightness alone is further away than the best ends a side.
        let start = places[guess]
        var place = start - 1
        while place >= 0 {
            let other = sorted[place]
            let rest = color.x - other.x
            if rest > 0, rest * rest >= least { break }
            let distance = OKLabColor.distance(color, other)
            if distance < least {
                least = distance
                best = numbers[place]
            }
            place -= 1
        }
        place = start + 1
        while place < sorted.count {
            let other = sorted[place]
            let rest = other.x - color.x
            if rest > 0, rest * rest >= least { break }
            let distance = OKLabColor.distance(color, other)
            if distance < least {
                least = distance
                best = numbers[place]
            }
            place += 1
        }
        return (best, least)
    }
}
