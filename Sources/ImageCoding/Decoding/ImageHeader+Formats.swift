import MediaCore

extension ImageHeader {
    /// PNG (W3C): the chunk IHDR comes first.
    static func readPNG(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        guard bytes.byteCount >= 33 else { throw cut("IHDR", bytes) }
        guard bytes.holds("IHDR", at: 12), bytes.bigEndian32(at: 8) == 13 else {
            throw MediaError(.malformed, "the first chunk is not IHDR", at: .init(offset: 8))
        }
        let colorType = bytes.byte(at: 25), depth = Int(bytes.byte(at: 24))
        let model: PixelFormat.Model
        switch colorType {
        case 0: model = .gray
        case 2: model = .rgb
        case 3: model = .indexed
        case 4: model = .grayAlpha
        case 6: model = .rgba
        default: throw MediaError(.malformed, "colour type \(colorType)", at: .init(field: "IHDR", offset: 25))
        }
        guard PixelFormat(model: model, bits: depth) != nil else {
            throw MediaError(
                .malformed, "\(depth) bits with colour type \(colorType)", at: .init(field: "IHDR", offset: 24))
        }
        let width = Int(bytes.bigEndian32(at: 16)), height = Int(bytes.bigEndian32(at: 20))
        guard width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF else {
            throw MediaError(.malformed, "the size is \(width)×\(height) pixels", at: .init(field: "IHDR", offset: 16))
        }
        var header = ImageHeader(.png, width: width, height: height, bitDepth: depth, channels: model.channels)
        header.isIndexed = model == .indexed
        header.hasAlpha = model == .grayAlpha || model == .rgba
        var isWhole = false
        PNGChunks.each(in: bytes) { name, data in
            switch name {
            case "tRNS": header.hasAlpha = true
            case "iCCP": header.hasProfile = true
            case "acTL": header.isAnimated = bytes.bigEndian32(at: data.lowerBound) > 1
            case "eXIf":
                header.orientation = EXIF.orientation(in: bytes.extracting(data)) ?? .up
            case "IEND": isWhole = true
            default: break
            }
            return true
        }
        if !isWhole { header.noteTruncation("the chunk IEND is missing") }
        return header
    }

    /// JPEG (ITU-T T.81): markers with lengths up to the frame header.
    static func readJPEG(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        var offset = 2
        var orientation: ImageOrientation?
        var hasProfile = false
        while offset <= bytes.byteCount - 4 {
            guard bytes.byte(at: offset) == 0xFF else {
                throw MediaError(.malformed, "there is no marker where one must be", at: .init(offset: offset))
            }
            let marker = bytes.byte(at: offset + 1)
            // Fill bytes, and markers without a length.
            if marker == 0xFF {
                offset += 1
                continue
            }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                offset += 2
                continue
            }
            guard marker != 0xDA, marker != 0xD9 else { break }
            let length = Int(bytes.bigEndian16(at: offset + 2))
            guard length >= 2 else {
                throw MediaError(.malformed, "a marker of \(length) bytes", at: .init(offset: offset))
            }
            let start = offset + 4, end = min(bytes.byteCount, offset + 2 + length)
            if marker == 0xE1, bytes.holds("Exif\0\0", at: start), orientation == nil, start + 6 <= end {
                orientation = EXIF.orientation(in: bytes.extracting(start + 6..<end))
            }
            if marker == 0xE2, bytes.holds("ICC_PROFILE\0", at: start) { hasProfile = true }
            // SOF0…SOF15 without DHT, JPG and DAC.
            if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
                guard length >= 8, end >= start + 6 else { throw cut("the frame header", bytes) }
                var header = ImageHeader(
                    .jpeg, width: Int(bytes.bigEndian16(at: start + 3)), height: Int(bytes.bigEndian16(at: start + 1)),
                    bitDepth: Int(bytes.byte(at: start)), channels: Int(bytes.byte(at: start + 5)))
                header.orientation = orientation ?? .up
                header.hasProfile = hasProfile
                if !bytes.holds([0xFF, 0xD9], at: bytes.byteCount - 2), !hasEnd(bytes) {
                    header.noteTruncation("the end marker is missing")
                }
                return header
            }
            offset += 2 + length
        }
        throw cut("the markers, before a frame header", bytes)
    }

    /// Whether an end marker is among the last bytes; some cameras pad behind it.
    private static func hasEnd(_ bytes: RawSpan) -> Bool {
        var offset = bytes.byteCount - 2
        while offset >= max(0, bytes.byteCount - (1 << 16)) {
            if bytes.byte(at: offset) == 0xFF, bytes.byte(at: offset + 1) == 0xD9 { return true }
            offset -= 1
        }
        return false
    }

    /// GIF89a: a screen descriptor, a palette, then blocks. A second picture makes it an animation.
    static func readGIF(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        guard bytes.byteCount >= 13 else { throw cut("the screen descriptor", bytes) }
        let flags = bytes.byte(at: 10)
        var header = ImageHeader(
            .gif, width: Int(bytes.littleEndian16(at: 6)), height: Int(bytes.littleEndian16(at: 8)),
            bitDepth: flags & 0x80 != 0 ? Int(flags & 7) + 1 : 8, channels: 1)
        header.isIndexed = true
        var offset = 13 + (flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0)
        var pictures = 0, isWhole = false
        func skipBlocks() {
            while offset < bytes.byteCount, bytes.byte(at: offset) != 0 { offset += 1 + Int(bytes.byte(at: offset)) }
            offset += 1
        }
        blocks: while offset < bytes.byteCount, pictures < 2 {
            switch bytes.byte(at: offset) {
            case 0x21:
                // A graphic control extension: 4 bytes, the lowest bit of the first says that a colour is transparent.
                if bytes.byte(at: offset + 1) == 0xF9, bytes.byte(at: offset + 3) & 1 != 0 { header.hasAlpha = true }
                offset += 2
                skipBlocks()
            case 0x2C:
                pictures += 1
                let local = bytes.byte(at: offset + 9)
                offset += 11 + (local & 0x80 != 0 ? 3 << (Int(local & 7) + 1) : 0)
                skipBlocks()
            case 0x3B:
                isWhole = true
                break blocks
            default:
                header.findings.append(
                    .error(.malformed, "byte \(offset) begins no block", hint: "write the file again"))
                return header
            }
        }
        header.isAnimated = pictures > 1
        if pictures == 0 {
            header.noteTruncation("there is no picture in the file")
        } else if pictures < 2, !isWhole {
            header.noteTruncation("the file ends inside a picture")
        }
        return header
    }

    /// BMP: a file header of 14 bytes, then one of 12 (OS/2) or 40 and more (Windows).
    static func readBMP(_ bytes: RawSpan) throws(MediaError) -> ImageHeader {
        let size = Int(bytes.littleEndian32(at: 14))
        guard bytes.byteCount >= 14 + size, bytes.byteCount >= 26 else { throw cut("the bitmap header", bytes) }
        let width: Int, height: Int, depth: Int
        var compression = 0
        if size == 12 {
            width = Int(bytes.littleEndian16(at: 18))
            height = Int(bytes.littleEndian16(at: 20))
            depth = Int(bytes.littleEndian16(at: 24))
        } else {
            width = Int(Int32(bitPattern: bytes.littleEndian32(at: 18)))
            // A negative height says that the top row comes first.
            height = abs(Int(Int32(bitPattern: bytes.littleEndian32(at: 22))))
            depth = Int(bytes.littleEndian16(at: 28))
            compression = size >= 40 ? Int(bytes.littleEndian32(at: 30)) : 0
        }
        guard [1, 2, 4, 8, 16, 24, 32].contains(depth) else {
            throw MediaError(.malformed, "\(depth) bits per pixel", at: .init(field: "header", offset: 28))
        }
        var header = ImageHeader(
            .bmp, width: width, height: height, bitDepth: depth <= 8 ? depth : depth == 16 ? 5 : 8,
            channels: depth <= 8 ? 1 : 3)
        header.isIndexed = depth <= 8
        if depth == 32, size >= 56, bytes.littleEndian32(at: 66) != 0 {
            header.hasAlpha = true
            header.channels = 4
        }
        // Without compression the size of the pixels is known.
        if compression == 0 || compression == 3, width > 0 {
            let row = (width * depth + 31) / 32 * 4
            let (need, overflow) = row.multipliedReportingOverflow(by: height)
            let start = Int(bytes.littleEndian32(at: 10))
            if overflow || start > bytes.byteCount || need > bytes.byteCount - start {
                header.noteTruncation(
                    "\(width)×\(height) pixels of \(depth) bits do not fit into \(bytes.byteCount) bytes")
            }
        }
        return header
    }
}
