package import MediaCore

/// Writes a ZIP archive to a sink that cannot go back.
///
/// Every member has the time 1980-01-01 00:00, the earliest there is, so that the same members make the same bytes.
/// Sizes that do not fit 32 bits are written as Zip64.
package struct ZIPWriter {
    /// Feeds the bytes of a member to a function, the same ones every time it is called.
    package typealias Source = (_ take: (RawSpan) throws(MediaError) -> Void) throws(MediaError) -> Void

    private struct Record {
        let name: [UInt8]
        let flags: UInt16
        let method: UInt16
        let checksum: UInt32
        let compressedByteCount: Int
        let byteCount: Int
        let offset: Int
    }

    private let sink: any ByteSink
    private let start: Int
    private var records: [Record] = []
    /// Sizes from here on are written as Zip64; tests lower it.
    private let wideFrom: Int

    /// Begins an archive where the sink stands.
    package init(to sink: any ByteSink, wideFrom: Int = 0xFFFF_FFFF) {
        self.sink = sink
        self.wideFrom = wideFrom
        start = sink.byteCount
    }

    /// Appends a member as it is. The source is asked twice: the checksum stands in front of the bytes.
    package mutating func appendStored(
        _ name: String, byteCount: Int, _ source: Source
    ) throws(MediaError) {
        var checksum = CRC32()
        try source { (bytes) throws(MediaError) in checksum.update(bytes) }
        let record = Record(
            name: Array(name.utf8), flags: flags(name), method: 0, checksum: checksum.value,
            compressedByteCount: byteCount, byteCount: byteCount, offset: sink.byteCount - start)
        try writeLocalHeader(record, isWide: byteCount >= wideFrom)
        try source { (bytes) throws(MediaError) in try sink.write(bytes) }
        records.append(record)
    }

    /// Appends a member deflated. Its sizes stand behind the bytes, in a data descriptor.
    package mutating func appendDeflated(
        _ name: String, byteCount: Int, level: Int, _ source: Source
    ) throws(MediaError) {
        let offset = sink.byteCount - start
        let flags = flags(name) | 8
        // Deflate can grow what does not compress, by less than a thousandth.
        let isWide = byteCount + byteCount / 1000 + 64 >= wideFrom
        let empty = Record(
            name: Array(name.utf8), flags: flags, method: 8, checksum: 0, compressedByteCount: 0, byteCount: 0,
            offset: offset)
        try writeLocalHeader(empty, isWide: isWide)
        let dataStart = sink.byteCount
        var stream = try DeflateStream(to: sink, level: level)
        var checksum = CRC32()
        try source { (bytes) throws(MediaError) in
            checksum.update(bytes)
            try stream.write(bytes)
        }
        try stream.finish()
        let record = Record(
            name: empty.name, flags: flags, method: 8, checksum: checksum.value,
            compressedByteCount: sink.byteCount - dataStart, byteCount: byteCount, offset: offset)
        var descriptor = LittleEndianBytes()
        descriptor.append(UInt32(0x0807_4B50))
        descriptor.append(record.checksum)
        if isWide {
            descriptor.append(UInt64(record.compressedByteCount))
            descriptor.append(UInt64(record.byteCount))
        } else {
            descriptor.append(UInt32(truncatingIfNeeded: record.compressedByteCount))
            descriptor.append(UInt32(truncatingIfNeeded: record.byteCount))
        }
        try descriptor.write(to: sink)
        records.append(record)
    }

    /// Writes the directory. Nothing may be appended after it.
    package mutating func finish() throws(MediaError) {
        let directoryStart = sink.byteCount - start
        for record in records { try writeDirectoryEntry(record) }
        let directoryEnd = sink.byteCount - start
        let size = directoryEnd - directoryStart
        let isWide = directoryEnd >= wideFrom || records.count >= 0xFFFF
        var end = LittleEndianBytes()
        if isWide {
            end.append(UInt32(0x0606_4B50))
            end.append(UInt64(44))
            end.append(UInt16(45))
            end.append(UInt16(45))
            end.append(UInt32(0))
            end.append(UInt32(0))
            for value in [records.count, records.count, size, directoryStart] { end.append(UInt64(value)) }
            end.append(UInt32(0x0706_4B50))
            end.append(UInt32(0))
            end.append(UInt64(directoryEnd))
            end.append(UInt32(1))
        }
        end.append(UInt32(0x0605_4B50))
        end.append(UInt32(0))
        let count = UInt16(clamping: isWide ? Int.max : records.count)
        end.append(count)
        end.append(count)
        end.append(isWide ? UInt32.max : UInt32(truncatingIfNeeded: size))
        end.append(isWide ? UInt32.max : UInt32(truncatingIfNeeded: directoryStart))
        end.append(UInt16(0))
        try end.write(to: sink)
    }

    /// Names that are not ASCII are marked as UTF-8.
    private func flags(_ name: String) -> UInt16 { name.utf8.allSatisfy { $0 < 0x80 } ? 0 : 0x800 }

    private func writeLocalHeader(_ record: Record, isWide: Bool) throws(MediaError) {
        var header = LittleEndianBytes()
        header.append(UInt32(0x0403_4B50))
        appendCommon(record, isWide: isWide, to: &header)
        header.append(UInt16(isWide ? 20 : 0))
        header.bytes += record.name
        if isWide {
            header.append(UInt16(1))
            header.append(UInt16(16))
            header.append(UInt64(record.byteCount))
            header.append(UInt64(record.compressedByteCount))
        }
        try header.write(to: sink)
    }

    private func writeDirectoryEntry(_ record: Record) throws(MediaError) {
        let isWide = max(record.byteCount, record.compressedByteCount, record.offset) >= wideFrom
        var entry = LittleEndianBytes()
        entry.append(UInt32(0x0201_4B50))
        entry.append(UInt16(isWide ? 45 : 20))
        appendCommon(record, isWide: isWide, to: &entry)
        entry.append(UInt16(isWide ? 28 : 0))
        entry.append(UInt16(0))
        entry.append(UInt16(0))
        entry.append(UInt16(0))
        entry.append(UInt32(0))
        entry.append(isWide ? UInt32.max : UInt32(truncatingIfNeeded: record.offset))
        entry.bytes += record.name
        if isWide {
            entry.append(UInt16(1))
            entry.append(UInt16(24))
            for value in [record.byteCount, record.compressedByteCount, record.offset] { entry.append(UInt64(value)) }
        }
        try entry.write(to: sink)
    }

    /// What both headers have in the same order: version needed, flags, method, time, checksum, sizes, length of the name.
    private func appendCommon(_ record: Record, isWide: Bool, to header: inout LittleEndianBytes) {
        header.append(UInt16(isWide ? 45 : 20))
        header.append(record.flags)
        header.append(record.method)
        header.append(UInt16(0))
        header.append(UInt16(0x0021))
        header.append(record.checksum)
        header.append(isWide ? UInt32.max : UInt32(truncatingIfNeeded: record.compressedByteCount))
        header.append(isWide ? UInt32.max : UInt32(truncatingIfNeeded: record.byteCount))
        header.append(UInt16(truncatingIfNeeded: record.name.count))
    }
}

/// Bytes that integers are appended to, lowest byte first.
private struct LittleEndianBytes {
    var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        for place in 0..<(value.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }

    func write(to sink: any ByteSink) throws(MediaError) { try unsafe sink.write(bytes.span.bytes) }
}
