/// A literal of the Python language, as far as the header of an NPY file can hold one.
indirect enum PythonLiteral: Hashable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case string(String)
    case tuple([PythonLiteral])
    case list([PythonLiteral])
    case dictionary([Entry])

    struct Entry: Hashable, Sendable {
        let key: PythonLiteral
        let value: PythonLiteral
    }
}

/// Why a text is no literal, and where.
struct PythonLiteralError: Error {
    let message: String
    let offset: Int
}

/// Parses one literal: dictionaries, tuples, lists, strings with either quote, integers, `True`, `False`, `None`.
///
/// It evaluates nothing. Grammar: "Literals" and "Displays" of the Python language reference.
struct PythonLiteralParser {
    private let text: [UInt8]
    private var position = 0
    private let depthLimit: Int

    /// Parses all of `text`, which is UTF-8; blanks may surround the literal.
    static func parse(_ text: [UInt8], depthLimit: Int = 32) throws(PythonLiteralError) -> PythonLiteral {
        var parser = PythonLiteralParser(text: text, depthLimit: depthLimit)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        // np.save pads with blanks; some writers pad with zero bytes.
        while parser.next == 0 { parser.position += 1 }
        guard parser.next == nil else { throw parser.error("text follows the dictionary") }
        return value
    }

    private init(text: [UInt8], depthLimit: Int) {
        self.text = text
        self.depthLimit = depthLimit
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private func error(_ message: String) -> PythonLiteralError {
        PythonLiteralError(message: message, offset: position)
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard next.map(UInt32.init) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(PythonLiteralError) -> PythonLiteral {
        guard depth < depthLimit else { throw error("brackets are nested deeper than \(depthLimit)") }
        skipBlanks()
        guard let first = next else { throw error("the text ends where a value should be") }
        switch first {
        case UInt8(ascii: "{"): return try dictionary(depth: depth)
        case UInt8(ascii: "("): return try tuple(depth: depth)
        case UInt8(ascii: "["):
            position += 1
            return .list(try elements(until: "]", depth: depth).values)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
        default: return try name()
        }
    }

    private mutating func dictionary(depth: Int) throws(PythonLiteralError) -> PythonLiteral {
        position += 1
        var entries: [PythonLiteral.Entry] = []
        while !take("}") {
            let key = try value(depth: depth + 1)
            guard take(":") else { throw error("a colon is missing after a key") }
            entries.append(.init(key: key, value: try value(depth: depth + 1)))
            if take("}") { break }
            guard take(",") else { throw error("a comma or a closing brace is missing") }
        }
        return .dictionary(entries)
    }

    /// `(3)` is the integer 3 and `(3,)` a tuple, as in Python.
    private mutating func tuple(depth: Int) throws(PythonLiteralError) -> PythonLiteral {
        position += 1
        let (values, endsWithComma) = try elements(until: ")", depth: depth)
        if let only = values.first, values.count == 1, !endsWithComma { return only }
        return .tuple(values)
    }

    private mutating func elements(
        until end: Unicode.Scalar, depth: Int
    ) throws(PythonLiteralError) -> (values: [PythonLiteral], endsWithComma: Bool) {
        var values: [PythonLiteral] = []
        while !take(end) {
            values.append(try value(depth: depth + 1))
            if take(end) { return (values, false) }
            guard take(",") else { throw error("a comma or a closing bracket is missing") }
        }
        return (values, true)
    }

    private mutating func integer() throws(PythonLiteralError) -> Int {
        let start = position
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { position += 1 }
        var value = 0
        var digits = 0
        while let byte = next, let digit = Int(exactly: byte &- UInt8(ascii: "0")), digit < 10 {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = tenfold.addingReportingOverflow(digit)
            guard !overflow, !overflow2 else {
                position = start
                throw error("an integer does not fit 63 bits")
            }
            value = sum
            digits += 1
            position += 1
        }
        guard digits > 0 else { throw error("a sign without digits") }
        // Python 2 wrote long integers with a suffix, and NumPy reads them still.
        if next == UInt8(ascii: "L") { position += 1 }
        return isNegative ? -value : value
    }

    private mutating func name() throws(PythonLiteralError) -> PythonLiteral {
        let start = position
        while let byte = next, Character(Unicode.Scalar(byte)).isLetter { position += 1 }
        switch String(decoding: text[start..<position], as: UTF8.self) {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .none
        default:
            position = start
            throw error("this is no string, integer, tuple, list, dictionary, True, False or None")
        }
    }

    private mutating func string() throws(PythonLiteralError) -> String {
        let quote = text[position]
        position += 1
        var bytes: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == quote {
                guard let value = String(validating: bytes, as: UTF8.self) else { throw error("a string is not UTF-8") }
                return value
            }
            if byte == UInt8(ascii: "\\") { bytes += try escape() } else { bytes.append(byte) }
        }
        throw error("a string has no end")
    }

    private mutating func escape() throws(PythonLiteralError) -> [UInt8] {
        guard let kind = next else { throw error("a string has no end") }
        position += 1
        switch kind {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [kind]
        case UInt8(ascii: "x"): return try scalar(digits: 2)
        case UInt8(ascii: "u"): return try scalar(digits: 4)
        case UInt8(ascii: "U"): return try scalar(digits: 8)
        default: return [UInt8(ascii: "\\"), kind]
        }
    }

    private mutating func scalar(digits: Int) throws(PythonLiteralError) -> [UInt8] {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("an escape lacks digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("an escape names no character") }
        return Array(String(Character(scalar)).utf8)
    }
}
