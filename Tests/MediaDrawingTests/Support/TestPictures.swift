import MediaDrawing
import TestSupport
import Testing

/// A picture over an array of samples.
struct ArrayPixels: PixelSource {
    let width: Int, height: Int
    let format: PixelFormat
    var palette: Palette?
    var samples: [UInt16]

    init(width: Int, height: Int, format: PixelFormat, palette: Palette? = nil, samples: [UInt16]) {
        self.width = width
        self.height = height
        self.format = format
        self.palette = palette
        self.samples = samples
    }

    /// The same samples in every pixel.
    init(_ width: Int, _ height: Int, _ format: PixelFormat = .rgb, all pixel: [UInt16]) {
        self.init(
            width: width, height: height, format: format, samples: (0..<width * height).flatMap { _ in pixel })
    }

    /// Random samples.
    init(random width: Int, _ height: Int, _ format: PixelFormat, using generator: inout SeededGenerator) {
        self.init(
            width: width, height: height, format: format,
            samples: (0..<width * height * format.channels).map { _ in UInt16(generator.integer(0...format.maximum)) })
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let perRow = width * format.channels
        for (i, sample) in samples[rows.lowerBound * perRow..<rows.upperBound * perRow].enumerated() {
            if format.bytesPerSample == 2 {
                band.storeBytes(of: sample, toByteOffset: 2 * i, as: UInt16.self)
            } else {
                band.storeBytes(of: UInt8(truncatingIfNeeded: sample), toByteOffset: i, as: UInt8.self)
            }
        }
    }
}

/// The bytes of some rows. The band begins `misalignment` bytes after an aligned address.
func render(_ source: any PixelSource, rows: Range<Int>? = nil, misalignment: Int = 0) throws -> [UInt8] {
    let rows = rows ?? 0..<source.height
    var bytes = [UInt8](repeating: 0xA5, count: rows.count * source.bytesPerRow + misalignment)
    var tally = PixelTally()
    try bytes.withUnsafeMutableBytes { all in
        var band = UnsafeMutableRawBufferPointer(rebasing: all[misalignment...]).mutableBytes
        try source.fill(rows: rows, into: &band, tally: &tally)
    }
    return Array(bytes[misalignment...])
}

/// The samples of the whole picture.
func samples(_ source: any PixelSource) throws -> [Int] {
    let bytes = try render(source)
    if source.format.bytesPerSample == 1 { return bytes.map(Int.init) }
    return bytes.withUnsafeBytes { raw in raw.bindMemory(to: UInt16.self).map(Int.init) }
}

extension Palette.Color {
    static let signal = Palette.Color(red: 255, green: 0, blue: 0)
}

/// The coverage levels of what `draw` draws, row after row: white on black.
func levels(_ width: Int, _ height: Int, _ draw: (inout Canvas) -> Void) throws -> [Int] {
    var canvas = try Canvas(over: ArrayPixels(width, height, all: [0, 0, 0]))
    draw(&canvas)
    let samples = try samples(canvas)
    return stride(from: 0, to: samples.count, by: 3).map { samples[$0] }
}

/// Letters that need no font: `l` is a bar, `o` an open ring drawn with a pen, `-` a dash, a blank is empty, `…` is wide, and
/// `é` stands for what is tall. All others are missing.
struct StubTypeface: Typeface {
    var characters: Set<Unicode.Scalar> = ["l", "o", "-", " ", "…"]
    var ascent: Double { 0.9 }
    var descent: Double { 0.25 }
    var capHeight: Double { 0.7 }
    var lineHeight: Double { 1.25 }

    func glyph(for character: Unicode.Scalar) -> Glyph? {
        guard characters.contains(character) else { return nil }
        switch character {
        case " ": return Glyph(advance: 0.25, shape: .outline(Path()))
        case "l":
            return Glyph(
                advance: 0.5, shape: .outline(Path(Rectangle(minX: 0.1, minY: -0.7, maxX: 0.4, maxY: 0))))
        case "o":
            return Glyph(
                advance: 0.5, shape: .strokes(Path(circleAround: Point(x: 0.25, y: -0.25), radius: 0.2), pen: 0.1))
        case "…": return Glyph(advance: 1, shape: .outline(Path(Rectangle(minX: 0, minY: -0.1, maxX: 1, maxY: 0))))
        default:
            return Glyph(advance: 0.5, shape: .outline(Path(Rectangle(minX: 0, minY: -0.4, maxX: 0.5, maxY: -0.3))))
        }
    }

    func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        first == "l" && second == "o" ? -0.1 : 0
    }
}
