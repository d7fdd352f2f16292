import ImageCoding
import MediaCore
import TensorIO

/// A picture on which all contestants run.
struct BenchmarkSubject {
    /// What messages call it.
    let name: String
    /// The settings under which `convert` would write it.
    let settings: ConversionSettings
    /// The same pixels, finished.
    let pixels: PackedPixels
    private let made: any PixelSource
    private let tensor: Tensor?
    /// The processor seconds of deciding about a batch, at each level, shared by its pictures.
    private let decisions: [CPULevel: Double]

    /// Computes the pixels.
    ///
    /// - Throws: what the source throws.
    init(
        name: String, _ output: InputConversion.Output, source: any PixelSource, decisions: [CPULevel: Double]
    ) throws(MediaError) {
        self.name = name
        settings = output.settings
        made = source
        pixels = try PackedPixels(of: source, limits: output.settings.limits)
        tensor = output.origin?.count == 1 ? output.origin?.tensor : nil
        self.decisions = decisions
    }

    /// The picture as ours take it: made anew from a tensor, layout and value mapping decided again.
    func source() throws(MediaError) -> any PixelSource {
        if let tensor { try tensor.picture(settings.picture) } else { made }
    }

    /// What deciding about the batch adds to the time of one of its pictures.
    func decisionSeconds(at level: CPULevel) -> Double { decisions[level] ?? 0 }

    /// Whether files of the format hold the pixels as they are, but for what JPEG compression loses.
    func fits(_ format: BenchmarkOptions.Format) -> Bool {
        format == .png || [.gray, .rgb].contains(pixels.format) && max(pixels.width, pixels.height) <= 65500
    }

    /// The encoder of a contestant of ours, with nothing kept from earlier pictures.
    func encoder(_ format: BenchmarkOptions.Format, _ preset: EncodingPreset) -> ImageEncoder {
        ImageEncoder(
            for: format == .png ? .png : .jpeg, preset: preset, quality: settings.jpegQuality,
            compatibility: settings.picture.compatibility)
    }

    /// Throws unless the file shows the pixels: exactly those for PNG, and for JPEG what libjpeg-turbo makes of them.
    func check(_ file: [UInt8], _ contestant: BenchmarkContestant) throws(MediaError) {
        let decoded = try unsafe ImageFile.decode(file.span.bytes, limits: settings.limits, appliesOrientation: false)
        var expected: any PixelSource = pixels
        if contestant.format == .jpeg {
            let sink = MemorySink()
            try writeReferenceJPEG(to: sink)
            expected = try unsafe ImageFile.decode(sink.bytes.span.bytes, limits: settings.limits)
        }
        var options = PictureComparison.Options()
        options.measuresStructure = false
        options.measuresColor = false
        if decoded.width == expected.width, decoded.height == expected.height,
            try PictureComparison(decoded, expected, options: options).isIdentical
        {
            return
        }
        let level = contestant.level.map { " at \($0.rawValue)" } ?? ""
        throw MediaError(
            .libraryFailed, "\(contestant.name)\(level) wrote a \(contestant.format.rawValue) with other pixels",
            hint: "report this, with the file", at: .init(file: name))
    }

    /// Writes the pixels with libjpeg-turbo alone.
    func writeReferenceJPEG(to sink: any ByteSink) throws(MediaError) {
        _ = try unsafe ReferenceJPEGEncoder(quality: settings.jpegQuality).encode(
            pixels.bytes.span.bytes, width: pixels.width, height: pixels.height, channels: pixels.format.channels,
            to: sink)
    }
}

extension InputConversion.Output {
    /// What messages call the tensor or the picture file.
    func tensorName(in input: ConversionInput) -> String { input.name(ofMember: origin?.member ?? input.member) }

    /// As ``tensorName(in:)``, with `[3]` behind it for one of several pictures.
    func pictureName(in input: ConversionInput) -> String {
        guard let origin, origin.count > 1 else { return tensorName(in: input) }
        return tensorName(in: input) + "[\(origin.index)]"
    }
}

extension ConversionSettings {
    /// The quality of JPEG files, as `convert` has it.
    var jpegQuality: Int { quality ?? (picture.compatibility.isWandb ? 75 : 90) }
}
