public import ImageCoding
public import MediaCore

/// What a GIF file says of itself, up to its last byte, without the pixels.
///
/// The blocks are walked strictly (GIF87a, GIF89a): every length is checked, and the file has to end with its trailer. Pixels are
/// not decompressed; ``GIFDecoder`` does that.
public struct GIFFile: Sendable, Hashable {
    /// A frame, as it stands in the file.
    public struct Frame: Sendable, Hashable {
        /// The columns that it draws.
        public var columns: Range<Int>
        /// The rows that it draws.
        public var rows: Range<Int>
        /// How long it is shown, in hundredths of a second.
        public var delay = 0
        /// How many colours its own table has; 0 when it uses that of the clip.
        public var colorCount = 0
        /// The index that draws nothing.
        public var transparent: UInt8?
        /// What becomes of the area afterwards: 0 and 1 nothing, 2 it is cleared, 3 what was there before comes back.
        public var disposal = 0
        /// Whether its rows come in four passes.
        public var isInterlaced = false
        /// Where the frame begins in the file, in bytes: its extension, or its descriptor without one.
        public var offset: Int
    }

    /// The size of the screen in pixels.
    public private(set) var width = 0
    /// The size of the screen in pixels.
    public private(set) var height = 0
    /// The frames, in order.
    public private(set) var frames: [Frame] = []
    /// How many colours the table of the clip has; 0 when there is none.
    public private(set) var colorCount = 0
    /// How often the clip is shown; 0 for ever.
    public private(set) var loopCount = 1
    /// What is odd, though it can be read.
    public private(set) var findings: [Finding] = []

    /// How long the clip plays once, in seconds, as the file says.
    public var seconds: Double { Double(frames.reduce(0) { $0 + $1.delay }) / 100 }

    /// How many tables of colours there are.
    public var paletteCount: Int { frames.count { $0.colorCount > 0 } + (colorCount > 0 ? 1 : 0) }

    /// The frames per second, when all frames last equally long.
    public var frameRate: FrameRate? {
        guard let delay = frames.first?.delay, delay > 0, frames.allSatisfy({ $0.delay == delay }) else { return nil }
        return try? FrameRate(100, per: delay)
    }

    /// Walks the blocks of a file.
    ///
    /// - Throws: `format.unrecognized` when it is no GIF; `format.truncated`, `format.malformed` with the offset;
    ///   `limit.exceeded` for more pixels or frames than `limits` allows.
    public init(_ contents: FileContents, limits: Limits = .default) throws(MediaError) {
        do throws(MediaError) { try read(contents, limits) } catch { throw error.inFile(contents.name) }
    }

    private mutating func read(_ contents: FileContents, _ limits: Limits) throws(MediaError) {
        var walk = GIFWalk(contents: contents)
        guard contents.byteCount >= 6, walk.isGIF else {
            throw MediaError(
                .unrecognized, "the file does not begin like a GIF", hint: "check what kind of file it is",
                at: .init(offset: 0))
        }
        walk.place = 6
        width = try walk.twoBytes()
        height = try walk.twoBytes()
        let flags = try walk.byte()
        walk.place += 2
        guard width > 0, height > 0 else {
            throw MediaError(.malformed, "a screen of \(width)×\(height) pixels", at: .init(offset: 6))
        }
        guard width * height <= limits.imagePixels else {
            throw MediaError(
                .limitExceeded, "\(width)×\(height) pixels, the limit is \(limits.imagePixels)",
                hint: "raise Limits.imagePixels", at: .init(offset: 6))
        }
        if flags & 0x80 != 0 { colorCount = try walk.skipTable(flags) }
        try readBlocks(&walk, limits)
    }

    private mutating func readBlocks(_ walk: inout GIFWalk, _ limits: Limits) throws(MediaError) {
        var control: GIFWalk.Control?
        while true {
            let start = walk.place
            switch try walk.byte() {
            case 0x21:
                let label = try walk.byte()
                if label == 0xF9 {
                    control = try walk.control(at: start)
                } else if label == 0xFF, let count = try walk.loopCount() {
                    loopCount = count
                } else {
                    try walk.skipBlocks()
                }
            case 0x2C:
                guard frames.count < limits.members else {
                    throw MediaError(
                        .limitExceeded, "more than \(limits.members) frames", hint: "raise Limits.members",
                        at: .init(offset: start))
                }
                frames.append(try frame(&walk, control, start))
                control = nil
            case 0x3B:
                guard !frames.isEmpty else {
                    throw MediaError(.malformed, "a GIF without a frame", at: .init(offset: start))
                }
                if walk.place < walk.contents.byteCount {
                    findings.append(
                        .warning(
                            .malformed, "\(walk.contents.byteCount - walk.place) bytes stand behind the end",
                            value: "\(walk.place)"))
                }
                return
            case let other:
                throw MediaError(
                    .malformed, "a block of kind \(other.inHex)", hint: "the file is damaged before this byte",
                    at: .init(offset: start))
            }
        }
    }

    private mutating func frame(
        _ walk: inout GIFWalk, _ control: GIFWalk.Control?, _ start: Int
    ) throws(MediaError) -> Frame {
        let left = try walk.twoBytes(), top = try walk.twoBytes()
        let columns = try walk.twoBytes(), rows = try walk.twoBytes()
        let flags = try walk.byte()
        var frame = Frame(
            columns: left..<left + columns, rows: top..<top + rows, offset: control?.offset ?? start)
        guard columns > 0, rows > 0, frame.columns.upperBound <= width, frame.rows.upperBound <= height else {
            throw MediaError(
                .malformed,
                "frame \(frames.count) draws columns \(frame.columns), rows \(frame.rows) of \(width)×\(height) pixels",
                at: .init(field: "frames[\(frames.count)]", offset: start))
        }
        frame.isInterlaced = flags & 0x40 != 0
        if flags & 0x80 != 0 { frame.colorCount = try walk.skipTable(flags) }
        guard frame.colorCount > 0 || colorCount > 0 else {
            throw MediaError(
                .malformed, "frame \(frames.count) has no table of colours",
                at: .init(field: "frames[\(frames.count)]", offset: start))
        }
        if let control {
            frame.delay = control.delay
            frame.transparent = control.transparent
            frame.disposal = control.disposal
        }
        let codeSize = try walk.byte()
        guard (1...11).contains(codeSize) else {
            throw MediaError(
                .malformed, "frame \(frames.count) has codes of \(codeSize) bits",
                at: .init(field: "frames[\(frames.count)]", offset: walk.place - 1))
        }
        try walk.skipBlocks()
        return frame
    }
}

/// A place in a GIF file that moves on, and never past its end.
struct GIFWalk {
    let contents: FileContents
    var place = 0

    /// What stands in front of a frame.
    struct Control {
        var delay: Int
        var transparent: UInt8?
        var disposal: Int
        var offset: Int
    }

    init(contents: FileContents) { self.contents = contents }

    /// Whether the file begins with one of the two signatures.
    var isGIF: Bool {
        ["GIF87a", "GIF89a"].contains { text in text.utf8.enumerated().allSatisfy { byte(at: $0.offset) == $0.element }
        }
    }

    private func byte(at offset: Int) -> UInt8? {
        contents.withBytes { bytes in
            offset < bytes.byteCount ? unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) : nil
        }
    }

    mutating func byte() throws(MediaError) -> UInt8 {
        guard let byte = byte(at: place) else {
            throw MediaError(
                .truncated,
                "the file ends after \(contents.byteCount) bytes, in the middle of a block or without its end",
                hint: "write the file again", at: .init(offset: contents.byteCount))
        }
        place += 1
        return byte
    }

    mutating func twoBytes() throws(MediaError) -> Int {
        let low = try byte()
        return Int(low) | Int(try byte()) << 8
    }

    /// Passes the table whose size is in `flags`; says how many colours it has.
    mutating func skipTable(_ flags: UInt8) throws(MediaError) -> Int {
        let count = 2 << Int(flags & 7)
        guard contents.byteCount - place >= 3 * count else {
            throw MediaError(
                .truncated, "a table of \(count) colours ends after \(contents.byteCount - place) bytes",
                hint: "write the file again", at: .init(offset: place))
        }
        place += 3 * count
        return count
    }

    /// Passes blocks up to the empty one.
    mutating func skipBlocks() throws(MediaError) {
        while true {
            let length = Int(try byte())
            guard length > 0 else { return }
            guard contents.byteCount - place >= length else {
                throw MediaError(
                    .truncated, "a block of \(length) bytes ends after \(contents.byteCount - place)",
                    hint: "write the file again", at: .init(offset: place))
            }
            place += length
        }
    }

    /// Reads the extension in front of a frame, behind its label.
    mutating func control(at start: Int) throws(MediaError) -> Control {
        let length = try byte()
        guard length == 4 else {
            throw MediaError(
                .malformed, "the block in front of a frame has \(length) bytes instead of 4", at: .init(offset: start))
        }
        let flags = try byte()
        let delay = try twoBytes()
        let index = try byte()
        guard try byte() == 0 else {
            throw MediaError(.malformed, "the block in front of a frame does not end", at: .init(offset: start))
        }
        return Control(
            delay: delay, transparent: flags & 1 != 0 ? index : nil, disposal: Int(flags >> 2 & 7), offset: start)
    }

    /// Reads an application's extension, behind its label; `nil` when it is another than the one that counts loops.
    mutating func loopCount() throws(MediaError) -> Int? {
        let start = place
        let length = try byte()
        var name: [UInt8] = []
        for _ in 0..<length { name.append(try byte()) }
        guard length == 11, name == Array("NETSCAPE2.0".utf8) || name == Array("ANIMEXTS1.0".utf8) else {
            place = start
            return nil
        }
        var count: Int?
        while true {
            let size = Int(try byte())
            guard size > 0 else { break }
            let id = try byte()
            if size == 3, id & 7 == 1 {
                // The field counts repetitions.
                let field = try twoBytes()
                count = field == 0 ? 0 : field + 1
            } else {
                guard contents.byteCount - place >= size - 1 else {
                    throw MediaError(.truncated, "an extension ends early", at: .init(offset: place))
                }
                place += size - 1
            }
        }
        return count ?? 1
    }
}

extension UInt8 {
    /// `0x2C`.
    fileprivate var inHex: String {
        let digits = String(self, radix: 16, uppercase: true)
        return "0x" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
}
