/// Reads XML 1.0 (fifth edition) documents that need no document type: elements, attributes, text, CDATA sections,
/// references to characters and to the five entities that every reader knows.
///
/// Comments and processing instructions are checked and left out. A document type is refused: entities of strangers open
/// files and grow without bound. Only UTF-8 is read, with or without byte order mark. Namespaces are not processed.
public enum XMLReader {
    /// The deepest nesting that is read whatever the limits say.
    public static let deepestNesting = 4096

    /// Parses a whole document.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - limits: `nestingDepth`, up to ``deepestNesting``, and `members`, the most elements and attributes.
    /// - Throws: `format.malformed` with line and column in the message and the byte in the location;
    ///   `format.unsupported` for a document type and for other encodings; `limit.exceeded`.
    public static func parse(_ bytes: RawSpan, limits: Limits = .default) throws(MediaError) -> XMLTree {
        let bytes = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
        var parser = XMLParser(scanner: XMLScanner(bytes: bytes), limits: limits)
        return try parser.document()
    }

    /// Parses a whole document that is already text.
    public static func parse(_ text: String, limits: Limits = .default) throws(MediaError) -> XMLTree {
        var parser = XMLParser(scanner: XMLScanner(bytes: Array(text.utf8)), limits: limits)
        return try parser.document()
    }
}

/// Builds the tree, with a stack of its own: the nesting of a document is a number that a stranger chose.
private struct XMLParser {
    /// An element whose end tag has not come yet.
    private struct Frame {
        var index: Int
        var lastChild: Int?
        var text: [UInt8] = []
    }

    private var scanner: XMLScanner
    private let deepest: Int
    private var membersLeft: Int
    private var nodes: [XMLTree.Node] = []
    private var frames: [Frame] = []

    init(scanner: XMLScanner, limits: Limits) {
        self.scanner = scanner
        deepest = min(limits.nestingDepth, XMLReader.deepestNesting)
        membersLeft = limits.members
    }

    mutating func document() throws(MediaError) -> XMLTree {
        try scanner.begin()
        try skipMiscellaneous()
        guard scanner.current == UInt8(ascii: "<") else { throw scanner.expected("an element") }
        try startTag()
        while !frames.isEmpty { try content() }
        try skipMiscellaneous()
        guard scanner.isAtEnd else { throw scanner.expected("the end of the document") }
        return XMLTree(nodes: nodes)
    }

    /// Comments, processing instructions and spaces outside the root.
    private mutating func skipMiscellaneous() throws(MediaError) {
        while true {
            scanner.skipSpace()
            if scanner.isNext("<!--") {
                try scanner.skipComment()
            } else if scanner.isNext("<?") {
                try scanner.skipInstruction()
            } else if scanner.isNext("<!DOCTYPE") {
                throw scanner.documentType()
            } else {
                return
            }
        }
    }

    /// One piece of what stands between tags.
    private mutating func content() throws(MediaError) {
        let top = frames.count - 1
        if scanner.isNext("</") {
            try endTag()
        } else if scanner.isNext("<!--") {
            try scanner.skipComment()
        } else if scanner.isNext("<![CDATA[") {
            try scanner.characterData(into: &frames[top].text)
        } else if scanner.isNext("<?") {
            try scanner.skipInstruction()
        } else if scanner.isNext("<!DOCTYPE") {
            throw scanner.documentType()
        } else if scanner.isAtEnd {
            throw scanner.unclosed(nodes[frames[top].index])
        } else if scanner.current == UInt8(ascii: "<") {
            try startTag()
        } else {
            try scanner.text(into: &frames[top].text)
        }
    }

    private mutating func startTag() throws(MediaError) {
        guard frames.count < deepest else { throw scanner.tooDeep(deepest) }
        let position = scanner.position
        scanner.advance()
        var node = XMLTree.Node(name: try scanner.name(), position: position)
        try takeMember()
        var names: Set<[UInt8]> = []
        while true {
            let hasSpace = scanner.skipSpace()
            if scanner.current == UInt8(ascii: ">") || scanner.current == UInt8(ascii: "/") { break }
            guard hasSpace else { throw scanner.expected("a space, \"/>\" or \">\"") }
            try takeMember()
            let start = scanner.offset
            let attribute = try scanner.attribute()
            node.attributes.append(attribute)
            // Bytes, because Swift takes a letter of two scalars for the same letter of one.
            guard names.insert(Array(attribute.name.utf8)).inserted else {
                throw scanner.repeated(attribute.name, at: start)
            }
        }
        let isEmpty = scanner.take(UInt8(ascii: "/"))
        guard scanner.take(UInt8(ascii: ">")) else { throw scanner.expected("\">\"") }
        append(node)
        if !isEmpty { frames.append(Frame(index: nodes.count - 1)) }
    }

    private mutating func takeMember() throws(MediaError) {
        guard membersLeft > 0 else { throw scanner.tooMany() }
        membersLeft -= 1
    }

    /// Adds a node behind its siblings.
    private mutating func append(_ node: XMLTree.Node) {
        let index = nodes.count
        nodes.append(node)
        guard let top = frames.indices.last else { return }
        if let sibling = frames[top].lastChild {
            nodes[sibling].nextSibling = index
        } else {
            nodes[frames[top].index].firstChild = index
        }
        frames[top].lastChild = index
    }

    private mutating func endTag() throws(MediaError) {
        let start = scanner.offset
        scanner.advance()
        scanner.advance()
        let name = try scanner.name()
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: ">")) else { throw scanner.expected("\">\"") }
        guard let frame = frames.popLast() else { return }
        guard nodes[frame.index].name.hasSameBytes(as: name) else {
            throw scanner.mismatch(name, nodes[frame.index], at: start)
        }
        nodes[frame.index].text = String(decoding: frame.text, as: UTF8.self)
    }
}
