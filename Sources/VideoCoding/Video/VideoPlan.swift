import CLibavLoader
import ImageCoding
import MediaCore

/// What is decided about a video when its first frame is there.
struct VideoPlan: Sendable {
    let codec: VideoCodec
    /// What frames become before they are compressed: gray, RGB or RGBA.
    let pixels: PixelFormat
    /// Which colours the numbers stand for; `nil` for RGB.
    let matrix: YUVMatrix?
    let subsampling: YUVSubsampling
    /// Whether opacity is kept.
    let keepsAlpha: Bool
    /// By how much frames are enlarged.
    let scale: Int
    /// The size of the frames, enlarged.
    let width: Int, height: Int
    /// The size that is compressed.
    let codedWidth: Int, codedHeight: Int

    /// Lines from which on players expect BT.709.
    static let highDefinitionLines = 720
    /// Frames with a shorter side below this are tiny.
    private static let tinySide = 160
    /// The shorter side that tiny frames get at least.
    private static let enlargedSide = 256
    /// Tiny frames with more colours than this are taken for photographs.
    private static let mostColors = 255

    /// Decides.
    ///
    /// - Parameter first: the first frame, in the format that ``VideoEncoder/pixels(of:)`` names.
    init(_ encoder: VideoEncoder, _ codec: VideoCodec, _ first: any PixelSource) throws(MediaError) {
        self.codec = codec
        pixels = first.format
        let isRGB = encoder.quality == .lossless
        subsampling = isRGB ? .none : encoder.subsampling
        keepsAlpha = encoder.opacity == .kept && first.format.hasAlpha
        let short = min(first.width, first.height), long = max(first.width, first.height)
        let factor = (Self.enlargedSide + short - 1) / short
        let isTiny = encoder.enlargesTinyFrames && short < Self.tinySide && long * factor <= codec.mostPixels
        let isEnlarged = if isTiny, subsampling == .quarter { try Self.isFlat(first) } else { false }
        scale = isEnlarged ? factor : 1
        width = first.width * scale
        height = first.height * scale
        let step = subsampling == .quarter ? 2 : 1
        codedWidth = (width + step - 1) / step * step
        codedHeight = (height + step - 1) / step * step
        // VP8 has no other by its own rules.
        matrix = isRGB ? nil : codec == .vp8 || codedHeight < Self.highDefinitionLines ? .bt601 : .bt709
    }

    /// libav's number for the pixels that are compressed.
    var pixelNumber: Int32 {
        guard matrix != nil else { return Int32(codec == .h264 ? TM_AV_RGB24 : TM_AV_GBRP) }
        if keepsAlpha { return Int32(TM_AV_YUVA420P) }
        return Int32(subsampling == .quarter ? TM_AV_YUV420P : TM_AV_YUV444P)
    }

    /// What is to be said about the size, in words for people.
    var remarks: [String] {
        var remarks: [String] = []
        if scale > 1 { remarks.append("enlarged \(scale)× to \(width)×\(height), so that colours stay sharp") }
        if (codedWidth, codedHeight) != (width, height) {
            remarks.append(
                "the file has \(codedWidth)×\(codedHeight): 4:2:0 needs even sides, the last pixels are repeated")
        }
        return remarks
    }

    /// What is to be warned of.
    var findings: [Finding] {
        guard codec == .vp8, codedHeight >= Self.highDefinitionLines else { return [] }
        return [
            .warning(
                .valueOutOfRange,
                "VP8 has the colours of BT.601, players of \(codedHeight) lines may show those of BT.709 instead",
                path: "codec", hint: "write webm with vp9 or mp4")
        ]
    }

    /// Whether a frame has few colours.
    private static func isFlat(_ frame: any PixelSource) throws(MediaError) -> Bool {
        var colors = ColorCounter(limit: mostColors)
        var tally = PixelTally()
        var row = [UInt8](repeating: 0, count: frame.bytesPerRow)
        for index in 0..<frame.height where !colors.isBeyond {
            var span = row.mutableSpan
            var bytes = unsafe span.mutableBytes
            try frame.fill(rows: index..<index + 1, into: &bytes, tally: &tally)
            colors.add(row, channels: frame.format.bytesPerPixel)
        }
        return !colors.isBeyond
    }
}
