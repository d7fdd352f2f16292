import MediaCore

/// Goes from header to header of an archive and notes what they say.
struct TARWalk {
    private(set) var members: [TARArchive.Member] = []
    private(set) var refusals: [TensorFile.Refusal] = []
    private(set) var specialCount = 0
    private(set) var findings: [Finding] = []

    private var window: TARWindow
    private let name: String
    private let limits: Limits
    private let verifies: Bool
    /// How many headers were read.
    private var headerCount = 0
    /// Where the next header begins.
    private var offset = 0
    private var defaults = PAXRecords()
    /// What was said of the next member.
    private var records: PAXRecords?
    private var longName: [UInt8]?

    /// The most that is read of a name or of records; file systems end at a thousandth of it.
    private static let longestText = 1 << 20

    init(_ window: TARWindow, name: String, limits: Limits, verifies: Bool) {
        self.window = window
        self.name = name
        self.limits = limits
        self.verifies = verifies
    }

    /// Reads all headers.
    ///
    /// - Returns: why the list ends early.
    /// - Throws: the same when there is no list at all.
    mutating func run() throws(MediaError) -> MediaError? {
        guard window.byteCount > 0 else {
            throw MediaError(.truncated, "the file is empty", hint: "write it again", at: .init(file: name))
        }
        do throws(MediaError) {
            while try step() {}
        } catch {
            var error = error.inFile(name)
            if headerCount == 0, error.code != .limitExceeded, error.code != .fileUnreadable {
                error.code = .unrecognized
                error.message = "the file does not begin as a tar archive"
                error.hint = "if it is compressed, unpack it first"
            }
            guard !members.isEmpty || !refusals.isEmpty else { throw error }
            return error
        }
        return nil
    }

    /// Reads one header and what belongs to it; `false` at the end.
    private mutating func step() throws(MediaError) -> Bool {
        guard offset < window.byteCount else {
            guard records == nil, longName == nil else { throw truncated("behind the header of a member's name") }
            findings.append(
                .warning(
                    .truncated, "the archive has no mark of its end", hint: "compare its size with that of the original"
                ))
            return false
        }
        guard window.byteCount - offset >= TARHeader.blockBytes else { throw truncated("in a header") }
        let block = try window.read(offset..<(offset + TARHeader.blockBytes))
        if block.allSatisfy({ $0 == 0 }) { return false }
        let header = try TARHeader(block, at: offset, verifies: verifies)
        headerCount += 1
        guard headerCount <= limits.members else {
            throw MediaError(
                .limitExceeded, "the archive has more than \(limits.members) members", hint: "raise Limits.members")
        }
        var data = offset + TARHeader.blockBytes
        switch header.kind {
        case .records(let isGlobal):
            let text = try text(header, at: data)
            if isGlobal {
                try defaults.read(text, at: data)
            } else {
                var own = records ?? PAXRecords()
                try own.read(text, at: data)
                records = own
            }
            offset = end(of: header.byteCount, from: data)
            return true
        case .longName(let isOfLink):
            let text = try text(header, at: data)
            if !isOfLink { longName = TARHeader.text(text) }
            offset = end(of: header.byteCount, from: data)
            return true
        case .sparse:
            var isContinued = header.isContinued
            while isContinued {
                guard window.byteCount - data >= TARHeader.blockBytes else { throw truncated("in a table of holes") }
                isContinued = try window.read(data..<(data + TARHeader.blockBytes))[504] != 0
                data += TARHeader.blockBytes
            }
        case .file, .folder, .special, .unknown: break
        }
        try take(header, at: data)
        (records, longName) = (nil, nil)
        return true
    }

    /// Notes a member whose bytes begin at `data`, and moves behind it.
    private mutating func take(_ header: TARHeader, at data: Int) throws(MediaError) {
        let path = longName ?? records?.path ?? defaults.path ?? header.nameBytes
        let byteCount: Int
        switch header.kind {
        case .folder, .special: byteCount = 0
        default: byteCount = records?.byteCount ?? defaults.byteCount ?? header.byteCount
        }
        guard byteCount <= window.byteCount - data else {
            let name = (try? TARName.name(of: path)) ?? "?"
            throw truncated("in member \"\(name)\", which has \(byteCount) bytes")
        }
        let header = (kind: header.kind, isSparse: records?.isSparse ?? false)
        switch header.kind {
        case .file where !header.isSparse:
            do throws(MediaError) {
                members.append(.init(name: try TARName.name(of: path), offset: data, byteCount: byteCount))
            } catch {
                refuse(path, error)
            }
        case .file, .sparse:
            refuse(
                path,
                MediaError(
                    .unsupported, "the file is stored without its holes, which is not read here",
                    hint: "write the archive without --sparse"))
        case .special, .unknown: specialCount += 1
        case .folder, .records, .longName: break
        }
        offset = end(of: byteCount, from: data)
    }

    private mutating func refuse(_ path: [UInt8], _ error: MediaError) {
        let name = String(decoding: path, as: UTF8.self)
        refusals.append(.init(name: name, error: error.inFile("\(self.name):\(name.prefix(300))")))
    }

    /// The data of a header that says something of others.
    private mutating func text(_ header: TARHeader, at data: Int) throws(MediaError) -> [UInt8] {
        guard header.byteCount <= min(Self.longestText, limits.headerBytes) else {
            throw MediaError(
                .limitExceeded, "a header of \(header.byteCount) bytes for a name or for records",
                hint: "write the archive again", at: .init(offset: offset))
        }
        guard header.byteCount <= window.byteCount - data else { throw truncated("in a header") }
        return try window.read(data..<(data + header.byteCount))
    }

    /// Where the block behind some data begins.
    private func end(of byteCount: Int, from data: Int) -> Int {
        let rest = byteCount % TARHeader.blockBytes
        return data + byteCount + (rest == 0 ? 0 : TARHeader.blockBytes - rest)
    }

    private func truncated(_ place: String) -> MediaError {
        MediaError(
            .truncated, "the archive ends \(place)", hint: "copy or write the archive again", at: .init(offset: offset))
    }
}
