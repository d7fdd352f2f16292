import ImageCoding
import MediaCore
import TestSupport
import Testing

/// A picture over an array of samples; the source of most tests here.
struct ArrayPixels: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    var palette: Palette?
    var samples: [UInt16]
    /// Pretends that each row lost one value.
    var losesOnePerRow = false

    init(width: Int, height: Int, format: PixelFormat, palette: Palette? = nil, samples: [UInt16]) {
        self.width = width
        self.height = height
        self.format = format
        self.palette = palette
        self.samples = samples
    }

    /// Random samples.
    init(
        random width: Int, _ height: Int, _ format: PixelFormat, palette: Palette? = nil,
        using generator: inout SeededGenerator
    ) {
        let most = format.model == .indexed ? (palette?.colors.count ?? 1) - 1 : format.maximum
        self.init(
            width: width, height: height, format: format, palette: palette,
            samples: (0..<width * height * format.channels).map { _ in UInt16(generator.integer(0...most)) })
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let perRow = width * format.channels
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == rows.count * bytesPerRow else {
            throw MediaError(.argumentInvalid, "rows \(rows) of \(height) into \(band.byteCount) bytes")
        }
        if losesOnePerRow { tally.clippedLow += rows.count }
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
func render(
    _ source: any PixelSource, rows: Range<Int>? = nil, misalignment: Int = 0, tally: inout PixelTally
) throws -> [UInt8] {
    let rows = rows ?? 0..<source.height
    let count = rows.count * source.bytesPerRow
    var bytes = [UInt8](repeating: 0xA5, count: count + misalignment)
    try bytes.withUnsafeMutableBytes { all in
        var band = UnsafeMutableRawBufferPointer(rebasing: all[misalignment...]).mutableBytes
        try source.fill(rows: rows, into: &band, tally: &tally)
    }
    return Array(bytes[misalignment...])
}

/// The bytes of the whole picture.
func render(_ source: any PixelSource) throws -> [UInt8] {
    var tally = PixelTally()
    return try render(source, tally: &tally)
}

/// The samples of the whole picture.
func samples(_ source: any PixelSource) throws -> [Int] {
    let bytes = try render(source)
    if source.format.bytesPerSample == 1 { return bytes.map(Int.init) }
    return bytes.withUnsafeBytes { raw in raw.bindMemory(to: UInt16.self).map(Int.init) }
}

/// Checks what every source promises: rows come out the same in any order, in any bands, at odd addresses.
func expectRowsInAnyOrder(_ source: any PixelSource, seed: UInt64 = 1, _ location: SourceLocation = #_sourceLocation)
    throws
{
    let whole = try render(source)
    #expect(whole.count == source.height * source.bytesPerRow, sourceLocation: location)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<6 {
        let first = generator.below(source.height)
        let rows = first..<first + 1 + generator.below(source.height - first)
        var tally = PixelTally()
        let band = try render(source, rows: rows, misalignment: generator.below(2), tally: &tally)
        let expected = Array(whole[rows.lowerBound * source.bytesPerRow..<rows.upperBound * source.bytesPerRow])
        #expect(firstDifference(band, expected) == nil, "rows \(rows)", sourceLocation: location)
    }
}
