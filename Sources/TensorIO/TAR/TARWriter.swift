package import MediaCore

/// Writes a tar archive to a sink that cannot go back.
///
/// The same members make the same bytes: every one is a file with mode 0644 that belongs to nobody (0) and changed in
/// 1970. Headers are ustar; what does not fit there, long names and such with other letters than ASCII and sizes from
/// 8 GiB, stands in a pax header.
package struct TARWriter {
    /// Feeds the bytes of a member to a function.
    package typealias Source = (_ take: (RawSpan) throws(MediaError) -> Void) throws(MediaError) -> Void

    private let sink: any ByteSink
    private let start: Int
    /// Sizes from here on do not fit eleven octal digits; tests lower it.
    private let wideFrom: Int

    /// Archives are multiples of this length, which was a record on tape.
    private static let recordBytes = 20 * TARHeader.blockBytes

    /// Begins an archive where the sink stands.
    package init(to sink: any ByteSink, wideFrom: Int = 1 << 33) {
        self.sink = sink
        self.wideFrom = wideFrom
        start = sink.byteCount
    }

    /// Appends a file.
    ///
    /// - Parameters:
    ///   - name: its path, with `/` between folders.
    ///   - byteCount: how many bytes the source will give.
    ///   - source: gives the bytes.
    /// - Returns: where its bytes begin in the archive.
    /// - Throws: `path.invalid` for a name that is empty, holds a zero byte, or leads out of a folder; `format.truncated`
    ///   when the source gives another number of bytes, after which the archive is spoilt; what the sink throws.
    package func append(_ name: String, byteCount: Int, _ source: Source) throws(MediaError) -> Int {
        let bytes = Array(name.utf8)
        guard TARName.isSafe(name) else {
            throw MediaError(
                .pathInvalid, "a member of an archive cannot have the name \"\(name)\"", hint: "rename the input")
        }
        let isWide = byteCount >= wideFrom
        let place = Self.place(bytes)
        if isWide || place == nil {
            var records: [UInt8] = []
            if place == nil { records += Self.record("path", bytes) }
            if isWide { records += Self.record("size", Array(String(byteCount).utf8)) }
            try write(header(Array("pax-header".utf8), [], byteCount: records.count, type: UInt8(ascii: "x")))
            try write(records)
            try pad(to: TARHeader.blockBytes)
        }
        // A reader that knows no pax sees a name that is cut and has other letters, and the size 0.
        let short = bytes.prefix(100).map { $0 < 0x80 ? $0 : UInt8(ascii: "_") }
        let (front, last) = place ?? ([], short)
        try write(header(last, front, byteCount: isWide ? 0 : byteCount, type: UInt8(ascii: "0")))
        let data = sink.byteCount
        try source { (bytes) throws(MediaError) in try sink.write(bytes) }
        guard sink.byteCount - data == byteCount else {
            throw MediaError(
                .truncated, "member \"\(name)\" has \(sink.byteCount - data) bytes, \(byteCount) were announced",
                hint: "wait until the program that writes it is done")
        }
        try pad(to: TARHeader.blockBytes)
        return data - start
    }

    /// Writes the end. Nothing may be appended after it.
    package func finish() throws(MediaError) {
        try write([UInt8](repeating: 0, count: 2 * TARHeader.blockBytes))
        try pad(to: Self.recordBytes)
    }

    /// Prefix and name of ustar; `nil` when they cannot hold the path.
    private static func place(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        guard path.allSatisfy({ $0 < 0x80 }) else { return nil }
        if path.count <= 100 { return ([], path) }
        guard path.count <= 256,
            let slash = path[max(0, path.count - 101)...].firstIndex(of: UInt8(ascii: "/")), slash > 0, slash <= 155,
            slash < path.count - 1
        else { return nil }
        return (Array(path[..<slash]), Array(path[(slash + 1)...]))
    }

    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [UInt8(ascii: " ")] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        // The length counts its own digits.
        var length = rest.count
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array(String(length).utf8) + rest
    }

    private func header(_ name: [UInt8], _ prefix: [UInt8], byteCount: Int, type: UInt8) -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(TARHeader.blockBytes)
        func field(_ bytes: [UInt8], _ length: Int) {
            block += bytes.prefix(length)
            block += [UInt8](repeating: 0, count: max(0, length - bytes.count))
        }
        func octal(_ value: Int, _ digits: Int) {
            let text = Array(String(value, radix: 8).utf8)
            field([UInt8](repeating: UInt8(ascii: "0"), count: max(0, digits - text.count)) + text, digits + 1)
        }
        field(name, 100)
        octal(0o644, 7)
        octal(0, 7)
        octal(0, 7)
        octal(byteCount, 11)
        octal(0, 11)
        field([UInt8](repeating: UInt8(ascii: " "), count: 8), 8)
        field([type], 1)
        field([], 100)
        field(Array("ustar\u{0}00".utf8), 8)
        field([], 64)
        octal(0, 7)
        octal(0, 7)
        field(prefix, 155)
        field([], 12)
        let sum = block.reduce(0) { $0 + Int($1) }
        let digits = Array(String(sum, radix: 8).utf8)
        block.replaceSubrange(
            148..<156, with: [UInt8](repeating: UInt8(ascii: "0"), count: 6 - digits.count) + digits + [0, 32])
        return block
    }

    private func write(_ bytes: [UInt8]) throws(MediaError) { try unsafe sink.write(bytes.span.bytes) }

    private func pad(to unit: Int) throws(MediaError) {
        let rest = (sink.byteCount - start) % unit
        if rest > 0 { try write([UInt8](repeating: 0, count: unit - rest)) }
    }
}
