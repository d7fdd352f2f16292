import CDeflate
import MediaCore

// The signature and the chunks in front of the pixels.
extension PNGChunkBytes {
    // MARK: Header, palette

    /// IHDR.
    mutating func appendHeader(_ layout: PNGLayout) throws(MediaError) {
        try append("IHDR") { bytes in
            Self.append(UInt32(truncatingIfNeeded: layout.width), to: &bytes)
            Self.append(UInt32(truncatingIfNeeded: layout.height), to: &bytes)
            bytes.append(UInt8(truncatingIfNeeded: layout.format.bits))
            bytes.append(layout.colorType)
            // Deflate, the five filters, not interlaced.
            for _ in 0..<3 { bytes.append(0) }
        }
    }

    /// PLTE, and tRNS up to the last colour that is not opaque.
    mutating func append(_ palette: Palette) throws(MediaError) {
        try append("PLTE") { bytes in
            for color in palette.colors {
                bytes.append(color.red)
                bytes.append(color.green)
                bytes.append(color.blue)
            }
        }
        guard let last = palette.colors.lastIndex(where: { $0.alpha != 255 }) else { return }
        try append("tRNS") { bytes in
            for color in palette.colors[...last] { bytes.append(color.alpha) }
        }
    }

    // MARK: Metadata

    /// What stands before PLTE: the colour space.
    mutating func append(_ colorSpace: PNGMetadata.ColorSpace) throws(MediaError) {
        switch colorSpace {
        case .unspecified: return
        case .sRGB(let intent):
            try append("gAMA") { Self.append(45455, to: &$0) }
            try append("sRGB") { $0.append(intent.rawValue) }
        case .gamma(let value, let chromaticities):
            let gamma = try Self.scaled(value, field: "colorSpace.gamma")
            guard gamma > 0 else {
                throw MediaError(
                    .argumentInvalid, "a gamma of \(value) is not a gamma", hint: "sRGB's is 0.45455",
                    at: .init(field: "colorSpace.gamma"))
            }
            try append("gAMA") { Self.append(gamma, to: &$0) }
            guard let chromaticities else { return }
            var numbers: [UInt32] = []
            for point in [chromaticities.white, chromaticities.red, chromaticities.green, chromaticities.blue] {
                numbers.append(try Self.scaled(point.x, field: "colorSpace.chromaticities"))
                numbers.append(try Self.scaled(point.y, field: "colorSpace.chromaticities"))
            }
            try append("cHRM") { bytes in for number in numbers { Self.append(number, to: &bytes) } }
        case .codePoints(let primaries, let transfer, let isFullRange):
            try append("cICP") { bytes in
                bytes.append(primaries)
                bytes.append(transfer)
                // PNG holds red, green and blue: no other matrix is allowed.
                bytes.append(0)
                bytes.append(isFullRange ? 1 : 0)
            }
        case .profile(let name, let profile):
            let compressed = try Self.compressed(profile)
            try append("iCCP") { bytes throws(MediaError) in
                bytes += try Self.keyword(name, field: "colorSpace.profile")
                bytes += [0, 0]
                bytes += compressed
            }
        }
    }

    /// What stands anywhere before the pixels: size and texts.
    mutating func append(_ metadata: PNGMetadata) throws(MediaError) {
        if let size = metadata.physicalSize {
            try append("pHYs") { bytes in
                Self.append(size.horizontal, to: &bytes)
                Self.append(size.vertical, to: &bytes)
                bytes.append(size.isPerMetre ? 1 : 0)
            }
        }
        for (index, text) in metadata.texts.enumerated() { try append(text, field: "texts[\(index)]") }
    }

    private mutating func append(_ text: PNGMetadata.Text, field: String) throws(MediaError) {
        let keyword = try Self.keyword(text.keyword, field: field)
        for part in [text.text, text.language, text.translatedKeyword] where part.utf8.contains(0) {
            throw MediaError(
                .argumentInvalid, "the text \"\(text.keyword)\" holds a zero byte, which ends a text in PNG",
                hint: "remove it", at: .init(field: field))
        }
        guard text.language.utf8.allSatisfy({ $0 == 0x2D || $0.isASCIILetterOrDigit }) else {
            throw MediaError(
                .argumentInvalid, "\"\(text.language)\" is not a language tag", hint: "as in \"en-GB\"",
                at: .init(field: field))
        }
        let isPlain = text.language.isEmpty && text.translatedKeyword.isEmpty
        if isPlain, let latin1 = Self.latin1(text.text) {
            try append("tEXt") { $0 += keyword + [0] + latin1 }
            return
        }
        try append("iTXt") { bytes in
            bytes += keyword
            // End of the keyword, not compressed, method 0.
            bytes += [0, 0, 0]
            bytes += text.language.utf8
            bytes.append(0)
            bytes += text.translatedKeyword.utf8
            bytes.append(0)
            bytes += text.text.utf8
        }
    }

    /// Latin-1 bytes of a text that `tEXt` may hold: printable characters and line ends.
    private static func latin1(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x20...0x7E, 0xA0...0xFF: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default: return nil
            }
        }
        return bytes
    }

    /// PNG 1.2, 4.2.3: 1 to 79 bytes of printable Latin-1, no space at either end, no two in a row.
    private static func keyword(_ text: String, field: String) throws(MediaError) -> [UInt8] {
        let isSound = !text.hasPrefix(" ") && !text.hasSuffix(" ") && !text.contains("  ") && !text.contains("\u{A0}")
        guard isSound, let bytes = latin1(text), (1...79).contains(bytes.count), !bytes.contains(0x0A) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" cannot be a keyword of a PNG text",
                hint: "use 1 to 79 printable Latin-1 characters, single spaces only inside", at: .init(field: field))
        }
        return bytes
    }

    /// A number in units of 1/100000.
    private static func scaled(_ value: Double, field: String) throws(MediaError) -> UInt32 {
        guard value >= 0, value <= 20_000 else {
            throw MediaError(
                .argumentInvalid, "\(value) is outside what PNG can say", hint: "give a number of 0…20000",
                at: .init(field: field))
        }
        return UInt32(value * 100_000 + 0.5)
    }

    /// A zlib stream of these bytes.
    private static func compressed(_ bytes: [UInt8]) throws(MediaError) -> [UInt8] {
        guard bytes.count < 1 << 28, let compressor = unsafe libdeflate_alloc_compressor(9) else {
            throw MediaError(.argumentInvalid, "an ICC profile of \(bytes.count) bytes is too long")
        }
        defer { unsafe libdeflate_free_compressor(compressor) }
        let bound = unsafe libdeflate_zlib_compress_bound(compressor, bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = unsafe libdeflate_zlib_compress(compressor, bytes, bytes.count, buffer.baseAddress, bound)
        }
    }
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
