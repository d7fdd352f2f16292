/// The little that is needed of EXIF: a TIFF structure whose first directory may hold an orientation.
enum EXIF {
    /// The orientation in `bytes`, which begin with a byte order mark; `nil` when there is none or it makes no sense.
    ///
    /// CIPA DC-008 (EXIF), TIFF 6.0: a mark `II` or `MM`, 42, the offset of the first directory; there a count and
    /// entries of 12 bytes: tag, type, count, value. Orientation is tag 0x0112, one SHORT, in the value's first bytes.
    static func orientation(in bytes: RawSpan) -> ImageOrientation? {
        let isLittle = bytes.holds("II")
        guard isLittle || bytes.holds("MM") else { return nil }
        func short(_ offset: Int) -> Int {
            Int(isLittle ? bytes.littleEndian16(at: offset) : bytes.bigEndian16(at: offset))
        }
        func long(_ offset: Int) -> Int {
            Int(isLittle ? bytes.littleEndian32(at: offset) : bytes.bigEndian32(at: offset))
        }
        guard short(2) == 42 else { return nil }
        let directory = long(4)
        guard directory >= 8, directory <= bytes.byteCount - 2 else { return nil }
        for entry in 0..<short(directory) {
            let offset = directory + 2 + 12 * entry
            guard offset <= bytes.byteCount - 12 else { return nil }
            guard short(offset) == 0x0112 else { continue }
            switch short(offset + 2) {
            case 3: return ImageOrientation(rawValue: short(offset + 8))
            // Some programs write a LONG.
            case 4: return ImageOrientation(rawValue: long(offset + 8))
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
