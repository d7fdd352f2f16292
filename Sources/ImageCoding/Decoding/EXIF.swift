/// The little that is needed of EXIF: a TIFF structure whose first directory may hold an orientation.
enum EXIF {
    /// Where an orientation is.
    struct Place {
        /// The offset of the four bytes that hold it.
        var value: Int
        /// Whether the lower byte comes first.
        var isLittle: Bool
        /// Whether it has four bytes; the format says two.
        var isLong: Bool
    }

    /// The orientation in `bytes`, which begin with a byte order mark; `nil` when there is none or it makes no sense.
    static func orientation(in bytes: RawSpan) -> ImageOrientation? {
        guard let place = orientationPlace(in: bytes) else { return nil }
        let number =
            switch (place.isLong, place.isLittle) {
            case (false, false): Int(bytes.bigEndian16(at: place.value))
            case (false, true): Int(bytes.littleEndian16(at: place.value))
            case (true, false): Int(bytes.bigEndian32(at: place.value))
            case (true, true): Int(bytes.littleEndian32(at: place.value))
            }
        return ImageOrientation(rawValue: number)
    }

    /// CIPA DC-008 (EXIF), TIFF 6.0: a mark `II` or `MM`, 42, the offset of the first directory; there a count and
    /// entries of 12 bytes: tag, type, count, value. Orientation is tag 0x0112, one SHORT, in the value's first bytes.
    static func orientationPlace(in bytes: RawSpan) -> Place? {
        let isLittle = bytes.holds("II")
        guard isLittle || bytes.holds("MM") else { return nil }
        func short(_ offset: Int) -> Int {
            Int(isLittle ? bytes.littleEndian16(at: offset) : bytes.bigEndian16(at: offset))
        }
        let directory = Int(isLittle ? bytes.littleEndian32(at: 4) : bytes.bigEndian32(at: 4))
        guard short(2) == 42, directory >= 8, directory <= bytes.byteCount - 2 else { return nil }
        for entry in 0..<short(directory) {
            let offset = directory + 2 + 12 * entry
            guard offset <= bytes.byteCount - 12 else { return nil }
            guard short(offset) == 0x0112 else { continue }
            switch short(offset + 2) {
            case 3: return Place(value: offset + 8, isLittle: isLittle, isLong: false)
            // Some programs write a LONG.
            case 4: return Place(value: offset + 8, isLittle: isLittle, isLong: true)
            default: return nil
            }
        }
        return nil
    }
}

extension ImageMetadata {
    /// Keeps EXIF data and what it says about orientation. The first one counts.
    mutating func take(exif bytes: [UInt8]) {
        guard exif == nil else { return }
        exif = bytes
        orientation = unsafe EXIF.orientation(in: bytes.span.bytes) ?? .up
    }
}

extension ImageMetadata {
    /// EXIF data to write beside the pixels: when they were turned, it says that they are upright.
    var exifForPixels: [UInt8]? {
        guard var bytes = exif else { return nil }
        guard orientationWasApplied, let place = unsafe EXIF.orientationPlace(in: bytes.span.bytes) else {
            return bytes
        }
        for i in place.value..<place.value + 4 { bytes[i] = 0 }
        bytes[place.value + (place.isLittle ? 0 : place.isLong ? 3 : 1)] = 1
        return bytes
    }
}
