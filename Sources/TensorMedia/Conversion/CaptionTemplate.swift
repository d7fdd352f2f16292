public import MediaCore

/// The text of captions, with places for what is known of each picture.
///
///     {name}: {min} to {max}
///
/// `{{` and `}}` stand for braces, `\n` for the end of a line.
public struct CaptionTemplate: Sendable, Hashable {
    /// What can be put in.
    public enum Field: String, Sendable, CaseIterable {
        /// The name of the input, without folders and ending.
        case name
        /// The name of the tensor in its archive; nothing where a file is one tensor.
        case member
        /// The number of the picture in its batch, from 0.
        case index
        /// The least finite value of the tensor.
        case min
        /// The greatest finite value of the tensor.
        case max
        /// The tensor's shape, or the height and width of a picture file.
        case shape
        /// The tensor's element type, or the format of a picture file.
        case type
        /// The value mapping and its range: `unit 0…1`.
        case mapping
        /// The number of the frame of a clip, from 0.
        case frame
        /// When the frame of a clip is first shown, in seconds.
        case time
    }

    /// A piece of the text.
    private enum Part: Sendable, Hashable {
        case text(String)
        case field(Field)
    }

    /// The text as it was written.
    public let source: String
    private var parts: [Part] = []

    /// The template that a text is.
    ///
    /// - Throws: `argument.invalid` for a place of an unknown name, and for a brace without its partner.
    public init(_ text: String) throws(MediaError) {
        source = text
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (character, rest.first) {
            case ("{", "{"), ("}", "}"): literal.append(rest.removeFirst())
            case ("\\", "n"):
                literal.append("\n")
                rest.removeFirst()
            case ("{", _):
                guard let end = rest.firstIndex(of: "}") else {
                    throw Self.error("a place that \"{\" begins has no end")
                }
                guard let field = Field(rawValue: String(rest[..<end])) else {
                    throw Self.error("there is no place \"{\(rest[..<end])}\"")
                }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(.field(field))
                rest = rest[rest.index(after: end)...]
            case ("}", _): throw Self.error("a \"}\" ends nothing")
            default: literal.append(character)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    /// The places that the text has.
    var fields: Set<Field> {
        Set(parts.compactMap { part in if case .field(let field) = part { field } else { nil } })
    }

    /// Whether some of the text depends on the values of a tensor.
    var asksForValues: Bool { parts.contains(.field(.min)) || parts.contains(.field(.max)) }

    /// The text with every place filled.
    func text(_ value: (Field) throws(MediaError) -> String) throws(MediaError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .field(let field): text += try value(field)
            }
        }
        return text
    }

    private static func error(_ message: String) -> MediaError {
        let places = Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
        return MediaError(
            .argumentInvalid, message, hint: "places are \(places); write {{ and }} for braces",
            at: .init(field: "caption"))
    }
}

extension CaptionTemplate: CustomStringConvertible {
    /// The text as it was written: the same in every process, as the key of a run's settings needs it.
    public var description: String { source }
}
