/// What went wrong, where, what was found, what was expected, and what to do about it.
///
/// Every function of the package that can fail throws this one type. Programs branch on ``code``; people read
/// ``description``, which is one line:
///
///     photos/a.npy: header: shape (3, 224, 224) of float32 needs 602112 bytes, the file holds 1000; write the file again
public struct MediaError: Error, Sendable {
    /// What kind of failure this is; stable, fit for programs.
    public var code: Code
    /// What was found and what was expected, without a final full stop.
    public var message: String
    /// What to do about it, as an imperative phrase, when something can be done.
    public var hint: String?
    /// Where it happened.
    public var location: Location
    /// The failure that caused this one, when there is one.
    public var underlying: (any Error)?
    /// All findings, when the error stands for a validation that failed.
    public var report: ValidationReport?

    /// Creates an error.
    public init(
        _ code: Code, _ message: String, hint: String? = nil, at location: Location = Location(),
        underlying: (any Error)? = nil, report: ValidationReport? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.location = location
        self.underlying = underlying
        self.report = report
    }

    /// A failure's kind: a lower-case, dotted name such as `header.invalid`.
    ///
    /// The set is open: a later version may add codes, and callers may make their own.
    public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
        /// The dotted name.
        public let rawValue: String

        /// Creates a code from its dotted name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Creates a code from its dotted name.
        public init(stringLiteral value: String) { self.rawValue = value }

        /// The dotted name.
        public var description: String { rawValue }
    }

    /// Where something was found: a file, a field inside it, a byte.
    public struct Location: Hashable, Sendable {
        /// The file, as the caller named it; a member of an archive follows its archive after a colon.
        public var file: String?
        /// The field or the path inside the value: `header.shape`, `boxes["pred"][3].position.maxX`.
        public var field: String?
        /// The offset from the beginning of the file, in bytes.
        public var offset: Int?

        /// Creates a location; every part may be left out.
        public init(file: String? = nil, field: String? = nil, offset: Int? = nil) {
            self.file = file
            self.field = field
            self.offset = offset
        }
    }

    /// The same error, said of `file`, unless a file is already named.
    public func inFile(_ file: String) -> MediaError {
        guard location.file == nil else { return self }
        var copy = self
        copy.location.file = file
        return copy
    }

    /// The same error, said of `field`, unless a field is already named.
    public func inField(_ field: String) -> MediaError {
        guard location.field == nil else { return self }
        var copy = self
        copy.location.field = field
        return copy
    }

    /// The same error, said of an element of a list: `[3]`, or `[3].caption` where a field is already named.
    package func inElement(_ place: Int) -> MediaError {
        var copy = self
        copy.location.field = location.field.map { "[\(place)].\($0)" } ?? "[\(place)]"
        return copy
    }
}

extension MediaError: CustomStringConvertible {
    /// One line: location, message, hint. Control characters that came in with a name are escaped.
    public var description: String {
        var text = ""
        let place = location.description
        if !place.isEmpty { text += place + ": " }
        text += message
        if let hint { text += "; " + hint }
        return text.singleLine
    }
}

extension MediaError.Location: CustomStringConvertible {
    /// `file: field (byte n)`, as far as the parts are known.
    public var description: String {
        var parts: [String] = []
        if let file { parts.append(file) }
        if let field { parts.append(field) }
        var text = parts.joined(separator: ": ")
        if let offset { text += text.isEmpty ? "byte \(offset)" : " (byte \(offset))" }
        return text
    }
}

extension String {
    /// The text with every control character written as an escape, so that a hostile file name cannot draw on a terminal,
    /// break the line or turn the order of what follows.
    package var singleLine: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isControl: text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// C0, C1, the separators of lines and paragraphs, and what embeds, overrides or isolates a direction (Unicode
    /// Standard Annex 9, 2).
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
