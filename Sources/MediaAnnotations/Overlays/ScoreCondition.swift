public import MediaCore

/// A bound for a score: `acc>=0.5`.
public struct ScoreCondition: Sendable, Hashable {
    /// How a score is compared with the bound.
    public enum Relation: String, Sendable, CaseIterable {
        /// Both, or one of them, as it is written.
        case lessOrEqual = "<=", greaterOrEqual = ">=", equal = "==", notEqual = "!=", less = "<", greater = ">"
    }

    /// The name of the score.
    public var name: String
    /// How it is compared.
    public var relation: Relation
    /// What it is compared with.
    public var bound: Double

    /// Creates a condition.
    public init(_ name: String, _ relation: Relation, _ bound: Double) {
        self.name = name
        self.relation = relation
        self.bound = bound
    }

    /// Reads a condition: the name, one of `<`, `<=`, `>`, `>=`, `==`, `!=`, a number. Spaces between do not count.
    ///
    /// - Throws: `argument.invalid`.
    public init(_ text: String) throws(MediaError) {
        let bytes = Array(text.utf8)
        let signs: [UInt8] = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!")]
        let start = bytes.firstIndex(where: signs.contains) ?? bytes.count
        let end = bytes[start...].firstIndex { !signs.contains($0) } ?? bytes.count
        let name = String(decoding: bytes[..<start], as: UTF8.self).trimmed
        guard !name.isEmpty, let relation = Relation(rawValue: String(decoding: bytes[start..<end], as: UTF8.self)),
            let bound = Double(String(decoding: bytes[end...], as: UTF8.self).trimmed), bound.isFinite
        else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no condition for a score",
                hint: "write it like acc>=0.5, with one of < <= > >= == !=", at: .init(field: "score"))
        }
        self.init(name, relation, bound)
    }

    /// Whether a box fulfils the condition; one without the score does not.
    public func holds(for box: BoundingBox) -> Bool { holds(for: box.scores) }

    /// Whether scores fulfil the condition; without the one that it is about they do not.
    public func holds(for scores: BoxScores) -> Bool {
        guard let value = scores[name] else { return false }
        return switch relation {
        case .less: value < bound
        case .lessOrEqual: value <= bound
        case .greater: value > bound
        case .greaterOrEqual: value >= bound
        case .equal: value == bound
        case .notEqual: value != bound
        }
    }
}

extension String {
    /// The text without spaces at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
