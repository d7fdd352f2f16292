import MediaCore

/// Where the central directory of a ZIP archive is.
struct ZIPDirectory {
    /// How many members it lists.
    let count: Int
    /// Where it lies in the file.
    let range: Range<Int>

    /// Finds the directory from the end of the file.
    init(locatedIn bytes: RawSpan, limits: Limits) throws(MediaError) {
        guard let end = ZIPDirectory.endRecord(in: bytes) else {
            throw MediaError(
                .truncated, "the archive has no directory at its end: it was cut short or is still being written",
                hint: "write it again", at: .init(field: "directory"))
        }
        guard let disk = bytes.uint16(at: end + 4), let startDisk = bytes.uint16(at: end + 6),
            let shortCount = bytes.uint16(at: end + 10), let shortSize = bytes.uint32(at: end + 12),
            let shortOffset = bytes.uint32(at: end + 16)
        else { throw ZIPArchive.malformed("the record at the end is damaged", at: end) }
        var (count, size, offset) = (UInt64(shortCount), UInt64(shortSize), UInt64(shortOffset))
        var limit = end
        if bytes.hasBytes("PK\u{6}\u{7}", at: end - 20) {
            guard let place = bytes.uint64(at: end - 12).flatMap({ Int(exactly: $0) }), place <= end - 76,
                bytes.hasBytes("PK\u{6}\u{6}", at: place), let wideCount = bytes.uint64(at: place + 32),
                let wideSize = bytes.uint64(at: place + 40), let wideOffset = bytes.uint64(at: place + 48)
            else { throw ZIPArchive.malformed("the Zip64 record at the end is damaged", at: end - 20) }
            (count, size, offset) = (wideCount, wideSize, wideOffset)
            limit = place
        } else if disk != 0 || startDisk != 0 {
            throw MediaError(
                .unsupported, "the archive is spread over several volumes", hint: "write one archive",
                at: .init(field: "directory", offset: end))
        }
        guard count <= UInt64(limits.members) else {
            throw MediaError(
                .limitExceeded, "the archive lists \(count) members, the limit is \(limits.members)",
                hint: "raise Limits.members if that is true", at: .init(field: "directory", offset: end))
        }
        guard offset <= UInt64(limit), size == UInt64(limit) - offset, count <= size / 46 else {
            throw ZIPArchive.malformed(
                "a directory of \(count) members and \(size) bytes at byte \(offset) does not end at byte \(limit)",
                at: end)
        }
        guard size <= UInt64(limits.headerBytes) else {
            throw MediaError(
                .limitExceeded, "the directory has \(size) bytes, the limit is \(limits.headerBytes)",
                hint: "raise Limits.headerBytes if that is true", at: .init(field: "directory", offset: end))
        }
        self.count = Int(count)
        range = Int(offset)..<limit
    }

    /// The place of the record at the end, behind which a comment of up to 65535 bytes may stand.
    private static func endRecord(in bytes: RawSpan) -> Int? {
        var place = bytes.byteCount - 22
        let last = max(0, place - 0xFFFF)
        while place >= last {
            if bytes.hasBytes("PK\u{5}\u{6}", at: place), let comment = bytes.uint16(at: place + 20),
                place + 22 + Int(comment) == bytes.byteCount
            {
                return place
            }
            place -= 1
        }
        return nil
    }
}
