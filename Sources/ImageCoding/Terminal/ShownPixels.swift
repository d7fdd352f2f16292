import MediaCore

/// A small picture in memory: three bytes to a pixel, what can be seen through laid over a checkerboard.
struct ShownPixels {
    let width: Int
    let height: Int
    /// Red, green, blue, row after row.
    let bytes: [UInt8]

    /// - Parameters:
    ///   - source: `rgb` or `rgba`.
    ///   - checker: the side of a field of the board, in pixels.
    init(_ source: any PixelSource, checker: Int) throws(MediaError) {
        width = source.width
        height = source.height
        let rows = ScratchRows(byteCount: source.height * source.bytesPerRow)
        var tally = PixelTally()
        try rows.fill(from: source, rows: 0..<source.height, tally: &tally)
        let all = unsafe [UInt8](rows.bytes)
        guard source.format.hasAlpha else {
            bytes = all
            return
        }
        var opaque = [UInt8](repeating: 0, count: 3 * width * height)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = y * width + x
                // The two grays of editors, a third and two thirds of white.
                let back = (x / checker + y / checker) % 2 == 0 ? 153 : 102
                let alpha = Int(all[4 * pixel + 3])
                for channel in 0..<3 {
                    let sum = Int(all[4 * pixel + channel]) * alpha + back * (255 - alpha)
                    opaque[3 * pixel + channel] = UInt8(truncatingIfNeeded: (sum + 127) / 255)
                }
            }
        }
        bytes = opaque
    }

    /// The colour of a pixel.
    @inline(__always)
    func color(_ x: Int, _ y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let place = 3 * (y * width + x)
        return (bytes[place], bytes[place + 1], bytes[place + 2])
    }
}

extension [UInt8] {
    /// Appends ASCII.
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// Appends the digits of a number.
    mutating func append(number: Int) { append(contentsOf: String(number).utf8) }
}
