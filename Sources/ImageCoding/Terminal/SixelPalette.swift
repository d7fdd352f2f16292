/// The colours of a sixel picture: its own where they are 256 or fewer, else 256 by median cut.
///
/// Median cut (Heckbert, 1982) over a histogram of 15 bits: the box with the most pixels times its longest side is cut at its
/// median, until there are 256. Pixels are then drawn with error diffusion (Floyd, Steinberg, 1976). Everything is whole
/// numbers, and ties go to the first: the same picture gives the same bytes.
struct SixelPalette {
    let colors: [Palette.Color]
    /// The index of each colour, when the picture has no others.
    private let exact: [UInt32: UInt8]?

    private static let most = 256

    init(_ pixels: ShownPixels) {
        if let found = Self.colors(of: pixels) {
            colors = found
            exact = Dictionary(
                found.enumerated().map { (Self.key($1.red, $1.green, $1.blue), UInt8(truncatingIfNeeded: $0)) },
                uniquingKeysWith: { first, _ in first })
        } else {
            colors = Self.medianCut(pixels)
            exact = nil
        }
    }

    /// A sample as sixel writes it, 0…100.
    static func percent(_ sample: UInt8) -> Int { (Int(sample) * 100 + 127) / 255 }

    private static func key(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32 {
        UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }

    /// All colours in the order of their appearance; `nil` when they are too many.
    private static func colors(of pixels: ShownPixels) -> [Palette.Color]? {
        var seen: Set<UInt32> = []
        var colors: [Palette.Color] = []
        var last: UInt32?
        for place in stride(from: 0, to: pixels.bytes.count, by: 3) {
            let (red, green, blue) = (pixels.bytes[place], pixels.bytes[place + 1], pixels.bytes[place + 2])
            let key = key(red, green, blue)
            if key == last { continue }
            last = key
            guard seen.insert(key).inserted else { continue }
            if colors.count == most { return nil }
            colors.append(Palette.Color(red: red, green: green, blue: blue))
        }
        return colors
    }

    // MARK: Median cut

    /// Pixels that share the upper five bits of each sample.
    private struct Cell {
        var count = 0
        var sums = (0, 0, 0)

        func mean(_ axis: Int) -> Int {
            let sum = axis == 0 ? sums.0 : axis == 1 ? sums.1 : sums.2
            return count > 0 ? (sum + count / 2) / count : 0
        }
    }

    private static func cell(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        (red >> 3) << 10 | (green >> 3) << 5 | (blue >> 3)
    }

    private static func medianCut(_ pixels: ShownPixels) -> [Palette.Color] {
        var histogram = [Cell](repeating: Cell(), count: 1 << 15)
        for place in stride(from: 0, to: pixels.bytes.count, by: 3) {
            let (red, green, blue) = (
                Int(pixels.bytes[place]), Int(pixels.bytes[place + 1]), Int(pixels.bytes[place + 2])
            )
            let cell = cell(red, green, blue)
            histogram[cell].count += 1
            histogram[cell].sums.0 += red
            histogram[cell].sums.1 += green
            histogram[cell].sums.2 += blue
        }
        var boxes = [Box(histogram.filter { $0.count > 0 })]
        while boxes.count < most {
            var best = -1, weight = 0
            for (index, box) in boxes.enumerated() where box.cells.count > 1 && box.weight > weight {
                (best, weight) = (index, box.weight)
            }
            guard best >= 0 else { break }
            let (lower, upper) = boxes[best].halves
            boxes[best] = lower
            boxes.append(upper)
        }
        return boxes.map(\.color)
    }

    private struct Box {
        let cells: [Cell]
        let count: Int
        /// The axis along which the colours are furthest apart, and how far.
        let axis: Int, length: Int

        init(_ cells: [Cell]) {
            self.cells = cells
            count = cells.reduce(0) { $0 + $1.count }
            var axis = 0, length = -1
            for candidate in 0..<3 {
                let least = cells.map { $0.mean(candidate) }.min() ?? 0,
                    most = cells.map { $0.mean(candidate) }.max() ?? 0
                if most - least > length { (axis, length) = (candidate, most - least) }
            }
            self.axis = axis
            self.length = length
        }

        /// What says which box is cut next.
        var weight: Int { count * max(1, length) }

        /// The box cut where half of its pixels are on either side; both have a cell at least.
        var halves: (Box, Box) {
            let sorted = cells.enumerated().sorted {
                ($0.element.mean(axis), $0.offset) < ($1.element.mean(axis), $1.offset)
            }.map(\.element)
            var passed = 0
            var place = 0
            while place < sorted.count - 1, 2 * (passed + sorted[place].count) <= count {
                passed += sorted[place].count
                place += 1
            }
            place = max(1, min(sorted.count - 1, place))
            return (Box(Array(sorted[..<place])), Box(Array(sorted[place...])))
        }

        var color: Palette.Color {
            func mean(_ sum: (Cell) -> Int) -> UInt8 {
                UInt8(truncatingIfNeeded: (cells.reduce(0) { $0 + sum($1) } + count / 2) / max(1, count))
            }
            return Palette.Color(
                red: mean { $0.sums.0 }, green: mean { $0.sums.1 }, blue: mean { $0.sums.2 })
        }
    }

    // MARK: Drawing

    /// The index of each pixel's colour.
    func indices(of pixels: ShownPixels) -> [UInt8] {
        if let exact {
            return stride(from: 0, to: pixels.bytes.count, by: 3).map { place in
                exact[Self.key(pixels.bytes[place], pixels.bytes[place + 1], pixels.bytes[place + 2])] ?? 0
            }
        }
        var nearest = [Int16](repeating: -1, count: 1 << 15)
        var indices = [UInt8](repeating: 0, count: pixels.width * pixels.height)
        // Sixteenths of the errors of the row and the next one, with a pixel of room on both sides.
        let row = 3 * (pixels.width + 2)
        var errors = [Int](repeating: 0, count: row), below = errors
        for y in 0..<pixels.height {
            for x in 0..<pixels.width {
                let place = 3 * (y * pixels.width + x), at = 3 * (x + 1)
                func wanted(_ channel: Int) -> Int {
                    max(0, min(255, Int(pixels.bytes[place + channel]) + (errors[at + channel] + 8) >> 4))
                }
                let want = (wanted(0), wanted(1), wanted(2))
                let cell = Self.cell(want.0, want.1, want.2)
                if nearest[cell] < 0 { nearest[cell] = Int16(self.nearest(want)) }
                let index = Int(nearest[cell])
                indices[y * pixels.width + x] = UInt8(truncatingIfNeeded: index)
                let color = colors[index]
                let rest = (want.0 - Int(color.red), want.1 - Int(color.green), want.2 - Int(color.blue))
                for (channel, error) in [rest.0, rest.1, rest.2].enumerated() {
                    errors[at + 3 + channel] += 7 * error
                    below[at - 3 + channel] += 3 * error
                    below[at + channel] += 5 * error
                    below[at + 3 + channel] += error
                }
            }
            errors = below
            below = [Int](repeating: 0, count: row)
        }
        return indices
    }

    private func nearest(_ wanted: (Int, Int, Int)) -> Int {
        var best = 0, least = Int.max
        for (index, color) in colors.enumerated() {
            let (r, g, b) = (Int(color.red) - wanted.0, Int(color.green) - wanted.1, Int(color.blue) - wanted.2)
            let distance = r * r + g * g + b * b
            if distance < least { (best, least) = (index, distance) }
        }
        return best
    }
}
