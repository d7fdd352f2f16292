import CImageBarriers
public import MediaCore

/// Reads JPEG files, baseline and progressive, with libjpeg.
///
/// The picture is `gray` or `rgb` of 8 bits. CMYK and YCCK become RGB by what the inks let through (no profile is
/// used); with an Adobe marker the stored values are taken as light, as Adobe's programs write them. A file that ends
/// early is an error: libjpeg by itself would paint the rest gray.
public struct JPEGDecoder: Sendable {
    /// What a file may ask for.
    public var limits: Limits
    /// Whether to turn the picture as its EXIF data says.
    public var appliesOrientation: Bool
    /// Whether to take what is there of a file that ends early. The report then holds a finding.
    public var acceptsTruncated: Bool
    /// The most scans of a progressive file. Cameras and programs write about ten; a hundred thousand make a small file
    /// take hours.
    public var maximumScans = 500

    /// Creates a decoder.
    public init(limits: Limits = .default, appliesOrientation: Bool = true, acceptsTruncated: Bool = false) {
        self.limits = limits
        self.appliesOrientation = appliesOrientation
        self.acceptsTruncated = acceptsTruncated
    }

    /// Decodes a whole file.
    ///
    /// - Throws: `format.malformed`, `format.truncated`, `format.unsupported` (12 bits, lossless, arithmetic coding
    ///   where libjpeg lacks it), `limit.exceeded`, `memory.exhausted`.
    public func decode(_ bytes: RawSpan) throws(MediaError) -> DecodedImage {
        var context = JPEGContext(limits: limits, fileBytes: bytes.byteCount)
        var failure = tm_image_failure()
        var reading = tm_jpeg_reading()
        let (memory, isTooMuch) = limits.imagePixels.multipliedReportingOverflow(by: 8)
        reading.memory_bytes = isTooMuch || memory <= 0 ? Int.max / 2 : memory
        reading.scans = UInt32(clamping: maximumScans)
        reading.accepts_truncated = acceptsTruncated ? 1 : 0
        unsafe bytes.withUnsafeBytes { file in
            unsafe withUnsafeMutablePointer(to: &context) { context in
                _ = unsafe tm_jpeg_decode(
                    file.baseAddress?.assumingMemoryBound(to: UInt8.self), file.count, &reading,
                    JPEGContext.beginCallback, JPEGContext.metadataCallback, context, &failure)
            }
        }
        if let error = failure.error(of: "libjpeg", thrown: context.common.error) { throw error }
        guard let storage = context.common.storage else { throw MediaError(.malformed, "the file has no pixels") }
        context.joinProfile()
        let image = DecodedImage(
            width: context.common.width, height: context.common.height, format: context.common.format, palette: nil,
            storage: storage, fileFormat: .jpeg, metadata: context.common.metadata, findings: context.common.findings)
        return appliesOrientation ? try image.oriented() : image
    }
}

/// What a JPEG's decoding keeps while libjpeg is at work.
private struct JPEGContext {
    var common: DecodingContext
    /// The pieces of a profile, as the APP2 markers hold them.
    var pieces: [(number: Int, count: Int, bytes: ArraySlice<UInt8>)] = []

    /// Whether the samples are inks, which a profile would be for.
    var holdsInks = false

    init(limits: Limits, fileBytes: Int) { common = DecodingContext(limits: limits, fileBytes: fileBytes) }

    mutating func begin(_ header: tm_jpeg_header) throws(MediaError) {
        // Blank blocks of 64 pixels take a bit or less each; arithmetic coding takes almost nothing.
        try common.accept(
            width: Int(header.width), height: Int(header.height), format: header.channels == 1 ? .gray : .rgb,
            pixelsPerByte: 1 << 16)
        if header.density_x > 0, header.density_y > 0 {
            let perMetre: Double? = header.density_unit == 1 ? 1 / 0.0254 : header.density_unit == 2 ? 100 : nil
            common.metadata.density = .init(
                x: Double(header.density_x) * (perMetre ?? 1), y: Double(header.density_y) * (perMetre ?? 1),
                isPerMetre: perMetre != nil)
        }
        if Int(header.color_space) == Int(TM_JPEG_CMYK) || Int(header.color_space) == Int(TM_JPEG_YCCK) {
            holdsInks = true
            common.warn(.unsupported, "the picture has printing inks; its colours as light are an estimate")
        }
    }

    mutating func take(marker: String, _ bytes: [UInt8]) {
        switch marker {
        case "APP1" where bytes.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]):
            common.metadata.take(exif: Array(bytes.dropFirst(6)))
        case "APP2" where bytes.count >= 14 && bytes.starts(with: Array("ICC_PROFILE\0".utf8)):
            pieces.append((Int(bytes[12]), Int(bytes[13]), bytes.dropFirst(14)))
        case "COM":
            common.metadata.texts.append(.init(key: "Comment", value: .latin1OrUTF8(bytes)))
        default: break
        }
    }

    /// ICC.1:2010, B.4: every piece says its number, from 1 on, and how many there are; any order is allowed.
    mutating func joinProfile() {
        // A profile of inks says nothing about the RGB that comes out.
        guard let first = pieces.first, !holdsInks else { return }
        pieces.sort { $0.number < $1.number }
        guard pieces.map(\.number) == Array(1...pieces.count), pieces.allSatisfy({ $0.count == first.count }),
            first.count == pieces.count
        else {
            common.warn(.malformed, "the colour profile is incomplete and was left out")
            return
        }
        // 255 markers of 64 KiB are the most; a caller may allow less.
        guard pieces.reduce(0, { $0 + $1.bytes.count }) <= common.limits.headerBytes else { return }
        common.metadata.profile = pieces.flatMap(\.bytes)
        common.metadata.colorSpace = .profile
    }

    static let beginCallback: tm_jpeg_begin = { context, header, pixels, rowBytes in
        guard let context = unsafe context?.assumingMemoryBound(to: JPEGContext.self), let header = unsafe header,
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
        guard let context = unsafe context?.assumingMemoryBound(to: JPEGContext.self), let key = unsafe key else {
            return
        }
        let payload = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
        switch Int(kind) {
        case Int(TM_IMAGE_WARNING):
            unsafe context.pointee.common.warn(.malformed, "libjpeg: " + String(decoding: payload, as: UTF8.self))
        case Int(TM_IMAGE_MARKER):
            unsafe context.pointee.take(marker: String(cString: key), payload)
        default: break
        }
    }
}
