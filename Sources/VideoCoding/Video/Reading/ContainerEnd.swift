import MediaCore

/// Whether a file of video goes on to where its own lengths say it ends. libav reads what there is, and is silent about the rest.
enum ContainerEnd {
    /// Follows the outermost lengths of a file.
    ///
    /// - Throws: `format.truncated` with the offset of the part that is not all there.
    static func check(_ bytes: RawSpan, of format: ClipFormat) throws(MediaError) {
        let missing =
            switch format {
            case .mp4: brokenBox(bytes)
            case .webm: brokenElement(bytes)
            case .ogg: isWhole(ogg: bytes) ? nil : bytes.byteCount
            case .gif, .apng: nil as Int?
            }
        guard let missing else { return }
        throw MediaError(
            .truncated, "the file ends before it says it does", hint: "copy the file again", at: .init(offset: missing))
    }

    /// The first box of the outermost level that does not end inside the file (ISO/IEC 14496-12, section 4.2).
    private static func brokenBox(_ bytes: RawSpan) -> Int? {
        var place = 0
        while place < bytes.byteCount {
            guard let size = bytes.bigEndian(4, at: place) else { return place }
            var length = size
            if size == 0 { return nil }  // To the end of the file.
            if size == 1 {
                guard let long = bytes.bigEndian(8, at: place + 8) else { return place }
                length = long
            }
            guard length >= 8, length <= bytes.byteCount - place else { return place }
            place += length
        }
        return nil
    }

    /// The first element of the outermost level that does not end inside the file (RFC 8794, sections 4 to 6).
    private static func brokenElement(_ bytes: RawSpan) -> Int? {
        var place = 0
        while place < bytes.byteCount {
            guard let identifier = bytes.variableLength(at: place),
                let size = bytes.variableLength(at: place + identifier)
            else { return place }
            let body = place + identifier + size
            guard let value = bytes.bigEndian(size, at: place + identifier) else { return place }
            let mask = (1 << (7 * size)) - 1
            if value & mask == mask { return nil }  // Nobody knew the length: a stream.
            guard value & mask <= bytes.byteCount - body else { return place }
            place = body + (value & mask)
        }
        return nil
    }

    /// Whether the last page says that it is the last (RFC 3533, section 6).
    private static func isWhole(ogg bytes: RawSpan) -> Bool {
        // A page has 27 bytes and more, and at most 65,307.
        var place = bytes.byteCount - 27
        let first = max(0, bytes.byteCount - 65_307)
        while place >= first {
            if bytes.bigEndian(4, at: place) == 0x4F67_6753 {
                guard let flags = bytes.bigEndian(1, at: place + 5), let count = bytes.bigEndian(1, at: place + 26)
                else {
                    return false
                }
                var length = 27 + count
                for segment in 0..<count {
                    guard let size = bytes.bigEndian(1, at: place + 27 + segment) else { return false }
                    length += size
                }
                return flags & 4 != 0 && place + length <= bytes.byteCount
            }
            place -= 1
        }
        return false
    }
}

extension RawSpan {
    /// A number of 1…8 bytes, the highest first; `nil` where it is not inside, or larger than any length.
    fileprivate func bigEndian(_ count: Int, at offset: Int) -> Int? {
        guard offset >= 0, offset <= byteCount - count else { return nil }
        var value: UInt64 = 0
        for place in offset..<offset + count {
            value = value << 8 | UInt64(unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self))
        }
        return Int(exactly: value)
    }

    /// How many bytes a number takes that says so by its leading zeros.
    fileprivate func variableLength(at offset: Int) -> Int? {
        guard let first = bigEndian(1, at: offset), first > 0 else { return nil }
        return UInt8(first).leadingZeroBitCount + 1
    }
}
