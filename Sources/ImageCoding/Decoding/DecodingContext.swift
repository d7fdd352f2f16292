import CImageBarriers
import MediaCore

/// What Swift's side of a decoding keeps while C is at work. C calls back with its address.
struct DecodingContext {
    /// What the header must not exceed.
    var limits: Limits
    /// How many bytes the file has.
    var fileBytes: Int
    /// Whether to end after the header.
    var headerOnly = false
    /// The pixels, once the header was accepted.
    var storage: PixelStorage?
    /// The picture's shape, once the header was seen.
    var width = 0, height = 0, format = PixelFormat.gray
    /// What a callback threw.
    var error: MediaError?
    /// Metadata as it came.
    var metadata = ImageMetadata()
    /// The pieces of a JPEG's profile.
    var profilePieces: [ProfilePiece] = []
    /// The library's warnings, the first few.
    var findings: [Finding] = []

    init(limits: Limits, fileBytes: Int) {
        self.limits = limits
        self.fileBytes = fileBytes
    }

    /// A piece of a profile as one APP2 marker holds it.
    struct ProfilePiece {
        var number: Int, count: Int
        var bytes: [UInt8]
    }

    /// Checks a size against the limits and takes memory for it.
    ///
    /// - Parameter pixelsPerByte: more than the format can squeeze into one byte of a file; what is over it is a lie.
    mutating func accept(
        width: Int, height: Int, format: PixelFormat, pixelsPerByte: Int
    ) throws(MediaError) {
        self.width = width
        self.height = height
        self.format = format
        guard width >= 1, height >= 1 else {
            throw MediaError(.malformed, "the size is \(width)×\(height) pixels", at: .init(field: "header"))
        }
        guard width <= limits.imageSide, height <= limits.imageSide else {
            throw MediaError(
                .limitExceeded, "\(width)×\(height) pixels: a side may have \(limits.imageSide)",
                hint: "raise Limits.imageSide if the file is trusted", at: .init(field: "header"))
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limits.imagePixels else {
            throw MediaError(
                .limitExceeded, "\(width)×\(height) pixels: a picture may have \(limits.imagePixels)",
                hint: "raise Limits.imagePixels if the file is trusted", at: .init(field: "header"))
        }
        guard pixels / pixelsPerByte <= fileBytes else {
            throw MediaError(
                .truncated, "\(width)×\(height) pixels cannot be in a file of \(fileBytes) bytes",
                hint: "copy or write the file again", at: .init(field: "header"))
        }
        let (bytes, tooLarge) = pixels.multipliedReportingOverflow(by: format.bytesPerPixel)
        guard !tooLarge else {
            throw MediaError(.limitExceeded, "\(width)×\(height) pixels do not fit in memory")
        }
        storage = headerOnly ? nil : try PixelStorage(byteCount: bytes)
    }

    /// Keeps a warning of the library, as long as there are few.
    mutating func warn(_ code: MediaError.Code, _ message: String) {
        if findings.count < 16 { findings.append(.warning(code, message)) }
    }
}
