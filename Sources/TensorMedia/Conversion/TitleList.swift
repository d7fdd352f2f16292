public import MediaCore

/// The titles above the cells of a grid.
///
///     before,after             two titles, in reading order
///     epoch {index}            one for all, with places that are filled for each
///
/// Places are `{name}`, `{member}` and `{index}`; a comma of a title itself is written `\\,`.
public struct TitleList: Sendable, Hashable {
    private let source: String
    private var templates: [CaptionTemplate] = []

    /// The titles that a text is.
    ///
    /// - Throws: `argument.invalid` for places that titles do not have, and for a brace without its partner.
    public init(_ text: String) throws(MediaError) {
        source = text
        var pieces = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                pieces.append("")
            } else {
                if character == ",", isEscaped { pieces[pieces.count - 1].removeLast() }
                pieces[pieces.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        for piece in pieces {
            let template = try CaptionTemplate(piece)
            guard template.fields.isSubset(of: [.name, .member, .index]) else {
                throw MediaError(
                    .argumentInvalid, "a title has no places but {name}, {member} and {index}",
                    hint: "give the rest as a caption")
            }
            templates.append(template)
        }
    }

    /// The titles of `count` cells.
    ///
    /// - Parameters:
    ///   - name: what `{name}` stands for.
    ///   - member: what `{member}` stands for.
    /// - Throws: `argument.invalid` when there are more or fewer titles than cells; one that has `{index}` serves for all.
    func texts(count: Int, name: String, member: String?) throws(MediaError) -> [String] {
        let isForAll = templates.count == 1 && templates.first?.fields.contains(.index) == true
        guard isForAll || templates.count == count else {
            throw MediaError(
                .argumentInvalid,
                "\(templates.count) title\(templates.count == 1 ? "" : "s") for \(count) cell\(count == 1 ? "" : "s") of a grid",
                hint: "give one for each, or one with {index} for all", at: .init(field: "titles"))
        }
        var texts: [String] = []
        for index in 0..<count {
            let template = templates[isForAll ? 0 : index]
            texts.append(
                try template.text { (field) in
                    switch field {
                    case .name: name
                    case .member: member ?? ""
                    default: String(index)
                    }
                })
        }
        return texts
    }
}

extension TitleList: CustomStringConvertible {
    /// The titles as they were written: the same in every process, as the key of a run's settings needs it.
    public var description: String { source }
}
