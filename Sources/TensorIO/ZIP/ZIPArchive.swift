package import MediaCore

/// The directory of a ZIP archive: what NumPy's `.npz` and PyTorch's `.pt` are.
///
/// Format: PKWARE's APPNOTE.TXT. Read are stored and deflated members, with Zip64 sizes. The central directory is a claim
/// like any header: every member must lie inside the file, in front of the directory, and apart from all others.
package struct ZIPArchive: Sendable {
    /// A member, as the central directory describes it.
    package struct Member: Sendable, Hashable {
        /// The name, with `/` between folders.
        package let name: String
        /// How the bytes are stored: 0 as they are, 8 deflated.
        package let method: UInt16
        /// How many bytes it takes in the archive.
        package let compressedByteCount: Int
        /// How many bytes it holds.
        package let byteCount: Int
        /// The CRC-32 of what it holds.
        package let checksum: UInt32
        let nameBytes: [UInt8]
        let flags: UInt16
        let headerOffset: Int
        /// Where the next member or the directory begins: the data end there at the latest.
        var end: Int

        var isFolder: Bool { name.hasSuffix("/") }
    }

    let section: FileSection
    /// The members in the order of the directory, folders left out.
    package private(set) var members: [Member] = []
    let limits: Limits

    /// Reads the directory.
    ///
    /// - Throws: `format.truncated` without one; `format.malformed`, `format.unsupported`, `limit.exceeded`.
    package init(_ section: FileSection, limits: Limits) throws(MediaError) {
        self.section = section
        self.limits = limits
        do throws(MediaError) {
            members = try section.withBytes { (bytes) throws(MediaError) in
                let directory = try ZIPDirectory(locatedIn: bytes, limits: limits)
                return try ZIPArchive.members(of: directory, in: bytes)
            }
        } catch {
            throw error.inFile(section.name)
        }
    }

    private static func members(of directory: ZIPDirectory, in bytes: RawSpan) throws(MediaError) -> [Member] {
        var members: [Member] = []
        var position = directory.range.lowerBound
        for number in 0..<directory.count {
            guard let member = try Member(at: &position, of: directory.range, in: bytes) else {
                throw ZIPArchive.malformed(
                    "the directory ends after \(number) of \(directory.count) members", at: position)
            }
            members.append(member)
        }
        guard position == directory.range.upperBound else {
            throw malformed("bytes stand between the last member of the directory and its end", at: position)
        }
        // Members that share bytes are how a small archive pretends to be a large one.
        let order = members.indices.sorted { members[$0].headerOffset < members[$1].headerOffset }
        for (place, index) in order.enumerated() {
            let next = place + 1 < order.count ? members[order[place + 1]].headerOffset : directory.range.lowerBound
            let member = members[index]
            let least = 30 + member.nameBytes.count + member.compressedByteCount
            guard member.headerOffset <= next, least <= next - member.headerOffset else {
                throw malformed("member \"\(member.name)\" reaches into what follows it", at: member.headerOffset)
            }
            members[index].end = next
        }
        members.removeAll(where: \.isFolder)
        var names: Set<String> = []
        for member in members where !names.insert(member.name).inserted {
            throw malformed("two members have the name \"\(member.name)\"", at: member.headerOffset)
        }
        return members
    }

    static func malformed(_ message: String, at offset: Int? = nil) -> MediaError {
        MediaError(.malformed, message, hint: "write the archive again", at: .init(field: "directory", offset: offset))
    }
}

extension ZIPArchive.Member {
    /// Reads the directory's entry at `position` and moves on; `nil` when it does not fit.
    fileprivate init?(at position: inout Int, of range: Range<Int>, in bytes: RawSpan) throws(MediaError) {
        let start = position
        guard range.upperBound - start >= 46, bytes.hasBytes("PK\u{1}\u{2}", at: start),
            let flags = bytes.uint16(at: start + 8), let method = bytes.uint16(at: start + 10),
            let checksum = bytes.uint32(at: start + 16), let compressed = bytes.uint32(at: start + 20),
            let size = bytes.uint32(at: start + 24), let nameLength = bytes.uint16(at: start + 28).map(Int.init),
            let extraLength = bytes.uint16(at: start + 30).map(Int.init),
            let commentLength = bytes.uint16(at: start + 32).map(Int.init), let disk = bytes.uint16(at: start + 34),
            let offset = bytes.uint32(at: start + 42)
        else { return nil }
        let extra = (start + 46 + nameLength)..<(start + 46 + nameLength + extraLength)
        position = extra.upperBound + commentLength
        guard position <= range.upperBound else { return nil }

        nameBytes = bytes.copy((start + 46)..<extra.lowerBound)
        name = try Self.name(nameBytes, isUnicode: flags & 0x800 != 0, at: start)
        guard disk == 0 || disk == 0xFFFF else {
            throw MediaError(
                .unsupported, "member \"\(name)\" is on another volume", hint: "write one archive",
                at: .init(offset: start))
        }
        // Sizes that do not fit 32 bits stand in an extra field, in this order, only those that are needed.
        var wide = Zip64Fields(in: extra, of: bytes)
        guard let byteCount = wide.value(size), let compressedByteCount = wide.value(compressed),
            let headerOffset = wide.value(offset), byteCount <= Int.max / 2, compressedByteCount <= bytes.byteCount,
            headerOffset < range.lowerBound
        else { throw ZIPArchive.malformed("the sizes of member \"\(name)\" cannot be true", at: start) }
        self.method = method
        self.flags = flags
        self.checksum = checksum
        self.byteCount = Int(byteCount)
        self.compressedByteCount = Int(compressedByteCount)
        self.headerOffset = Int(headerOffset)
        end = range.lowerBound
    }

    private static func name(_ bytes: [UInt8], isUnicode: Bool, at offset: Int) throws(MediaError) -> String {
        let name: String
        if let text = String(validating: bytes, as: UTF8.self) {
            name = text
        } else if isUnicode {
            throw ZIPArchive.malformed("the name of a member is not UTF-8", at: offset)
        } else {
            name = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.hasPrefix("/"), !parts.contains(".."), !name.contains("\\"),
            !bytes.contains(0), !(parts.first?.hasSuffix(":") ?? false)
        else {
            throw MediaError(
                .pathInvalid, "the name of member \"\(name)\" would leave its folder", hint: "write the archive again",
                at: .init(field: "directory", offset: offset))
        }
        return name
    }
}

/// The extra field of 64-bit sizes, from which values are taken in their order.
struct Zip64Fields {
    private var values: [UInt64] = []

    init(in range: Range<Int>, of bytes: RawSpan) {
        var position = range.lowerBound
        while position + 4 <= range.upperBound, let id = bytes.uint16(at: position),
            let length = bytes.uint16(at: position + 2).map(Int.init)
        {
            let start = position + 4
            position = start + length
            guard id == 1, position <= range.upperBound else { continue }
            for place in 0..<min(length / 8, 3) {
                if let value = bytes.uint64(at: start + 8 * place) { values.append(value) }
            }
            values.reverse()
            return
        }
    }

    /// The value, or the next of the field when the 32-bit one says so; `nil` when the field has none or it is absurd.
    mutating func value(_ short: UInt32) -> Int? {
        guard short == .max else { return Int(short) }
        return values.popLast().flatMap { Int(exactly: $0) }
    }
}
