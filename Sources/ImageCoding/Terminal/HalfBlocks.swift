/// Pictures of characters: `▀` in the colour of one pixel on the colour of the pixel below.
struct HalfBlocks {
    /// Whether colours are written with 24 bits; else as numbers of xterm's palette.
    let hasTrueColor: Bool

    /// A colour as the terminal is told it: three bytes, or the number in the palette.
    private typealias Code = UInt32

    /// Appends the picture: a line to two rows, attributes reset at the end of each.
    func append(_ pixels: ShownPixels, to text: inout [UInt8]) {
        for y in stride(from: 0, to: pixels.height, by: 2) {
            var above: Code?, below: Code?
            for x in 0..<pixels.width {
                let upper = code(pixels.color(x, y))
                let lower = y + 1 < pixels.height ? code(pixels.color(x, y + 1)) : nil
                if upper != above {
                    append(upper, attribute: 38, to: &text)
                    above = upper
                }
                // The row below an odd last one is the terminal's own background, which is there already.
                if let lower, lower != below {
                    append(lower, attribute: 48, to: &text)
                    below = lower
                }
                text.append("▀")
            }
            text.append("\u{1B}[0m\n")
        }
    }

    private func append(_ code: Code, attribute: Int, to text: inout [UInt8]) {
        text.append("\u{1B}[")
        text.append(number: attribute)
        if hasTrueColor {
            text.append(";2;")
            text.append(number: Int(code >> 16))
            text.append(";")
            text.append(number: Int(code >> 8 & 255))
            text.append(";")
            text.append(number: Int(code & 255))
        } else {
            text.append(";5;")
            text.append(number: Int(code))
        }
        text.append("m")
    }

    private func code(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> Code {
        guard hasTrueColor else { return Code(Self.xterm(Int(color.red), Int(color.green), Int(color.blue))) }
        return Code(color.red) << 16 | Code(color.green) << 8 | Code(color.blue)
    }

    /// The nearest of xterm's 256 colours, of those that no user changes: a cube of 6×6×6 from 16 on, whose levels are 0, 95,
    /// 135, … 255, and 24 grays 8, 18, … 238 from 232 on.
    static func xterm(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
        func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }
        func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
            (r - red) * (r - red) + (g - green) * (g - green) + (b - blue) * (b - blue)
        }
        let (r, g, b) = (step(red), step(green), step(blue))
        let gray = max(0, min(23, ((red + green + blue) / 3 - 3) / 10))
        let shade = 8 + 10 * gray
        return distance(shade, shade, shade) < distance(level(r), level(g), level(b))
            ? 232 + gray : 16 + 36 * r + 6 * g + b
    }
}
