/// Sixel graphics (DEC STD 070, VT340): rows of six pixels, one colour after the other.
enum SixelGraphics {
    /// Appends a picture.
    static func append(_ pixels: ShownPixels, to text: inout [UInt8]) {
        let palette = SixelPalette(pixels)
        let indices = palette.indices(of: pixels)
        // Pixels are square, and those that no colour sets stay as they are; but every pixel is set.
        text.append("\u{1B}P0;1;0q\"1;1;")
        text.append(number: pixels.width)
        text.append(";")
        text.append(number: pixels.height)
        for (number, color) in palette.colors.enumerated() {
            text.append("#")
            text.append(number: number)
            text.append(";2")
            for sample in [color.red, color.green, color.blue] {
                text.append(";")
                text.append(number: SixelPalette.percent(sample))
            }
        }
        let width = pixels.width
        var masks = [UInt8](repeating: 0, count: palette.colors.count * width)
        for top in stride(from: 0, to: pixels.height, by: 6) {
            var isUsed = [Bool](repeating: false, count: palette.colors.count)
            for y in top..<min(pixels.height, top + 6) {
                let bit: UInt8 = 1 << UInt8(truncatingIfNeeded: y - top)
                for x in 0..<width {
                    let color = Int(indices[y * width + x])
                    isUsed[color] = true
                    masks[color * width + x] |= bit
                }
            }
            var isFirst = true
            for color in isUsed.indices where isUsed[color] {
                // Back to the left edge for the next colour of the same rows.
                if !isFirst { text.append("$") }
                isFirst = false
                text.append("#")
                text.append(number: color)
                let columns = color * width..<(color + 1) * width
                appendRuns(of: masks[columns], to: &text)
                for column in columns { masks[column] = 0 }
            }
            text.append("-")
        }
        text.append("\u{1B}\\\n")
    }

    /// Appends columns, those that repeat more than three times as a count; what is empty at the right is left out.
    private static func appendRuns(of masks: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let end = masks.lastIndex { $0 != 0 }.map { $0 + 1 } ?? masks.startIndex
        var start = masks.startIndex
        while start < end {
            var next = start + 1
            while next < end, masks[next] == masks[start] { next += 1 }
            let letter = 63 + masks[start]
            if next - start > 3 {
                text.append("!")
                text.append(number: next - start)
                text.append(letter)
            } else {
                for _ in start..<next { text.append(letter) }
            }
            start = next
        }
    }
}
