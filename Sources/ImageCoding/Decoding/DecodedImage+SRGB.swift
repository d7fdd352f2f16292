public import MediaCore

extension DecodedImage {
    /// The picture in sRGB, by the profile that its file holds; itself when there is none.
    ///
    /// Profiles made of a matrix and curves (versions 2 and 4) and gray curves are understood. Colours outside sRGB are
    /// clipped to its surface, channel by channel (relative colorimetric, no black point compensation). 8-bit samples
    /// are within 1 of the exact value, 16-bit samples within 2. Opacity stays. The result has no profile and says sRGB.
    ///
    /// - Throws: `format.unsupported` for a profile that works by tables; `format.malformed` for a broken one, or one
    ///   that is not for this kind of pixel.
    public func convertedToSRGB() throws(MediaError) -> DecodedImage {
        guard let bytes = metadata.profile else { return self }
        guard ICCProfile.fits(bytes, format.model) else {
            throw MediaError(
                .malformed, "the colour profile is not one for \(format) pixels",
                hint: "drop the profile, or convert the picture in a picture editor", at: .init(field: "profile"))
        }
        let conversion = SRGBConversion(try ICCProfile.read(bytes))
        var result = self
        if let palette {
            result = replacing(storage, palette: Palette(palette.colors.map(conversion.color)))
        } else {
            let target = try PixelStorage(byteCount: storage.byteCount)
            unsafe target.base.copyMemory(from: storage.base, byteCount: storage.byteCount)
            let pixels = width * height
            let isGray = format.model == .gray || format.model == .grayAlpha
            if format.bits == 16 {
                unsafe conversion.convert16(
                    target.base.assumingMemoryBound(to: UInt16.self), count: pixels, channels: format.channels,
                    isGray: isGray)
            } else {
                unsafe conversion.convert8(
                    target.base.assumingMemoryBound(to: UInt8.self), count: pixels, channels: format.channels,
                    isGray: isGray, maximum: format.maximum)
            }
            result = replacing(target, palette: nil)
        }
        result.metadata.profile = nil
        result.metadata.colorSpace = .sRGB
        return result
    }

    private func replacing(_ storage: PixelStorage, palette: Palette?) -> DecodedImage {
        DecodedImage(
            width: width, height: height, format: format, palette: palette, storage: storage, fileFormat: fileFormat,
            metadata: metadata, findings: findings)
    }
}
