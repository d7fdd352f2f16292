import MediaCore

/// Where the bytes of an archive are.
enum TARSource: Sendable {
    case file(path: String, status: FileStatus, OpenFiles)
    case memory(FileContents)

    /// How many bytes there are.
    var byteCount: Int {
        switch self {
        case .file(_, let status, _): status.byteCount
        case .memory(let contents): contents.byteCount
        }
    }

    /// Reads until `buffer` is full or the archive ends; says how many bytes there were.
    func read(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int {
        switch self {
        case .file(let path, let status, let files):
            let file = try files.file(path, expected: status)
            do throws(SystemFailure) {
                return try file.read(at: offset, into: &buffer)
            } catch {
                throw error.error(.fileUnreadable, "read the archive", path: path)
            }
        case .memory(let contents):
            return contents.withBytes { bytes in
                let count = max(0, min(buffer.byteCount, bytes.byteCount - offset))
                guard count > 0 else { return 0 }
                unsafe buffer.withUnsafeMutableBytes { target in
                    unsafe bytes.extracting(offset..<(offset + count)).withUnsafeBytes { source in
                        unsafe target.copyMemory(from: source)
                    }
                }
                return count
            }
        }
    }
}

/// A few kilobytes of an archive at a time: headers of small members lie near each other and take one read together.
struct TARWindow {
    private let source: TARSource
    /// How many bytes the archive has.
    let byteCount: Int
    private var start = 0
    private var bytes: [UInt8] = []

    private static let length = 8 << 10

    init(_ source: TARSource) {
        self.source = source
        byteCount = source.byteCount
    }

    /// The bytes of a range that lies inside the archive.
    ///
    /// - Throws: `format.truncated` when the file became shorter; `file.unreadable`.
    mutating func read(_ range: Range<Int>) throws(MediaError) -> [UInt8] {
        if range.lowerBound < start || range.upperBound > start + bytes.count {
            let wanted = min(max(range.count, Self.length), byteCount - range.lowerBound)
            var fresh = [UInt8](repeating: 0, count: max(0, wanted))
            var span = fresh.mutableSpan
            var memory = unsafe span.mutableBytes
            guard try source.read(at: range.lowerBound, into: &memory) >= range.count else {
                throw MediaError(
                    .truncated, "the file became shorter while it was read",
                    hint: "wait until the program that writes it is done", at: .init(offset: range.lowerBound))
            }
            (bytes, start) = (fresh, range.lowerBound)
        }
        return Array(bytes[(range.lowerBound - start)..<(range.upperBound - start)])
    }
}
