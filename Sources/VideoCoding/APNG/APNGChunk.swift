import ImageCoding
import MediaCore

/// A chunk of PNG while its content is put together.
struct APNGChunk {
    /// Length, name and content; the checksum is added when it is written.
    private var bytes: [UInt8]

    init(_ name: StaticString) {
        bytes = [0, 0, 0, 0]
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ number: UInt32) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
    }

    mutating func append(_ number: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number))
    }

    mutating func append(_ content: some Sequence<UInt8>) { bytes.append(contentsOf: content) }

    /// Hands out the finished chunk.
    func withSpan(_ body: (RawSpan) throws(MediaError) -> Void) throws(MediaError) {
        var chunk = bytes
        let length = UInt32(truncatingIfNeeded: bytes.count - 8)
        for place in 0..<4 { chunk[place] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * place)) }
        var checksum = CRC32()
        unsafe checksum.update(chunk.span.bytes.extracting(4..<chunk.count))
        let sum = checksum.value
        for shift in [24, 16, 8, 0] { chunk.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
        try unsafe body(chunk.span.bytes)
    }

    func write(to sink: any ByteSink) throws(MediaError) {
        try withSpan { (bytes) throws(MediaError) in try sink.write(bytes) }
    }
}

/// The chunks of a PNG file that our own encoder wrote.
struct PNGChunkList {
    private let bytes: [UInt8]
    /// Where the first chunk of pixels begins.
    let headEnd: Int
    private var place: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var place = 8
        while place + 12 <= bytes.count, Self.name(bytes, place) != Self.pixels { place = Self.end(bytes, place) }
        headEnd = min(place, bytes.count)
        self.place = headEnd
    }

    /// Where the content of the next chunk of pixels is.
    mutating func nextData() -> Range<Int>? {
        guard place + 12 <= bytes.count, Self.name(bytes, place) == Self.pixels else { return nil }
        let end = Self.end(bytes, place)
        guard end <= bytes.count else { return nil }
        defer { place = end }
        return place + 8..<end - 4
    }

    private static let pixels = Array("IDAT".utf8)
    private static func name(_ bytes: [UInt8], _ place: Int) -> [UInt8] { Array(bytes[place + 4..<place + 8]) }
    private static func end(_ bytes: [UInt8], _ place: Int) -> Int {
        place + 12 + bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}

/// How long a frame of APNG is shown: a fraction of two 16-bit numbers, exact where it can be.
struct APNGDuration {
    let numerator: UInt16
    let denominator: UInt16

    /// `units` of a time base; rounded to what fits, at most 65,535 seconds.
    init(_ units: Int, _ base: TimeBase) {
        let (product, overflow) = units.multipliedReportingOverflow(by: base.numerator)
        var a = overflow ? Int.max : product, b = base.denominator
        while b != 0 { (a, b) = (b, a % b) }
        let top = overflow ? Int.max : product / max(a, 1), bottom = base.denominator / max(a, 1)
        if top <= 65535, bottom <= 65535 {
            (numerator, denominator) = (UInt16(top), UInt16(bottom))
            return
        }
        let seconds = Double(units) * base.seconds
        // The finest unit that holds the time.
        let unit: Double =
            seconds * 10000 <= 65535 ? 10000 : seconds * 1000 <= 65535 ? 1000 : seconds * 100 <= 65535 ? 100 : 1
        numerator = UInt16(min(max((seconds * unit).rounded(), 1), 65535))
        denominator = UInt16(unit)
    }

    var seconds: Double { Double(numerator) / Double(denominator) }
}

/// An area of a frame as a picture.
struct FramePicture: PixelSource {
    let pixels: FramePixels
    let area: FrameArea
    let format: PixelFormat
    var width: Int { area.columns.count }
    var height: Int { area.rows.count }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let length = bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == rows.count * length else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        unsafe band.withUnsafeMutableBytes { target in
            guard let base = target.baseAddress else { return }
            for (place, row) in rows.enumerated() {
                let source =
                    unsafe pixels.row(area.rows.lowerBound + row) + area.columns.lowerBound * pixels.words.stride
                unsafe (base + place * length).copyMemory(from: source, byteCount: length)
            }
        }
    }
}
