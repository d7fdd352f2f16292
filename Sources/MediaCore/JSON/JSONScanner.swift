/// Reads the pieces of a JSON document: spaces, literals, numbers, strings; and knows where it is when one is wrong.
///
/// Every read of `bytes` is in `byte(at:)`, `word(at:)`, `text(_:)` and one literal, and looks at `count` first.
@safe struct JSONScanner {
    private let bytes: UnsafePointer<UInt8>?
    private let count: Int
    let acceptsNotFinite: Bool
    /// Where the next byte is read.
    var offset = 0
    /// How many numbers were not finite.
    var notFiniteCount = 0
    /// Strings with escapes are put together here.
    private var scratch: [UInt8] = []

    /// A scanner of `bytes`, which must outlive it.
    init(bytes: UnsafeRawBufferPointer, acceptsNotFinite: Bool) {
        unsafe self.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        count = bytes.count
        self.acceptsNotFinite = acceptsNotFinite
    }

    // MARK: Bytes

    var isAtEnd: Bool { offset >= count }

    /// The next byte; 0 at the end, which no rule of JSON accepts anywhere.
    @inline(__always)
    var current: UInt8 { byte(at: offset) }

    @inline(__always)
    func byte(at index: Int) -> UInt8 {
        guard index < count, let bytes = unsafe bytes else { return 0 }
        return unsafe bytes[index]
    }

    /// The eight bytes from `index` on, the first of them the lowest; `nil` when there are not so many.
    @inline(__always)
    func word(at index: Int) -> UInt64? {
        guard index <= count &- 8, let bytes = unsafe bytes else { return nil }
        return UInt64(littleEndian: unsafe UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    mutating func advance() { offset &+= 1 }

    /// Steps over `byte` when it is the next one.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard !isAtEnd, current == byte else { return false }
        advance()
        return true
    }

    @inline(__always)
    mutating func skipSpace() {
        // Between most pieces of what programs write there is nothing.
        if current > 0x20 { return }
        while true {
            switch current {
            case 0x20, 0x0A, 0x0D, 0x09: advance()
            default: return
            }
        }
    }

    // MARK: Scalars

    /// Reads a literal, a number or a string.
    mutating func scalar() throws(MediaError) -> JSONValue {
        switch current {
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number().value
        case UInt8(ascii: "t"): try literal("true", .bool(true))
        case UInt8(ascii: "f"): try literal("false", .bool(false))
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "N") where acceptsNotFinite: try notFinite("NaN", .nan)
        case UInt8(ascii: "I") where acceptsNotFinite: try notFinite("Infinity", .infinity)
        case UInt8(ascii: "N"), UInt8(ascii: "I"): throw notFinite()
        default: throw expected("a value")
        }
    }

    private mutating func notFinite(_ word: StaticString, _ value: Double) throws(MediaError) -> JSONValue {
        notFiniteCount &+= 1
        return try literal(word, .number(value))
    }

    mutating func literal(_ word: StaticString, _ value: JSONValue) throws(MediaError) -> JSONValue {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount {
            let wanted = unsafe word.utf8Start[index]
            guard current == wanted else {
                offset = start
                throw malformed("expected \(word)", at: start)
            }
            advance()
        }
        return value
    }

    // MARK: Strings

    /// The bytes of `range`, which is inside the document, as text.
    func text(_ range: Range<Int>) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: bytes.map { unsafe $0 + range.lowerBound }, count: range.count),
            as: UTF8.self)
    }

    /// Reads a string from its opening quote past its closing one.
    mutating func string() throws(MediaError) -> String {
        let start = offset &+ 1
        if let end = try plainString() { return text(start..<end) }
        return try escapedString(from: start)
    }

    /// Steps over a string that has no escape, from its opening quote past its closing one.
    ///
    /// - Returns: where the closing quote is; `nil` when the string has an escape or something wrong, where it stops.
    @inline(__always)
    mutating func plainString() throws(MediaError) -> Int? {
        advance()
        let start = offset
        var seen: UInt64 = 0
        while let word = word(at: offset) {
            let stops = word.stringStops
            guard stops == 0 else {
                let length = stops.trailingZeroBitCount &>> 3
                seen |= word.lowBytes(length)
                offset &+= length
                break
            }
            seen |= word
            offset &+= 8
        }
        while true {
            let byte = current
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            seen |= UInt64(byte)
            advance()
        }
        guard current == UInt8(ascii: "\"") else { return nil }
        if !seen.isASCII { try validate(start..<offset) }
        advance()
        return offset &- 1
    }

    /// Steps over a string of at most 15 plain ASCII bytes, a name mostly, and gives them as a name.
    ///
    /// - Returns: `nil`, having gone nowhere, for any other string.
    @inline(__always)
    mutating func shortName() -> JSONName? {
        let start = offset &+ 1
        guard let low = word(at: start) else { return nil }
        let stops = low.stringStops
        if stops != 0 {
            let length = stops.trailingZeroBitCount &>> 3
            let bytes = low.lowBytes(length)
            guard byte(at: start &+ length) == UInt8(ascii: "\""), bytes.isASCII else { return nil }
            offset = start &+ length &+ 1
            return JSONName(low: bytes, high: 0, byteCount: length)
        }
        guard low.isASCII, let high = word(at: start &+ 8) else { return nil }
        let highStops = high.stringStops
        guard highStops != 0 else { return nil }
        let length = highStops.trailingZeroBitCount &>> 3
        let bytes = high.lowBytes(length)
        guard byte(at: start &+ 8 &+ length) == UInt8(ascii: "\""), bytes.isASCII else { return nil }
        offset = start &+ 8 &+ length &+ 1
        return JSONName(low: low, high: bytes, byteCount: length &+ 8)
    }

    /// Reads the rest of a string that has an escape, or something wrong, at the current byte.
    mutating func escapedString(from start: Int) throws(MediaError) -> String {
        scratch.removeAll(keepingCapacity: true)
        var run = start
        while true {
            let byte = current
            if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                advance()
                continue
            }
            try validate(run..<offset)
            for index in run..<offset { scratch.append(self.byte(at: index)) }
            if byte == UInt8(ascii: "\"") {
                advance()
                return String(decoding: scratch, as: UTF8.self)
            }
            guard byte == UInt8(ascii: "\\") else {
                if isAtEnd { throw malformed("a string has no closing quote", at: start &- 1) }
                throw malformed(
                    "a string holds the control character \(byte.hexadecimal)", at: offset, hint: "escape it")
            }
            try escape()
            run = offset
        }
    }

    /// Reads one escape and appends what it stands for.
    private mutating func escape() throws(MediaError) {
        let start = offset
        advance()
        let letter = current
        let plain: UInt8? =
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let plain {
            advance()
            scratch.append(plain)
            return
        }
        guard letter == UInt8(ascii: "u") else { throw malformed("a string holds an unknown escape", at: start) }
        advance()
        var code = try fourDigits(start)
        if (0xD800..<0xDC00).contains(code) {
            guard current == UInt8(ascii: "\\"), byte(at: offset &+ 1) == UInt8(ascii: "u") else {
                throw malformed("a string holds half of a surrogate pair", at: start)
            }
            offset &+= 2
            let low = try fourDigits(start)
            guard (0xDC00..<0xE000).contains(low) else {
                throw malformed("a string holds half of a surrogate pair", at: start)
            }
            code = 0x10000 &+ (code &- 0xD800) << 10 &+ (low &- 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw malformed("a string holds half of a surrogate pair", at: start)
        }
        scratch.append(contentsOf: String(scalar).utf8)
    }

    private mutating func fourDigits(_ start: Int) throws(MediaError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = current.hexadecimalValue else {
                throw malformed("an escape needs four hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            advance()
        }
        return code
    }
}

extension UInt64 {
    /// The lowest `count` bytes, 0…7; the others 0.
    @inline(__always)
    fileprivate func lowBytes(_ count: Int) -> UInt64 {
        self & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    /// Whether no byte has its highest bit set.
    @inline(__always)
    fileprivate var isASCII: Bool { self & 0x8080_8080_8080_8080 == 0 }

    /// The highest bit of each byte that is a quote, a backslash or a control character; the lowest such byte is certain,
    /// those above it may be mistaken (a borrow passes through).
    @inline(__always)
    fileprivate var stringStops: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = self ^ (ones &* 0x22)
        let backslashes = self ^ (ones &* 0x5C)
        let marks =
            (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (self &- ones &* 0x20) & ~self
        return marks & (ones &* 0x80)
    }
}
