import AudioCoding
import ImageCoding
import MediaDrawing
import TestSupport

/// All pixels of a picture, asked for a few rows at a time.
func pixels(of picture: any PixelSource, rowsAtOnce: Int = 7) throws -> [UInt8] {
    var all: [UInt8] = []
    var tally = PixelTally()
    for start in stride(from: 0, to: picture.height, by: rowsAtOnce) {
        let rows = start..<min(picture.height, start + rowsAtOnce)
        var bytes = [UInt8](repeating: 0xA5, count: rows.count * picture.bytesPerRow)
        var span = bytes.mutableSpan
        var band = span.mutableBytes
        try picture.fill(rows: rows, into: &band, tally: &tally)
        all += bytes
    }
    return all
}

/// Noise, quieter and quieter, with a tone in it.
func noise(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { i in
        let fading = 1 - 0.999 * Double(i) / Double(count)
        let tone = Double(i % 8 < 4 ? 1 : -1) * 0.1
        return Float((generator.double(-0.5, 0.5) + tone) * fading)
    }
}

/// A sine.
func sine(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 1) -> [Float] {
    (0..<count).map { i in
        Float(amplitude * RepeatableMath.sinPi(2 * frequency * Double(i) / Double(rate)))
    }
}

/// The row of the loudest pixel of a column.
func loudestRow(_ pixels: [UInt8], width: Int, column: Int) -> Int {
    let rows = stride(from: column, to: pixels.count, by: width).map { pixels[$0] }
    return rows.firstIndex(of: rows.max() ?? 0) ?? -1
}
