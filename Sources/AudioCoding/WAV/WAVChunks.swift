import MediaCore
import TensorIO

/// What the chunks of a WAV file say, walked through once, in any order; unknown ones are passed over.
///
/// Sources: "Multimedia Programming Interface and Data Specifications 1.0"; EBU Tech 3306 (RF64); Recommendation ITU-R
/// BS.2088 (BW64).
struct WAVChunks {
    private(set) var format: WAVFormatChunk?
    /// Which bytes are samples.
    private(set) var data: Range<Int>?
    private(set) var metadata = WAVMetadata()
    private(set) var findings: [Finding] = []
    /// Whether sizes have 64 bits.
    let isWide: Bool
    private let name: String
    private let fileSize: Int
    /// Sizes of 64 bits.
    private var wideSizes: (file: UInt64, data: UInt64)?

    /// - Throws: as ``WAVFile/init(_:limits:)`` says.
    init(_ bytes: RawSpan, name: String, limits: Limits) throws(MediaError) {
        self.name = name
        fileSize = bytes.byteCount
        isWide = bytes.hasBytes("RF64") || bytes.hasBytes("BW64")
        try checkBeginning(bytes)
        var place = 12
        var count = 0
        let claimed = bytes.uint32(at: 4) ?? 0
        if isWide { try readWideSizes(bytes, &place) }
        let end = try checkedEnd(claimed)
        // A last chunk may lack its size, or be a single byte that fills up the one before.
        while place + 8 <= end {
            count += 1
            guard count <= limits.members else {
                throw MediaError(
                    .limitExceeded, "the file has more than \(limits.members) chunks",
                    hint: "raise the limit if it is to be trusted", at: location(place))
            }
            place = try readChunk(bytes, at: place, end: end)
        }
    }

    private func location(_ offset: Int) -> MediaError.Location { .init(file: name, offset: offset) }

    private func checkBeginning(_ bytes: RawSpan) throws(MediaError) {
        if bytes.hasBytes("RIFX") {
            throw MediaError(
                .unsupported, "the file is a WAV with the highest byte first (RIFX), which is not read here",
                hint: "convert it: ffmpeg -i in.wav out.wav", at: location(0))
        }
        guard isWide || bytes.hasBytes("RIFF") else {
            throw MediaError(
                bytes.isEmpty ? .truncated : .unrecognized,
                bytes.isEmpty ? "the file is empty" : "the content is no WAV file",
                hint: "a WAV file begins with RIFF or RF64", at: location(0))
        }
        guard bytes.byteCount >= 12 else {
            throw MediaError(
                .truncated, "the file ends after \(bytes.byteCount) bytes, in its first header",
                hint: "copy it again", at: location(bytes.byteCount))
        }
        guard bytes.hasBytes("WAVE", at: 8) else {
            throw MediaError(
                .unrecognized, "the file is a RIFF file, and no WAV", hint: "expected WAVE", at: location(8))
        }
    }

    /// The chunk that RF64 files begin with.
    private mutating func readWideSizes(_ bytes: RawSpan, _ place: inout Int) throws(MediaError) {
        guard bytes.hasBytes("ds64", at: place), let size = bytes.uint32(at: place + 4), size >= 28,
            let file = bytes.uint64(at: place + 8), let data = bytes.uint64(at: place + 16)
        else {
            throw MediaError(
                .malformed, "the file says that its sizes have 64 bits, and they are missing",
                hint: "write the file again", at: location(place))
        }
        wideSizes = (file, data)
    }

    /// Where the chunks end: as the file says, if it has so many bytes.
    private mutating func checkedEnd(_ claimed: UInt32) throws(MediaError) -> Int {
        var size = UInt64(claimed)
        if let wideSizes, claimed == .max { size = wideSizes.file }
        // What streams write, who do not know how long they will be.
        if size == UInt64(UInt32.max), !isWide { return fileSize }
        let (end, overflow) = size.addingReportingOverflow(8)
        // The byte that fills up a last chunk is often forgotten.
        guard !overflow, end <= UInt64(fileSize) + 1 else {
            throw MediaError(
                .truncated, "the header says \(overflow ? size : end) bytes, the file has \(fileSize)",
                hint: "copy it again, or write it again", at: location(4))
        }
        let known = min(fileSize, Int(end))
        // One byte may fill up the file itself.
        if known + 1 < fileSize {
            findings.append(
                .warning(
                    .malformed, "\(fileSize - known) bytes behind the end of the sound are passed over", path: name,
                    value: String(known)))
        }
        return known
    }

    /// Reads a chunk and says where the next begins.
    private mutating func readChunk(_ bytes: RawSpan, at place: Int, end: Int) throws(MediaError) -> Int {
        guard let claimed = bytes.uint32(at: place + 4) else { return end }
        let start = place + 8
        let isData = bytes.hasBytes("data", at: place)
        var size = UInt64(claimed)
        if isData, claimed == .max {
            // RF64 says the size elsewhere; a stream says none.
            if let wideSizes { size = wideSizes.data } else { size = UInt64(end - start) }
            if wideSizes == nil {
                findings.append(
                    .warning(
                        .malformed, "the header does not say how long the sound is: it is taken to the end of the file",
                        path: name))
            }
        }
        guard size <= UInt64(end - start) else {
            throw MediaError(
                .truncated,
                "the chunk \"\(Self.tag(bytes, place))\" says \(size) bytes, \(end - start) are left in the file",
                hint: "copy it again, or write it again", at: location(place))
        }
        let content = start..<start + Int(size)
        if isData {
            guard data == nil else { throw twice("data", place) }
            data = content
        } else if bytes.hasBytes("fmt ", at: place) {
            guard format == nil else { throw twice("fmt ", place) }
            format = try WAVFormatChunk(bytes.extracting(content), at: location(place))
        } else if bytes.hasBytes("LIST", at: place), bytes.hasBytes("INFO", at: start), size >= 4 {
            metadata = WAVMetadata(bytes.extracting(content))
        }
        return content.upperBound + content.count % 2
    }

    private func twice(_ tag: String, _ place: Int) -> MediaError {
        MediaError(
            .malformed, "the file has a second chunk \"\(tag)\"", hint: "write the file again", at: location(place))
    }

    private static func tag(_ bytes: RawSpan, _ place: Int) -> String {
        String(decoding: bytes.copy(place..<place + 4), as: UTF8.self)
    }
}

extension WAVMetadata {
    /// Reads a list of texts; what is not understood is passed over.
    init(_ list: RawSpan) {
        var place = 4
        while let size = list.uint32(at: place + 4).map(Int.init), size <= list.byteCount - place - 8 {
            // A text is cut where it would be absurd.
            let text = list.copy(place + 8..<place + 8 + min(size, 1 << 16)).prefix { $0 != 0 }
            let value = String(decoding: text, as: UTF8.self)
            if list.hasBytes("INAM", at: place) { title = value }
            if list.hasBytes("IART", at: place) { artist = value }
            if list.hasBytes("ICMT", at: place) { comment = value }
            if list.hasBytes("ISFT", at: place) { software = value }
            if list.hasBytes("ICRD", at: place) { date = value }
            place += 8 + size + size % 2
        }
    }
}
