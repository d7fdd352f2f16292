import ImageCoding
import MediaCore

/// How the pixels of a clip lie in memory while it is encoded: 1 byte of gray, 3 of RGB, or 4 of RGBA.
///
/// A pixel is read as one little-endian word and masked, so that one loop serves all three. That word is the key of its
/// colour from then on.
struct PixelWords: Sendable, Hashable {
    /// Bytes from a pixel to the next.
    let stride: Int
    /// The bits of a word that belong to the pixel.
    let mask: UInt32

    /// Words for 8-bit gray, RGB or RGBA.
    init(channels: Int) {
        stride = channels
        mask = channels == 4 ? .max : (1 << (8 * UInt32(channels))) - 1
    }

    /// Pixels of any size, whose keys are not asked for.
    init(bytesPerPixel: Int) {
        stride = bytesPerPixel
        mask = .max
    }

    /// The format in which frames are asked for.
    var format: PixelFormat { stride == 1 ? .gray : stride == 3 ? .rgb : .rgba }

    /// Red, green and blue of a key, in that order.
    @inline(__always)
    func color(of key: UInt32) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let red = UInt8(truncatingIfNeeded: key)
        guard stride > 1 else { return (red, red, red) }
        return (red, UInt8(truncatingIfNeeded: key >> 8), UInt8(truncatingIfNeeded: key >> 16))
    }

    /// Red, green and blue of a key in 24 bits, red lowest.
    @inline(__always)
    func rgb(of key: UInt32) -> UInt32 { stride == 1 ? key &* 0x01_0101 : key & 0xFF_FFFF }

    /// Whether a key is that of a pixel through which one sees.
    @inline(__always)
    func isClear(_ key: UInt32) -> Bool { stride == 4 && key == 0 }

    /// Reads pixel `column` of a row. Three bytes behind the last pixel have to be readable.
    @inline(__always)
    func key(_ row: UnsafePointer<UInt8>, _ column: Int) -> UInt32 {
        unsafe UInt32(littleEndian: UnsafeRawPointer(row + column &* stride).loadUnaligned(as: UInt32.self)) & mask
    }

    /// Writes pixel `column` of a row.
    @inline(__always)
    func store(_ key: UInt32, _ row: UnsafeMutablePointer<UInt8>, _ column: Int) {
        let place = unsafe row + column &* stride
        unsafe place.pointee = UInt8(truncatingIfNeeded: key)
        guard stride > 1 else { return }
        unsafe place[1] = UInt8(truncatingIfNeeded: key >> 8)
        unsafe place[2] = UInt8(truncatingIfNeeded: key >> 16)
        if stride == 4 { unsafe place[3] = UInt8(truncatingIfNeeded: key >> 24) }
    }
}

/// The pixels of one frame. The memory is used again for later frames.
///
/// Unchecked because of the pointer; a frame is written by one thread and then read by others.
@safe
final class FramePixels: @unchecked Sendable {
    let width: Int
    let height: Int
    let words: PixelWords
    /// The first byte; three bytes more than the pixels take can be read.
    let base: UnsafeMutablePointer<UInt8>
    /// What was lost when the frame was made.
    private(set) var tally = PixelTally()

    /// Memory for frames of a size.
    init(width: Int, height: Int, words: PixelWords) {
        self.width = width
        self.height = height
        self.words = words
        let count = width * height * words.stride + 3
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: 0, count: count)
    }

    deinit { unsafe base.deallocate() }

    /// Bytes from a row to the next.
    var rowBytes: Int { width * words.stride }

    /// The first byte of a row.
    func row(_ index: Int) -> UnsafePointer<UInt8> { unsafe UnsafePointer(base + index * rowBytes) }

    /// Takes the pixels of another of the same size and format.
    func copy(_ other: FramePixels) { unsafe base.update(from: other.base, count: rowBytes * height) }

    /// Takes the pixels of an area that differ between two others of the same size and format.
    func copyChanges(_ new: FramePixels, since old: FramePixels, _ area: FrameArea) {
        for row in area.rows {
            let from = unsafe new.row(row), before = unsafe old.row(row)
            let target = unsafe base + row * rowBytes
            for column in area.columns {
                let key = unsafe words.key(from, column)
                if unsafe words.key(before, column) != key { unsafe words.store(key, target, column) }
            }
        }
    }

    /// Takes the pixels of a frame, which has this size and format.
    func render(_ frame: any PixelSource) throws(MediaError) {
        tally = PixelTally()
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: base, count: rowBytes * height)
        var band = unsafe bytes.mutableBytes
        try frame.fill(rows: 0..<height, into: &band, tally: &tally)
    }

    /// Makes every pixel of RGBA either opaque or clear; all clear ones get the same key, 0.
    ///
    /// - Parameter threshold: the least opacity that becomes opaque.
    func divideOpacity(at threshold: UInt8) {
        guard words.stride == 4 else { return }
        let pixels = unsafe UnsafeMutableRawPointer(base)
        for offset in stride(from: 0, to: rowBytes * height, by: 4) {
            let pixel = unsafe UInt32(littleEndian: pixels.load(fromByteOffset: offset, as: UInt32.self))
            let divided = pixel >> 24 < UInt32(threshold) ? 0 : pixel | 0xFF00_0000
            unsafe pixels.storeBytes(of: divided.littleEndian, toByteOffset: offset, as: UInt32.self)
        }
    }
}
