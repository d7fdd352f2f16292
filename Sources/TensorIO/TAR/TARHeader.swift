import MediaCore

/// One header of a tar archive: a block of 512 bytes that says what follows it.
///
/// Formats: POSIX.1-1988 (ustar), POSIX.1-2001 (pax), the older one without a magic, and what GNU tar adds.
struct TARHeader {
    /// What the header stands for.
    enum Kind {
        /// A file, whose bytes follow.
        case file
        /// A folder: nothing follows.
        case folder
        /// A link, a device, a pipe: nothing follows.
        case special
        /// Records for the next member, or for all members from here on.
        case records(isGlobal: Bool)
        /// The name of the next member, or what it links to.
        case longName(isOfLink: Bool)
        /// A file without its holes, as GNU tar writes it.
        case sparse
        /// Something that only its maker knows, with bytes that follow.
        case unknown(UInt8)
    }

    /// The length of a header, and the unit of everything in an archive.
    static let blockBytes = 512

    let kind: Kind
    /// The name as it is stored, with the prefix of ustar.
    let nameBytes: [UInt8]
    /// How many bytes follow, as far as this header says.
    let byteCount: Int
    /// Whether more blocks of the table of a sparse file follow.
    let isContinued: Bool

    /// Reads a block of 512 bytes.
    ///
    /// - Parameters:
    ///   - block: the bytes.
    ///   - offset: where it stands in the archive.
    ///   - verifies: whether the checksum is compared.
    /// - Throws: `format.checksum`; `format.malformed` for a size that is none.
    init(_ block: [UInt8], at offset: Int, verifies: Bool = true) throws(MediaError) {
        guard block.count == Self.blockBytes, !verifies || Self.checksumFits(block) else {
            throw MediaError(
                .checksumMismatch, "the checksum of a header does not agree with it",
                hint: "copy or write the archive again", at: .init(offset: offset))
        }
        // A folder is told by a slash where the type is from before there were types.
        let name = Self.text(block[0..<100])
        guard let byteCount = Self.number(block[124..<136]) else {
            throw MediaError(
                .malformed, "the size of a member is negative, larger than can be, or no number",
                hint: "write the archive again", at: .init(offset: offset))
        }
        self.byteCount = byteCount
        let isPOSIX = block[257..<263].elementsEqual("ustar\0".utf8)
        let prefix = isPOSIX ? Self.text(block[345..<500]) : []
        nameBytes = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
        isContinued = block[482] != 0
        switch block[156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            kind = nameBytes.last == UInt8(ascii: "/") ? .folder : .file
        case UInt8(ascii: "1")...UInt8(ascii: "4"), UInt8(ascii: "6"): kind = .special
        case UInt8(ascii: "5"): kind = .folder
        case UInt8(ascii: "x"), UInt8(ascii: "X"): kind = .records(isGlobal: false)
        case UInt8(ascii: "g"): kind = .records(isGlobal: true)
        case UInt8(ascii: "L"): kind = .longName(isOfLink: false)
        case UInt8(ascii: "K"): kind = .longName(isOfLink: true)
        case UInt8(ascii: "S"): kind = .sparse
        case let type: kind = .unknown(type)
        }
    }

    /// Bytes up to the first zero.
    static func text(_ field: some Sequence<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// The sum of all bytes with blanks in the place of the sum; some programs of old added signed bytes.
    private static func checksumFits(_ block: [UInt8]) -> Bool {
        guard let stored = number(block[148..<156]) else { return false }
        var (unsigned, signed) = (0, 0)
        for (index, byte) in block.enumerated() {
            let byte = (148..<156).contains(index) ? UInt8(ascii: " ") : byte
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        return stored == unsigned || stored == signed
    }

    /// A number in octal digits, or in binary behind a set bit where it is too large for them.
    ///
    /// - Returns: `nil` for what is negative, too large or no number.
    static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            guard first & 0x40 == 0 else { return nil }
            var value = Int(first & 0x3F)
            for byte in field.dropFirst() {
                guard value <= Int.max >> 8 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), value <= Int.max >> 3 else { return nil }
            value = value << 3 | Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
