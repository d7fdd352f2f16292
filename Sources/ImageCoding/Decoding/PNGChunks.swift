import MediaCore

/// Walks over the chunks of a PNG without reading their data.
package enum PNGChunks {
    /// The eight bytes in front of every PNG.
    package static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Calls `body` with the name and the range of the data of each chunk that lies within the file, until it says
    /// `false`. A chunk that reaches past the end is cut there.
    package static func each(in bytes: RawSpan, _ body: (_ name: String, _ data: Range<Int>) -> Bool) {
        var offset = signature.count
        while offset <= bytes.byteCount - 8 {
            let length = Int(bytes.bigEndian32(at: offset))
            let name = String(
                decoding: (offset + 4..<offset + 8).map { bytes.byte(at: $0) }, as: UTF8.self)
            let start = offset + 8
            let end = min(start + length, bytes.byteCount)
            guard body(name, start..<end), name != "IEND" else { return }
            offset = start + length + 4
        }
    }

    /// Refuses a file in which a chunk other than pixel data promises more than there is.
    ///
    /// libpng takes memory for what some chunks promise (`eXIf`) before it reads them: up to 2 GiB for a file of 100 bytes.
    static func checkLengths(in bytes: RawSpan) throws(MediaError) {
        var offset = signature.count
        while offset <= bytes.byteCount - 8 {
            let length = Int(bytes.bigEndian32(at: offset))
            let name = bytes.bigEndian32(at: offset + 4)
            guard name != 0x4945_4E44 else { return }  // IEND
            if length > bytes.byteCount - offset - 8, name != 0x4944_4154 {  // IDAT
                throw MediaError(
                    .truncated, "a chunk promises \(length) bytes, \(bytes.byteCount - offset - 8) are left",
                    hint: "copy or write the file again", at: .init(offset: offset))
            }
            offset += length + 12
        }
    }

    /// The data of the first chunk of a name.
    package static func first(_ name: String, in bytes: RawSpan) -> Range<Int>? {
        var found: Range<Int>?
        each(in: bytes) { candidate, data in
            if candidate == name { found = data }
            return found == nil
        }
        return found
    }
}
