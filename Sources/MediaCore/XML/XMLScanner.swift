/// Reads the pieces of an XML document: names, attributes, text, references; and knows where it is when one is wrong.
///
/// Line ends are made one line feed each as they are read (XML 1.0, 2.11).
struct XMLScanner {
    private let bytes: [UInt8]
    /// Where the next byte is read.
    private(set) var offset = 0
    private var line = 1
    /// Bytes of the line that are not the beginning of a character do not count as columns.
    private var column = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Bytes

    var isAtEnd: Bool { offset >= bytes.count }

    /// The next byte; 0 at the end, which no document may hold.
    var current: UInt8 { isAtEnd ? 0 : bytes[offset] }

    /// Where the next byte stands.
    var position: XMLTree.Position { XMLTree.Position(line: line, column: column) }

    mutating func advance() {
        let byte = current
        offset &+= 1
        if byte == 0x0A || (byte == 0x0D && current != 0x0A) {
            line &+= 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column &+= 1
        }
    }

    /// Steps over `byte` when it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard !isAtEnd, current == byte else { return false }
        advance()
        return true
    }

    /// Whether `word` comes next.
    func isNext(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count &- offset >= count else { return false }
        for index in 0..<count {
            let wanted = unsafe word.utf8Start[index]
            if bytes[offset &+ index] != wanted { return false }
        }
        return true
    }

    private mutating func skip(_ word: StaticString) {
        for _ in 0..<word.utf8CodeUnitCount { advance() }
    }

    /// Steps over white space; whether there was some.
    @discardableResult
    mutating func skipSpace() -> Bool {
        let start = offset
        while current.isXMLSpace { advance() }
        return offset > start
    }

    // MARK: The beginning

    /// Checks that all bytes are characters of XML, and steps over the byte order mark and the declaration.
    mutating func begin() throws(MediaError) {
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { throw encoding("UTF-16") }
        if let place = bytes.firstNotXML {
            while offset < place { advance() }
            throw malformed("the byte \(current.hexadecimal) begins no character that XML allows")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        guard isNext("<?xml"), bytes.count > offset &+ 5, bytes[offset &+ 5].isXMLSpace else { return }
        try declaration()
    }

    /// `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`, in this order, the last two optional (XML 1.0, 2.8).
    private mutating func declaration() throws(MediaError) {
        skip("<?xml")
        var allowed = ["version", "encoding", "standalone"][...]
        while !isNext("?>") {
            guard skipSpace() else { throw expected("a space or \"?>\"") }
            if isNext("?>") { break }
            let start = self
            let part = try attribute()
            guard let place = allowed.firstIndex(of: part.name), place == 0 || allowed.first != "version" else {
                throw start.malformed("the declaration cannot have \"\(part.name)\" here")
            }
            allowed = allowed[(place + 1)...]
            switch part.name {
            case "version":
                let digits = part.value.dropFirst(2)
                guard part.value.hasPrefix("1."), !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else {
                    throw start.malformed("there is no version \"\(part.value)\" of XML")
                }
            case "encoding":
                guard ["utf-8", "us-ascii", "ascii"].contains(part.value.lowercased()) else {
                    throw start.encoding(part.value)
                }
            default:
                guard ["yes", "no"].contains(part.value) else {
                    throw start.malformed("standalone is \"\(part.value)\", not yes or no")
                }
            }
        }
        guard allowed.first != "version" else { throw malformed("the declaration has no version") }
        skip("?>")
    }

    // MARK: Pieces

    /// A name (XML 1.0, 2.3).
    mutating func name() throws(MediaError) -> String {
        let start = offset
        while case let scalar? = nextScalar, scalar.value.isXMLNameCharacter {
            if offset == start, !scalar.value.beginsXMLName { break }
            for _ in 0..<UTF8.width(scalar) { advance() }
        }
        guard offset > start else { throw expected("a name") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// The next character. The bytes were checked, so only its length has to be looked at.
    private var nextScalar: Unicode.Scalar? {
        guard !isAtEnd else { return nil }
        if current < 0x80 { return Unicode.Scalar(current) }
        var decoder = UTF8()
        var rest = bytes[offset..<min(bytes.count, offset &+ 4)].makeIterator()
        return if case .scalarValue(let scalar) = decoder.decode(&rest) { scalar } else { nil }
    }

    /// `name="value"`.
    mutating func attribute() throws(MediaError) -> XMLTree.Attribute {
        let name = try name()
        skipSpace()
        guard take(UInt8(ascii: "=")) else { throw expected("\"=\"") }
        skipSpace()
        let quote = current
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw expected("a quote") }
        let opening = self
        advance()
        var value: [UInt8] = []
        while current != quote {
            switch current {
            case _ where isAtEnd: throw opening.malformed("an attribute has no closing quote")
            case UInt8(ascii: "<"): throw malformed("an attribute holds \"<\"", hint: "write &lt;")
            case UInt8(ascii: "&"): try reference(into: &value)
            case let byte where byte.isXMLSpace:
                // A line end of two bytes is one character, and so one space.
                if byte != 0x0D || offset &+ 1 >= bytes.count || bytes[offset &+ 1] != 0x0A { value.append(0x20) }
                advance()
            case let byte:
                value.append(byte)
                advance()
            }
        }
        advance()
        return XMLTree.Attribute(name: name, value: String(decoding: value, as: UTF8.self))
    }

    /// Text up to the next tag.
    mutating func text(into text: inout [UInt8]) throws(MediaError) {
        while !isAtEnd, current != UInt8(ascii: "<") {
            if current == UInt8(ascii: "&") {
                try reference(into: &text)
            } else if current == UInt8(ascii: "]"), isNext("]]>") {
                throw malformed("text holds \"]]>\"", hint: "write ]]&gt;")
            } else {
                takeByte(into: &text)
            }
        }
    }

    /// `<![CDATA[…]]>`.
    mutating func characterData(into text: inout [UInt8]) throws(MediaError) {
        let opening = self
        skip("<![CDATA[")
        while !isNext("]]>") {
            guard !isAtEnd else { throw opening.malformed("a CDATA section has no end") }
            takeByte(into: &text)
        }
        skip("]]>")
    }

    private mutating func takeByte(into text: inout [UInt8]) {
        let byte = current
        advance()
        if byte != 0x0D { text.append(byte) } else if current != 0x0A { text.append(0x0A) }
    }

    /// `&amp;`, `&#233;`, `&#xE9;`.
    private mutating func reference(into text: inout [UInt8]) throws(MediaError) {
        let start = self
        advance()
        if take(UInt8(ascii: "#")) {
            let isHexadecimal = take(UInt8(ascii: "x"))
            var code: UInt32 = 0
            var digits = 0
            while let digit = current.hexadecimalValue, isHexadecimal || digit < 10 {
                // A number beyond all characters stays beyond them, however long it is.
                code = min(code &* (isHexadecimal ? 16 : 10) &+ UInt32(digit), 0x11_0000)
                digits += 1
                advance()
            }
            guard digits > 0, take(UInt8(ascii: ";")), code.isXMLCharacter, let scalar = Unicode.Scalar(code) else {
                throw start.malformed("a reference names no character that XML allows")
            }
            text.append(contentsOf: String(scalar).utf8)
            return
        }
        let name = try? name()
        guard let name, take(UInt8(ascii: ";")) else {
            throw start.malformed("\"&\" begins no reference", hint: "write &amp;")
        }
        switch name {
        case "lt": text.append(UInt8(ascii: "<"))
        case "gt": text.append(UInt8(ascii: ">"))
        case "amp": text.append(UInt8(ascii: "&"))
        case "apos": text.append(UInt8(ascii: "'"))
        case "quot": text.append(UInt8(ascii: "\""))
        default:
            throw start.malformed(
                "the entity \"\(name)\" is unknown", hint: "write the character itself, or &#number;")
        }
    }

    /// `<!-- … -->`; two hyphens may not stand inside.
    mutating func skipComment() throws(MediaError) {
        let opening = self
        skip("<!--")
        while !isNext("--") {
            guard !isAtEnd else { throw opening.malformed("a comment has no end") }
            advance()
        }
        guard isNext("-->") else { throw malformed("a comment holds \"--\"") }
        skip("-->")
    }

    /// `<?target … ?>`.
    mutating func skipInstruction() throws(MediaError) {
        let opening = self
        skip("<?")
        let target = try name()
        guard target.lowercased() != "xml" else {
            throw opening.malformed("the declaration does not stand at the beginning")
        }
        guard isNext("?>") || current.isXMLSpace else { throw expected("a space or \"?>\"") }
        while !isNext("?>") {
            guard !isAtEnd else { throw opening.malformed("a processing instruction has no end") }
            advance()
        }
        skip("?>")
    }
}
