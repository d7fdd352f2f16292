import ImageCoding
import MediaAnnotations
import MediaCore

/// Picture files as inputs: decoded, brought to sRGB, and changed as the settings say.
enum PictureInput {
    /// The pixels of a file.
    ///
    /// - Parameters:
    ///   - contents: the file.
    ///   - settings: mode, bits and the longest side are followed; the rest is for tensors.
    ///   - size: what the picture is wanted in: one that has it only as it is stored is not turned as its metadata asks.
    ///   - findings: what is odd about the file goes here.
    /// - Throws: what ``ImageFile/decode(_:limits:appliesOrientation:)`` throws.
    static func pixels(
        _ contents: FileContents, _ settings: ConversionSettings, for size: ImageSize? = nil,
        _ findings: inout [Finding]
    ) throws(MediaError) -> any PixelSource {
        var image: DecodedImage
        do throws(MediaError) {
            image = try ImageFile.decode(contents, limits: settings.limits)
            if let size, (image.width, image.height) != (size.width, size.height),
                (image.height, image.width) == (size.width, size.height)
            {
                image = try ImageFile.decode(contents, limits: settings.limits, appliesOrientation: false)
            }
        } catch {
            guard error.code == .unsupported else { throw error }
            var helpful = error
            helpful.hint = "copy it as it is (--keep), or convert it to PNG"
            throw helpful
        }
        do throws(MediaError) {
            image = try image.convertedToSRGB()
        } catch {
            findings.append(
                .warning(
                    error.code, "the colour profile cannot be followed: \(error.message)", path: "profile",
                    hint: "colours may differ; convert the picture to sRGB"))
        }
        var source: any PixelSource = image
        if let side = settings.picture.maxSide, max(image.width, image.height) > side {
            source = try ResizedSource.fit(try blendable(image), maxSide: side, filter: .lanczos3)
        }
        if let mode = settings.picture.mode, mode.format != source.format {
            source = try ConvertedSource(source, to: mode.format, rule: mode.rule)
        }
        if settings.picture.bits == 8, source.format.bits == 16,
            let narrow = PixelFormat(model: source.format.model, bits: 8)
        {
            source = try ConvertedSource(source, to: narrow)
        }
        return source
    }

    /// The picture in a format whose pixels can be mixed: neither indices nor black and white.
    private static func blendable(_ image: DecodedImage) throws(MediaError) -> any PixelSource {
        if let palette = image.palette {
            let isOpaque = palette.colors.allSatisfy { $0.alpha == 255 }
            return try ConvertedSource(image, to: isOpaque ? .rgb : .rgba)
        }
        return image.format.bits < 8 ? try ConvertedSource(image, to: .gray) : image
    }
}

extension ConversionSettings {
    /// Says which settings a picture file does not follow; `nil` when none of them was given.
    var findingForPicture: Finding? {
        var names: [String] = []
        if picture.kind != .image { names.append("as") }
        if picture.layout != nil { names.append("layout") }
        if picture.mapping != .automatic { names.append("range") }
        if picture.colorMap != nil { names.append("colormap") }
        if picture.grid != nil { names.append("grid") }
        if titles != nil { names.append("titles") }
        if copiesPictures {
            if picture.mode != nil { names.append("mode") }
            if picture.bits != nil { names.append("bits") }
            if picture.maxSide != nil { names.append("max-side") }
            if caption != nil { names.append("caption") }
            if hasRangeBar { names.append("range-bar") }
        }
        guard !names.isEmpty else { return nil }
        return .warning(
            .argumentInvalid,
            "this is a picture\(copiesPictures ? ", copied as it is" : ""); no effect: \(names.joined(separator: ", "))"
        )
    }
}
