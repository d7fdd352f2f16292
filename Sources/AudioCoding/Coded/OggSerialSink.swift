import MediaCore

/// Gives the streams of an Ogg file their numbers: libraries draw them by chance, and every file would be another one.
///
/// Pages are gathered, their serial number is put in place, and their checksum made anew (RFC 3533, section 6).
final class OggSerialSink: ByteSink {
    private let sink: any ByteSink
    private let serial: UInt32
    private var page: [UInt8] = []
    private(set) var byteCount = 0

    private static let headerBytes = 27, serialPlace = 14, checksumPlace = 22, segmentsPlace = 26

    /// - Parameter serial: the number of the first stream; others follow it.
    init(_ sink: any ByteSink, serial: UInt32) {
        self.sink = sink
        self.serial = serial
    }

    func write(_ bytes: RawSpan) throws(MediaError) {
        byteCount += bytes.byteCount
        // Out of the object meanwhile: a span of a member would not be allowed.
        var page: [UInt8] = []
        swap(&page, &self.page)
        defer { swap(&page, &self.page) }
        unsafe bytes.withUnsafeBytes { unsafe page.append(contentsOf: $0) }
        var start = 0
        while let length = Self.pageLength(of: page, at: start), page.count - start >= length {
            let whole = start..<start + length
            page.replace(serial, at: start + Self.serialPlace)
            page.replace(0, at: start + Self.checksumPlace)
            page.replace(Self.checksum(page.span.extracting(whole)), at: start + Self.checksumPlace)
            try unsafe sink.write(page.span.extracting(whole).bytes)
            start += length
        }
        page.removeFirst(start)
    }

    /// Ends the file.
    ///
    /// - Throws: `library.failed` when bytes are left that are no page.
    func finish() throws(MediaError) {
        guard page.isEmpty else {
            throw MediaError(.libraryFailed, "an Ogg file ended in the middle of a page")
        }
    }

    /// How many bytes the page has that begins at a place; `nil` while nobody knows.
    private static func pageLength(of page: [UInt8], at start: Int) -> Int? {
        guard page.count - start >= headerBytes else { return nil }
        let lengths = start + headerBytes, segments = Int(page[start + segmentsPlace])
        guard page.count >= lengths + segments else { return nil }
        return headerBytes + segments + page[lengths..<lengths + segments].reduce(0) { $0 + Int($1) }
    }

    /// The remainder of the polynomial 0x04C11DB7, most significant bit first, from 0.
    private static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        var sum: UInt32 = 0
        for index in bytes.indices {
            sum = sum << 8 ^ table[Int(truncatingIfNeeded: sum >> 24) ^ Int(bytes[index])]
        }
        return sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var sum = UInt32(index) << 24
        for _ in 0..<8 { sum = sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
        return sum
    }
}

extension [UInt8] {
    /// Puts a number at a place, least significant byte first.
    fileprivate mutating func replace(_ number: UInt32, at place: Int) {
        for index in 0..<4 { self[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    }
}
