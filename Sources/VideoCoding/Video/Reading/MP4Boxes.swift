import ImageCoding
import MediaCore

/// The boxes of an mp4, looked at before libav sees them (ISO/IEC 14496-12).
///
/// libav reads what there is of a file and is silent about the rest, and takes memory for tables by how long they say they are.
/// So every box has to end inside the one around it, and a table inside its box.
enum MP4Boxes {
    /// Checks a file.
    ///
    /// - Throws: `format.truncated` for one that ends before its boxes do; `format.malformed` for a table that is longer than its
    ///   box; `format.unsupported` for compressed headers. All name the offset.
    static func check(_ bytes: RawSpan) throws(MediaError) {
        try check(bytes, 0..<bytes.byteCount, depth: 0)
    }

    /// Boxes that hold boxes, and how many bytes stand in front of those.
    private static let holders: [String: Int] = [
        "moov": 0, "trak": 0, "mdia": 0, "minf": 0, "stbl": 0, "edts": 0, "udta": 0, "meta": 4, "mvex": 0, "moof": 0,
        "traf": 0,
    ]

    /// Boxes that are tables: where they say how many entries they have, and how many bytes an entry takes at least.
    private static let tables: [String: (count: Int, entry: Int)] = [
        "stts": (4, 8), "ctts": (4, 8), "stsc": (4, 12), "stco": (4, 4), "co64": (4, 8), "stss": (4, 4), "stps": (4, 4),
        "elst": (4, 12), "sbgp": (8, 8), "keys": (4, 8), "stsz": (8, 4), "stz2": (8, 0), "trun": (4, 0),
    ]

    private static func check(_ bytes: RawSpan, _ range: Range<Int>, depth: Int) throws(MediaError) {
        var place = range.lowerBound
        while place < range.upperBound {
            let rest = range.upperBound - place
            var length = Int(bytes.bigEndian32(at: place))
            var head = 8
            if length == 1 {
                head = 16
                length = Int(bytes.bigEndian32(at: place + 8)) << 32 | Int(bytes.bigEndian32(at: place + 12))
            }
            if length == 0, depth == 0 { length = rest }  // To the end of the file.
            guard length >= head, length <= rest else {
                // Some writers end a list of boxes with a zero.
                if depth > 0, rest == 4, length == 0 { return }
                throw MediaError(
                    depth == 0 ? .truncated : .malformed, "a box of \(length) bytes, there are \(rest)",
                    hint: "the file is cut short or damaged; copy it again", at: .init(offset: place))
            }
            try check(bytes, name(in: bytes, at: place + 4), place + head..<place + length, depth: depth)
            place += length
        }
    }

    /// Looks into a box.
    private static func check(
        _ bytes: RawSpan, _ name: String, _ body: Range<Int>, depth: Int
    ) throws(MediaError) {
        if name == "cmov" {
            throw MediaError(
                .unsupported, "the header is compressed", hint: "write the file again with another program",
                at: .init(offset: body.lowerBound))
        }
        // QuickTime has no number of a version in front of what is in this one.
        let skipped = name == "meta" && bytes.holds("hdlr", at: body.lowerBound + 4) ? 0 : holders[name]
        if let skipped, depth < 16, body.count >= skipped {
            try check(bytes, body.lowerBound + skipped..<body.upperBound, depth: depth + 1)
        }
        guard let table = tables[name], body.count >= table.count + 4 else { return }
        let count = Int(bytes.bigEndian32(at: body.lowerBound + table.count))
        let most = mostEntries(of: name, table.entry, in: bytes, body, body.count - table.count - 4)
        guard count <= most else {
            throw MediaError(
                .malformed, "a table \(name) of \(count) entries, there is room for \(most)",
                hint: "the file is damaged; copy it again", at: .init(offset: body.lowerBound))
        }
    }

    /// How many entries a table can have.
    private static func mostEntries(
        of name: String, _ entry: Int, in bytes: RawSpan, _ body: Range<Int>, _ room: Int
    ) -> Int {
        switch name {
        case "stsz":
            // Samples of one size have no entries; they lie in the file.
            let size = Int(bytes.bigEndian32(at: body.lowerBound + 4))
            return size == 0 ? room / entry : bytes.byteCount / size
        case "stz2":
            let bits = Int(bytes.byte(at: body.lowerBound + 7))
            return bits == 0 ? 0 : room * 8 / bits
        case "trun":
            // Each of four flags is a number of every entry; without any, samples are only counted.
            let flags = bytes.bigEndian32(at: body.lowerBound)
            let numbers = (flags & 0xF00).nonzeroBitCount
            return numbers == 0 ? bytes.byteCount : room / (4 * numbers)
        default: return room / entry
        }
    }

    private static func name(in bytes: RawSpan, at place: Int) -> String {
        String(decoding: (0..<4).map { bytes.byte(at: place + $0) }, as: UTF8.self)
    }
}
