/// Reads a JSON document piece by piece and in order, so that what is wanted goes from the text to where it belongs, without
/// a tree between.
///
///     try JSONPullReader.read(bytes) { (reader) throws(MediaError) in
///         try reader.beginObject()
///         while let name = try reader.nextName() {
///             if name == .width { width = try reader.number().double } else { try reader.skip() }
///         }
///     }
///
/// As strict as ``JSONReader``: UTF-8 is checked, repeated names and nesting beyond the limits are refused, and what follows
/// the document too. After ``nextName()`` or ``nextElement()`` exactly one value has to be taken: with ``number()``,
/// ``string()``, ``value()`` or ``skip()``, or by beginning a container and going to its end.
@safe package struct JSONPullReader: ~Copyable {
    /// What comes next.
    @frozen package enum Kind: Sendable {
        case object, array, string, number
        /// `null`, `true`, `false`, or nothing that JSON has.
        case word
    }

    private var scanner: JSONScanner
    private let deepest: Int
    private let options: JSONReader.Options
    /// The innermost container, and those around it.
    private var frame = Frame()
    private var outerFrames: [Frame] = []
    /// The names of all open objects that have few and short ones, the innermost last; what lies behind is not in use.
    private var names = [JSONName](repeating: JSONName(low: 0, high: 0, byteCount: 0), count: 64)
    /// The names of the other open objects, by their depth.
    private var manyNames: [Int: Set<[UInt8]>] = [:]
    /// The name that came last, where it has an escape; else where it stands.
    private var lastName: [UInt8] = []
    private var lastNameRange = 0..<0
    /// Which of the known names the last member had that had one.
    private var lastMember = -1

    /// A container that has been begun.
    private struct Frame {
        var opening = 0
        var firstName = 0
        var nameCount = 0
        /// Of each name one bit: a name whose bit is not set is new.
        var marks: UInt64 = 0
        var isEmpty = true
        var hasManyNames = false
    }

    /// Up to so many names are compared with each other.
    private static let fewNames = 24

    /// Reads a whole document.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without byte order mark.
    ///   - limits: `nestingDepth` is looked at.
    ///   - options: What is accepted beside the standard; repeated names are refused whatever they say.
    ///   - body: Takes the one value of the document.
    /// - Throws: as ``JSONReader/parse(_:limits:options:)-(RawSpan,_,_)``, and what `body` throws.
    package static func read<Result: ~Copyable>(
        _ bytes: RawSpan, limits: Limits = .default, options: JSONReader.Options = .init(),
        body: (inout JSONPullReader) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        try unsafe bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws(MediaError) -> Result in
            let scanner = unsafe JSONScanner(bytes: buffer, acceptsNotFinite: options.acceptsNotFinite)
            var reader = JSONPullReader(scanner, limits, options)
            try reader.scanner.refuseByteOrderMark()
            reader.scanner.skipSpace()
            let result = try body(&reader)
            try reader.scanner.expectEnd()
            return result
        }
    }

    private init(_ scanner: JSONScanner, _ limits: Limits, _ options: JSONReader.Options) {
        self.scanner = scanner
        self.options = options
        deepest = min(limits.nestingDepth, JSONReader.deepestNesting)
    }

    /// What comes next.
    package var kind: Kind {
        switch scanner.current {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case UInt8(ascii: "N"), UInt8(ascii: "I"): scanner.acceptsNotFinite ? .number : .word
        default: .word
        }
    }

    /// Whether a string comes next.
    package var isAtString: Bool { scanner.current == UInt8(ascii: "\"") }
    /// Whether an object comes next.
    package var isAtObject: Bool { scanner.current == UInt8(ascii: "{") }
    /// Whether an array comes next.
    package var isAtArray: Bool { scanner.current == UInt8(ascii: "[") }

    /// How many bytes of the document lie before what comes next.
    package var offset: Int { scanner.offset }

    /// How many numbers were NaN or infinite, those in values that were stepped over too.
    package var notFiniteCount: Int { scanner.notFiniteCount }

    // MARK: Containers

    /// Begins an object. Its members follow, one by one, from ``nextName()``.
    package mutating func beginObject() throws(MediaError) { try begin(UInt8(ascii: "{"), "an object") }

    /// Begins an array. Its elements are announced, one by one, by ``nextElement()``.
    package mutating func beginArray() throws(MediaError) { try begin(UInt8(ascii: "["), "an array") }

    @inline(__always)
    private mutating func begin(_ bracket: UInt8, _ what: String) throws(MediaError) {
        guard outerFrames.count < deepest else { throw scanner.tooDeep(deepest) }
        let opening = scanner.offset
        guard scanner.take(bracket) else { throw scanner.expected(what) }
        outerFrames.append(frame)
        frame = Frame(opening: opening, firstName: frame.firstName &+ frame.nameCount)
    }

    /// Goes to the next element of the innermost container, an array; `false` when there is none and the array has ended.
    package mutating func nextElement() throws(MediaError) -> Bool {
        try next(closing: UInt8(ascii: "]"))
    }

    /// Goes to the next member of the innermost container, an object; `nil` when there is none and the object has ended.
    @inline(__always)
    package mutating func nextName() throws(MediaError) -> JSONName? {
        guard try next(closing: UInt8(ascii: "}")) else { return nil }
        let name = try name()
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: ":")) else { throw scanner.expected("\":\"") }
        scanner.skipSpace()
        try remember(name)
        return name
    }

    /// Goes to the next member as ``nextName()`` does, and says which of the known names it has: the place among them, or
    /// their number for any other name; `nil` when the object has ended.
    package mutating func nextMember(of known: JSONKnownNames) throws(MediaError) -> Int? {
        guard let name = try nextName() else { return nil }
        let count = known.names.count
        // Programs write members in one order: the one after the last is the first guess.
        var place = lastMember &+ 1
        for _ in 0..<count {
            if place >= count { place = 0 }
            if known.names[place] == name {
                lastMember = place
                return place
            }
            place &+= 1
        }
        return count
    }

    /// The text of the name that ``nextName()`` gave last.
    package var nameText: String {
        lastName.isEmpty ? scanner.text(lastNameRange) : String(decoding: lastName, as: UTF8.self)
    }

    /// Steps over what separates elements; `false` when the container ends instead, which closes it.
    @inline(__always)
    private mutating func next(closing bracket: UInt8) throws(MediaError) -> Bool {
        scanner.skipSpace()
        if frame.isEmpty {
            frame.isEmpty = false
            guard scanner.current == bracket else { return true }
        } else if scanner.take(UInt8(ascii: ",")) {
            scanner.skipSpace()
            return true
        }
        guard let outer = outerFrames.popLast(), scanner.take(bracket) else {
            throw scanner.expected("\",\" or \"\(Character(Unicode.Scalar(bracket)))\"")
        }
        if frame.hasManyNames { manyNames[outerFrames.count &+ 1] = nil }
        frame = outer
        return false
    }

    // MARK: Names

    @inline(__always)
    private mutating func name() throws(MediaError) -> JSONName {
        guard scanner.current == UInt8(ascii: "\"") else { throw scanner.expected("a name in quotes") }
        let start = scanner.offset &+ 1
        if !lastName.isEmpty { lastName.removeAll(keepingCapacity: true) }
        if let name = scanner.shortName() {
            lastNameRange = start..<(scanner.offset &- 1)
            return name
        }
        return try otherName(from: start)
    }

    /// A name that is long, has an escape or is not ASCII, or stands near the end of the document.
    @inline(never)
    private mutating func otherName(from start: Int) throws(MediaError) -> JSONName {
        if let end = try scanner.plainString() {
            lastNameRange = start..<end
            return JSONName(scanner.text(start..<end))
        }
        let text = try scanner.escapedString(from: start)
        lastName = Array(text.utf8)
        lastNameRange = start..<start
        return JSONName(text)
    }

    /// Refuses a name that the object has already.
    @inline(__always)
    private mutating func remember(_ name: JSONName) throws(MediaError) {
        let mark = name.mark
        let place = frame.firstName &+ frame.nameCount
        guard frame.marks & mark == 0, name.isWhole, !frame.hasManyNames, frame.nameCount < Self.fewNames,
            place < names.count
        else {
            return try rememberSlowly(name)
        }
        frame.marks |= mark
        names[place] = name
        frame.nameCount &+= 1
    }

    @inline(never)
    private mutating func rememberSlowly(_ name: JSONName) throws(MediaError) {
        let own = frame.firstName..<(frame.firstName &+ frame.nameCount)
        if !frame.hasManyNames, name.isWhole, own.count < Self.fewNames {
            for place in own where names[place] == name { throw repeated() }
            frame.marks |= name.mark
            if own.upperBound < names.count { names[own.upperBound] = name } else { names.append(name) }
            frame.nameCount &+= 1
            return
        }
        // Taken out of the dictionary while it changes: a second owner would make it a copy.
        let depth = outerFrames.count
        var many = manyNames.removeValue(forKey: depth) ?? Set(names[own].map(\.bytes))
        guard many.insert(Array(nameText.utf8)).inserted else { throw repeated() }
        manyNames[depth] = many
        frame.hasManyNames = true
    }

    private func repeated() -> MediaError { scanner.repeated(nameText, objectAt: frame.opening) }

    // MARK: Values

    /// Takes a number. With `acceptsNotFinite` it may be NaN or infinite.
    package mutating func number() throws(MediaError) -> JSONNumber {
        switch scanner.current {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try scanner.number()
        default:
            guard kind == .number, case .number(let value) = try scanner.scalar() else {
                throw scanner.expected("a number")
            }
            return .double(value)
        }
    }

    /// Takes a number when one comes next.
    package mutating func numberIfAny() throws(MediaError) -> JSONNumber? {
        switch scanner.current {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanner.number()
        case UInt8(ascii: "N"), UInt8(ascii: "I"): kind == .number ? try number() : nil
        default: nil
        }
    }

    /// Takes a string.
    package mutating func string() throws(MediaError) -> String {
        guard scanner.current == UInt8(ascii: "\"") else { throw scanner.expected("a string") }
        return try scanner.string()
    }

    /// Takes any value, with everything in it.
    package mutating func value() throws(MediaError) -> JSONValue {
        guard kind == .object || kind == .array else { return try scanner.scalar() }
        var parser = JSONParser(scanner: scanner, deepest: deepest &- outerFrames.count, repeatedNames: .refuse)
        let value = try parser.next()
        scanner = parser.scanner
        return value
    }

    /// Steps over any value, which is looked at as strictly as any other.
    ///
    /// - Returns: where it stands in the document.
    @discardableResult
    package mutating func skip() throws(MediaError) -> Range<Int> {
        let start = scanner.offset
        let outer = outerFrames.count
        var isFirst = true
        // The frames are the stack: how deep a value is nested is not ours to say.
        while isFirst || outerFrames.count > outer {
            isFirst = false
            switch kind {
            case .object: try beginObject()
            case .array: try beginArray()
            case .string:
                let first = scanner.offset &+ 1
                if try scanner.plainString() == nil { _ = try scanner.escapedString(from: first) }
            case .number, .word: _ = try scanner.scalar()
            }
            while outerFrames.count > outer {
                let isObject = scanner.byte(at: frame.opening) == UInt8(ascii: "{")
                if isObject ? try nextName() != nil : try nextElement() { break }
            }
        }
        return start..<scanner.offset
    }

    /// The error that `message` is about what stands at `offset`.
    package func malformed(_ message: String, at offset: Int) -> MediaError { scanner.malformed(message, at: offset) }
}
