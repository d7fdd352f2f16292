import CImageBarriers
public import MediaCore

/// Reads PNG files of every colour type, depth and interlacing, with libpng.
///
/// Pixels keep the stored format: gray of 1, 2 and 4 bits and indices stay such, 16 bits stay 16 bits. A transparent
/// colour (`tRNS`) becomes an opacity channel, or opacity in the palette. Gray of 1, 2 or 4 bits with a transparent
/// colour becomes 8-bit gray with opacity.
public struct PNGDecoder: Sendable {
    /// What a file may ask for.
    public var limits: Limits
    /// Whether to turn the picture as its EXIF data says.
    public var appliesOrientation: Bool
    /// Whether to read on when a CRC or the Adler checksum is wrong.
    public var ignoresChecksums: Bool

    /// Creates a decoder.
    public init(limits: Limits = .default, appliesOrientation: Bool = true, ignoresChecksums: Bool = false) {
        self.limits = limits
        self.appliesOrientation = appliesOrientation
        self.ignoresChecksums = ignoresChecksums
    }

    /// Decodes a whole file.
    ///
    /// - Throws: `format.malformed`, `format.truncated`, `format.checksum`, `limit.exceeded`, `memory.exhausted`.
    public func decode(_ bytes: RawSpan) throws(MediaError) -> DecodedImage {
        try PNGChunks.checkLengths(in: bytes)
        var context = PNGContext(limits: limits, fileBytes: bytes.byteCount)
        var failure = tm_image_failure()
        unsafe bytes.withUnsafeBytes { file in
            unsafe withUnsafeMutablePointer(to: &context) { context in
                _ = unsafe tm_png_decode(
                    file.baseAddress?.assumingMemoryBound(to: UInt8.self), file.count, ignoresChecksums ? 1 : 0,
                    PNGContext.beginCallback, PNGContext.metadataCallback, context, &failure)
            }
        }
        if let error = failure.error(of: "libpng", thrown: context.common.error) { throw error }
        guard let storage = context.common.storage else {
            throw MediaError(.malformed, "the file has no pixels")
        }
        context.readCodePoints(in: bytes)
        context.completePalette()
        let image = DecodedImage(
            width: context.common.width, height: context.common.height, format: context.common.format,
            palette: Palette(context.colors), storage: storage, fileFormat: .png, metadata: context.common.metadata,
            findings: context.common.findings)
        return appliesOrientation ? try image.oriented() : image
    }
}

/// What a PNG's decoding keeps while libpng is at work.
private struct PNGContext {
    var common: DecodingContext
    var colors: [Palette.Color] = []

    init(limits: Limits, fileBytes: Int) { common = DecodingContext(limits: limits, fileBytes: fileBytes) }

    mutating func begin(_ header: tm_png_header) throws(MediaError) {
        let model: PixelFormat.Model =
            switch header.channels {
            case 1: header.color_type == 3 ? .indexed : .gray
            case 2: .grayAlpha
            case 3: .rgb
            default: .rgba
            }
        guard let format = PixelFormat(model: model, bits: Int(header.sample_bits)) else {
            throw MediaError(
                .malformed, "colour type \(header.color_type) with \(header.bit_depth) bits", at: .init(field: "IHDR"))
        }
        // Deflate makes at most 1032 bytes of one; a byte holds up to 8 pixels.
        let perByte = 1032 * 8 / max(1, Int(header.bit_depth))
        try common.accept(
            width: Int(header.width), height: Int(header.height), format: format, pixelsPerByte: perByte)
        var table = header.palette
        colors = unsafe withUnsafeBytes(of: &table) { bytes in
            (0..<min(256, Int(header.palette_count))).map { i in
                unsafe Palette.Color(
                    red: bytes[4 * i], green: bytes[4 * i + 1], blue: bytes[4 * i + 2], alpha: bytes[4 * i + 3])
            }
        }
        if header.density_x > 0, header.density_y > 0 {
            common.metadata.density = .init(
                x: Double(header.density_x), y: Double(header.density_y), isPerMetre: header.density_unit == 1)
        }
        if common.metadata.profile != nil {
            common.metadata.colorSpace = .profile
        } else if header.srgb_intent >= 0 {
            common.metadata.colorSpace = .sRGB
        } else if header.gamma > 0 {
            common.metadata.colorSpace = .gamma(Double(header.gamma) / 100_000)
        }
    }

    /// libpng 1.6.39 does not know the `cICP` chunk, the strongest word about colour.
    mutating func readCodePoints(in bytes: RawSpan) {
        guard let chunk = PNGChunks.first("cICP", in: bytes), chunk.count == 4 else { return }
        let start = chunk.lowerBound
        common.metadata.colorSpace = .codePoints(
            primaries: Int(bytes.byte(at: start)), transfer: Int(bytes.byte(at: start + 1)),
            matrix: Int(bytes.byte(at: start + 2)), isFullRange: bytes.byte(at: start + 3) != 0)
    }

    /// Adds black for indices that the palette does not have, and says so.
    mutating func completePalette() {
        guard common.format.model == .indexed, let storage = common.storage else { return }
        let greatest = storage.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { pixels in unsafe pixels.reduce(0 as UInt8) { $0 > $1 ? $0 : $1 } }
        }
        guard Int(greatest) >= colors.count else { return }
        common.warn(
            .valueOutOfRange, "an index is \(greatest), the palette has \(colors.count) colours; the rest are black")
        while colors.count <= Int(greatest) { colors.append(.init(red: 0, green: 0, blue: 0)) }
    }

    static let beginCallback: tm_png_begin = { context, header, pixels, rowBytes in
        guard let context = unsafe context?.assumingMemoryBound(to: PNGContext.self), let header = unsafe header,
            let pixels = unsafe pixels, let rowBytes = unsafe rowBytes
        else { return CInt(TM_IMAGE_FAIL) }
        do throws(MediaError) {
            try unsafe context.pointee.begin(header.pointee)
        } catch {
            unsafe context.pointee.common.error = error
            return CInt(TM_IMAGE_FAIL)
        }
        guard let storage = unsafe context.pointee.common.storage else { return CInt(TM_IMAGE_STOP) }
        unsafe pixels.pointee = unsafe storage.base.assumingMemoryBound(to: UInt8.self)
        unsafe rowBytes.pointee = unsafe context.pointee.common.width * context.pointee.common.format.bytesPerPixel
        return CInt(TM_IMAGE_CONTINUE)
    }

    static let metadataCallback: tm_image_metadata = { context, kind, key, bytes, count in
        guard let context = unsafe context?.assumingMemoryBound(to: PNGContext.self), let key = unsafe key else {
            return
        }
        let payload = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
        let name = unsafe String(cString: key)
        switch Int(kind) {
        case Int(TM_IMAGE_WARNING):
            unsafe context.pointee.common.warn(.malformed, "libpng: " + String(decoding: payload, as: UTF8.self))
        case Int(TM_IMAGE_TEXT):
            unsafe context.pointee.common.metadata.texts.append(.init(key: name, value: .latin1OrUTF8(payload)))
        case Int(TM_IMAGE_ICC):
            unsafe context.pointee.common.metadata.profile = payload
        case Int(TM_IMAGE_EXIF):
            unsafe context.pointee.common.metadata.take(exif: payload)
        default: break
        }
    }
}

extension String {
    /// `tEXt` is Latin-1 and `iTXt` is UTF-8; what is valid UTF-8 is taken as such.
    static func latin1OrUTF8(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
