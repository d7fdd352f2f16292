import MediaCore
import TensorIO

/// Looks at the sizes of chunks before libav takes memory for them: for texts it takes what they say, however short the file is.
enum ChunkSizes {
    /// - Throws: `format.truncated` for a chunk of a WAV file that says more bytes than there are. Samples may: a stream does
    ///   not know how many there will be.
    static func check(wav bytes: RawSpan) throws(MediaError) {
        var place = 12
        var isBehindSamples = false
        while let claimed = bytes.uint32(at: place + 4) {
            let left = bytes.byteCount - place - 8
            var size = Int(claimed)
            if bytes.holds("data", at: place) {
                // Sizes of 64 bits stand in the first chunk.
                if claimed == .max, bytes.holds("RF64"), bytes.holds("ds64", at: 12) {
                    size = bytes.uint64(at: 28).flatMap { Int(exactly: $0) } ?? .max
                }
                guard size <= left else { return }
                isBehindSamples = true
            } else if size > left {
                // What stands behind the samples and is no chunk is passed over, but for what could be a text.
                let isText = ["LIST", "bext", "ID3 ", "id3 "].contains { bytes.holds($0, at: place) }
                guard isText || !isBehindSamples else { return }
                throw tooLong(size, left)
            }
            place += 8 + size + size % 2
        }
    }

    /// - Throws: `format.truncated` for a chunk of an AIFF file that says more bytes than there are; samples may.
    static func check(aiff bytes: RawSpan) throws(MediaError) {
        var place = 12
        var isBehindSamples = false
        while let claimed = bytes.uint32(at: place + 4)?.byteSwapped {
            let (size, left) = (Int(claimed), bytes.byteCount - place - 8)
            let isSamples = bytes.holds("SSND", at: place)
            guard size <= left else {
                let isText = ["NAME", "AUTH", "ANNO", "(c) ", "ID3 "].contains { bytes.holds($0, at: place) }
                guard isText || !(isSamples || isBehindSamples) else { return }
                throw tooLong(size, left)
            }
            isBehindSamples = isBehindSamples || isSamples
            place += 8 + size + size % 2
        }
    }

    private static func tooLong(_ size: Int, _ left: Int) -> MediaError {
        MediaError(
            .truncated, "a chunk says \(size) bytes, \(left) are left", hint: "copy it again, or write it again")
    }
}
