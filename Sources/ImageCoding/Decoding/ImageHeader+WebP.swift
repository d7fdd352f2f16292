import MediaCore

extension ImageHeader {
    /// WebP (RFC 9649): RIFF, whose first chunk is `VP8 `, `VP8L` or `VP8X`.
    static func readWebP(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        guard bytes.byteCount >= 30 else { throw cut("the first chunk", bytes) }
        var header: ImageHeader
        if bytes.holds("VP8 ", at: 12) {
            header = try readLossy(bytes)
        } else if bytes.holds("VP8L", at: 12) {
            header = try readLossless(bytes)
        } else if bytes.holds("VP8X", at: 12) {
            header = readExtended(bytes)
        } else {
            throw MediaError(.malformed, "the first chunk is neither VP8, VP8L nor VP8X", at: .init(offset: 12))
        }
        let size = Int(bytes.littleEndian32(at: 4))
        if size > bytes.byteCount - 8 {
            header.noteTruncation("the header promises \(size + 8) bytes, the file has \(bytes.byteCount)")
        }
        return header
    }

    /// RFC 6386, 9.1: three bytes of tag, a start code, width and height of 14 bits with 2 bits of scale.
    private static func readLossy(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        guard bytes.byte(at: 20) & 1 == 0, bytes.holds([0x9D, 0x01, 0x2A], at: 23) else {
            throw MediaError(.malformed, "the chunk VP8 does not begin with a key frame", at: .init(offset: 20))
        }
        return ImageHeader(
            .webp, width: Int(bytes.littleEndian16(at: 26) & 0x3FFF),
            height: Int(bytes.littleEndian16(at: 28) & 0x3FFF),
            bitDepth: 8, channels: 3)
    }

    /// RFC 9649, 3.4: a signature byte, width − 1 and height − 1 of 14 bits, a bit that says whether opacity is used.
    private static func readLossless(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        guard bytes.byte(at: 20) == 0x2F else {
            throw MediaError(.malformed, "the chunk VP8L does not begin with its signature", at: .init(offset: 20))
        }
        let bits = bytes.littleEndian32(at: 21)
        let hasAlpha = bits >> 28 & 1 == 1
        var header = ImageHeader(
            .webp, width: Int(bits & 0x3FFF) + 1, height: Int(bits >> 14 & 0x3FFF) + 1, bitDepth: 8,
            channels: hasAlpha ? 4 : 3)
        header.hasAlpha = hasAlpha
        return header
    }

    /// RFC 9649, 2.7: flags, then width − 1 and height − 1 of the canvas, of 24 bits.
    private static func readExtended(_ bytes: RawSpan) -> ImageHeader {
        let flags = bytes.byte(at: 20)
        let width = Int(bytes.littleEndian32(at: 24) & 0xFF_FFFF) + 1
        let height = Int(bytes.littleEndian32(at: 26) >> 8) + 1
        let hasAlpha = flags & 0x10 != 0
        var header = ImageHeader(.webp, width: width, height: height, bitDepth: 8, channels: hasAlpha ? 4 : 3)
        header.hasAlpha = hasAlpha
        header.isAnimated = flags & 0x02 != 0
        header.hasProfile = flags & 0x20 != 0
        if flags & 0x08 != 0 { header.orientation = orientation(ofChunksIn: bytes) ?? .up }
        return header
    }

    private static func orientation(ofChunksIn bytes: RawSpan) -> ImageOrientation? {
        var offset = 12
        while offset <= bytes.byteCount - 8 {
            let length = Int(bytes.littleEndian32(at: offset + 4))
            let start = offset + 8, end = min(bytes.byteCount, start + length)
            if bytes.holds("EXIF", at: offset) {
                // Some programs keep the label that JPEG puts in front.
                let skip = bytes.holds("Exif\0\0", at: start) ? 6 : 0
                return start + skip <= end ? EXIF.orientation(in: bytes.extracting(start + skip..<end)) : nil
            }
            offset = start + length + (length & 1)
        }
        return nil
    }
}
