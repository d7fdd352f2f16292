/// Reads JSON as RFC 8259 defines it, and nothing else: no comments, no trailing commas, no repeated names, valid UTF-8.
///
/// A number without fraction and exponent that fits 64 bits becomes ``JSONValue/integer(_:)``; any other becomes the
/// nearest ``JSONValue/number(_:)``.
public enum JSONReader {
    /// What is accepted beside the standard.
    public struct Options: Sendable, Hashable {
        /// What to do with a name that an object has twice.
        public enum RepeatedNames: String, Sendable, CaseIterable {
            /// Refuse the document.
            case refuse
            /// Keep the last value in the place of the first, as Python does.
            case keepLast
        }

        /// What to do with a name that an object has twice.
        public var repeatedNames = RepeatedNames.refuse
        /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as Python and wandb write them.
        public var acceptsNotFinite = false

        /// The standard and nothing else.
        public init() {}

        /// What Python's `json` module reads, and so what wandb writes.
        public static let python: Options = {
            var options = Options()
            options.repeatedNames = .keepLast
            options.acceptsNotFinite = true
            return options
        }()
    }

    /// The deepest nesting that is read whatever the limits say: freeing a deeper value would need too much stack.
    public static let deepestNesting = 4096

    /// Parses a whole document.
    ///
    /// - Parameters:
    ///   - bytes: The document, UTF-8 without byte order mark.
    ///   - limits: `nestingDepth` is looked at, up to ``deepestNesting``.
    ///   - options: What is accepted beside the standard.
    /// - Throws: `format.malformed` with line and column in the message and the byte in the location; `limit.exceeded`
    ///   for nesting; `value.out-of-range` for a number whose exponent a 64-bit float cannot hold.
    public static func parse(
        _ bytes: RawSpan, limits: Limits = .default, options: Options = Options()
    ) throws(MediaError) -> JSONValue {
        try unsafe bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws(MediaError) -> JSONValue in
            let scanner = unsafe JSONScanner(bytes: buffer, acceptsNotFinite: options.acceptsNotFinite)
            var parser = JSONParser(
                scanner: scanner, deepest: min(limits.nestingDepth, deepestNesting),
                repeatedNames: options.repeatedNames)
            try parser.scanner.refuseByteOrderMark()
            parser.scanner.skipSpace()
            let value = try parser.next()
            try parser.scanner.expectEnd()
            return value
        }
    }

    /// Parses a whole document that is already text.
    public static func parse(
        _ text: String, limits: Limits = .default, options: Options = Options()
    ) throws(MediaError) -> JSONValue {
        try unsafe parse(text.utf8Span.span.bytes, limits: limits, options: options)
    }
}

/// Builds the value from its pieces, with a stack of its own: the nesting of a document is a number that a stranger chose.
struct JSONParser {
    /// A container that has been opened: where its elements begin.
    private struct Frame {
        var isObject: Bool
        var firstValue: Int
        var firstName: Int
        var opening: Int
    }

    var scanner: JSONScanner
    let deepest: Int
    let repeatedNames: JSONReader.Options.RepeatedNames
    /// The finished elements of all open containers, the innermost last.
    private var values: [JSONValue] = []
    private var names: [String] = []
    private var frames: [Frame] = []

    init(scanner: JSONScanner, deepest: Int, repeatedNames: JSONReader.Options.RepeatedNames) {
        self.scanner = scanner
        self.deepest = deepest
        self.repeatedNames = repeatedNames
    }

    /// The value that begins at the scanner's offset, with everything in it.
    mutating func next() throws(MediaError) -> JSONValue {
        while true {
            try value()
            while let frame = frames.last {
                scanner.skipSpace()
                if scanner.take(UInt8(ascii: ",")) {
                    scanner.skipSpace()
                    if frame.isObject { try name() }
                    break
                }
                guard scanner.take(UInt8(ascii: frame.isObject ? "}" : "]")) else {
                    throw scanner.expected(frame.isObject ? "\",\" or \"}\"" : "\",\" or \"]\"")
                }
                try close(frame)
            }
            if frames.isEmpty, let value = values.popLast() { return value }
        }
    }

    /// Reads a value, or opens the containers that begin here down to the first one that is empty or has a value.
    private mutating func value() throws(MediaError) {
        while true {
            let isObject: Bool
            switch scanner.current {
            case UInt8(ascii: "{"): isObject = true
            case UInt8(ascii: "["): isObject = false
            default:
                values.append(try scanner.scalar())
                return
            }
            guard frames.count < deepest else { throw scanner.tooDeep(deepest) }
            let frame = Frame(
                isObject: isObject, firstValue: values.count, firstName: names.count, opening: scanner.offset)
            scanner.advance()
            scanner.skipSpace()
            if scanner.take(UInt8(ascii: isObject ? "}" : "]")) {
                values.append(isObject ? .object(JSONObject()) : .array([]))
                return
            }
            frames.append(frame)
            if isObject { try name() }
        }
    }

    private mutating func name() throws(MediaError) {
        guard scanner.current == UInt8(ascii: "\"") else { throw scanner.expected("a name in quotes") }
        names.append(try scanner.string())
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: ":")) else { throw scanner.expected("\":\"") }
        scanner.skipSpace()
    }

    private mutating func close(_ frame: Frame) throws(MediaError) {
        frames.removeLast()
        let count = values.count - frame.firstValue
        let result: JSONValue
        if frame.isObject {
            var members: [JSONObject.Member] = []
            members.reserveCapacity(count)
            for index in 0..<count {
                members.append(.init(name: names[frame.firstName + index], value: values[frame.firstValue + index]))
            }
            names.removeLast(count)
            result = .object(try unrepeated(members, frame))
        } else {
            result = .array(Array(values[frame.firstValue...]))
        }
        values.removeLast(count)
        values.append(result)
    }

    /// The object of these members, once it is known that no name stands twice.
    private func unrepeated(_ members: [JSONObject.Member], _ frame: Frame) throws(MediaError) -> JSONObject {
        var firstIndex: [[UInt8]: Int] = [:]
        var kept: [JSONObject.Member] = []
        let isSmall = members.count <= 8
        if isSmall, !members.hasRepeatedNames { return JSONObject(unique: members) }
        firstIndex.reserveCapacity(members.count)
        kept.reserveCapacity(members.count)
        for member in members {
            let name = Array(member.name.utf8)
            if let earlier = firstIndex[name] {
                guard repeatedNames == .keepLast else { throw scanner.repeated(member.name, objectAt: frame.opening) }
                kept[earlier].value = member.value
            } else {
                firstIndex[name] = kept.count
                kept.append(member)
            }
        }
        return JSONObject(unique: kept)
    }
}

extension [JSONObject.Member] {
    /// Whether two names are equal, by comparing all pairs: for a few members.
    fileprivate var hasRepeatedNames: Bool {
        for (index, member) in enumerated() {
            for other in self[..<index] where other.name.hasSameBytes(as: member.name) { return true }
        }
        return false
    }
}
