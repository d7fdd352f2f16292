import ImageCoding
import MediaCore

/// Whether a file of WebM or Ogg goes on to where it says it ends. libav reads what there is, and is silent about the rest.
enum ContainerEnd {
    /// Follows the outermost elements of a WebM, which have to end inside the file (RFC 8794, sections 4 to 6).
    ///
    /// - Throws: `format.truncated` with the offset of the one that does not.
    static func check(webm bytes: RawSpan) throws(MediaError) {
        var place = 0
        while place < bytes.byteCount {
            let identifier = length(of: bytes.byte(at: place))
            let size = length(of: bytes.byte(at: place + identifier))
            let body = place + identifier + size
            guard identifier <= 4, size <= 8, body <= bytes.byteCount else { throw missing(at: place) }
            // The number without the bit that says how long it is.
            let top = Int(bytes.byte(at: place + identifier)) & (0x7F >> (size - 1))
            let value = (1..<size).reduce(top) { $0 << 8 | Int(bytes.byte(at: place + identifier + $1)) }
            if value == (1 << (7 * size)) - 1 { return }  // Nobody knew the length: a stream.
            guard value <= bytes.byteCount - body else { throw missing(at: place) }
            place = body + value
        }
    }

    /// Looks for the last page of an Ogg, which says that it is the last (RFC 3533, section 6).
    ///
    /// - Throws: `format.truncated` when it is not there, or not whole.
    static func check(ogg bytes: RawSpan) throws(MediaError) {
        // A page has 27 bytes and more, and at most 65,307.
        var place = bytes.byteCount - 27
        while place >= max(0, bytes.byteCount - 65_307), !bytes.holds("OggS", at: place) { place -= 1 }
        let count = Int(bytes.byte(at: place + 26))
        let length = (0..<count).reduce(27 + count) { $0 + Int(bytes.byte(at: place + 27 + $1)) }
        guard place >= 0, bytes.holds("OggS", at: place), bytes.byte(at: place + 5) & 4 != 0,
            place + length <= bytes.byteCount
        else { throw missing(at: max(0, place)) }
    }

    /// How many bytes a number takes that says so by its leading zeros.
    private static func length(of first: UInt8) -> Int { first.leadingZeroBitCount + 1 }

    private static func missing(at place: Int) -> MediaError {
        MediaError(
            .truncated, "the file ends before it says it does", hint: "copy the file again", at: .init(offset: place))
    }
}
