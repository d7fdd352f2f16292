import MediaCore

/// Finds the colours that stand for many: boxes in OKLab are cut in two where it helps most, then k-means moves the colours
/// to the middle of what they stand for.
struct PaletteBuilder: ~Copyable {
    private struct Point {
        var color: SIMD4<Float>
        var weight: Float
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
    private var search = NearestColor()

    /// How much a colour counts that many pixels have.
    enum Weighting {
        /// As often as there are pixels of it.
        case byPixels
        /// As the power 0.75 of that: in pictures of very many colours, small parts of colours of their own count more.
        case flatter
        /// As its square root: palettes that are even flatter make files smaller.
        case flattest

        fileprivate func weight(of count: UInt32) -> Float {
            let count = Float(count)
            return switch self {
            case .byPixels: count
            case .flatter: count.squareRoot() * count.squareRoot().squareRoot()
            case .flattest: count.squareRoot()
            }
        }
    }

    /// Takes the colours that a palette is for.
    mutating func take(_ histogram: borrowing ColorHistogram, _ weighting: Weighting) {
        points.removeAll(keepingCapacity: true)
        for entry in histogram.entries {
            let mean = entry.mean
            points.append(
                Point(
                    color: OKLabColor(red: mean.red, green: mean.green, blue: mean.blue).axes,
                    weight: weighting.weight(of: entry.count)))
        }
    }

    /// Up to `count` colours that stand for all.
    ///
    /// - Parameters:
    ///   - count: 1…256.
    ///   - rounds: how often the colours are moved.
    mutating func colors(count: Int, rounds: Int) -> [SIMD4<Float>] {
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
        search.set(colors)
        var sums = [SIMD4<Float>](repeating: SIMD4(), count: colors.count)
        var weights = [Float](repeating: 0, count: colors.count)
        for place in points.indices {
            let point = points[place]
            let nearest = search.find(point.color).number
            sums[nearest] += point.color * point.weight
            weights[nearest] += point.weight
        }
        for index in colors.indices where weights[index] > 0 { colors[index] = sums[index] / weights[index] }
    }
}
