import MediaCore

/// Compares JSON with an expectation whose digests and sizes are tokens: `{{sha256:N}}`, `{{sha20:N}}`, `{{size:N}}`.
///
/// Bytes of generated files depend on the encoder, so a token stands for whatever our file N has; the same token must
/// stand for the same thing everywhere.
struct TokenMatcher {
    /// What each file's number turned out to be: the first 20 digits, the whole digest, the size.
    private(set) var prefixes: [Int: String] = [:]
    private(set) var digests: [Int: String] = [:]
    private(set) var sizes: [Int: Int64] = [:]

    /// What differs, with its path; empty when the values agree.
    mutating func differences(_ ours: JSONValue, _ expected: JSONValue, path: String) -> [String] {
        switch (ours, expected) {
        case (.object(let ours), .object(let expected)):
            var found: [String] = []
            for member in expected.members {
                guard let value = ours[member.name] else {
                    found.append("\(path).\(member.name) is missing")
                    continue
                }
                found += differences(value, member.value, path: "\(path).\(member.name)")
            }
            for member in ours.members where expected[member.name] == nil {
                found.append("\(path).\(member.name) is not expected")
            }
            return found
        case (.array(let ours), .array(let expected)):
            guard ours.count == expected.count else {
                return ["\(path) has \(ours.count) elements, expected \(expected.count)"]
            }
            return zip(ours, expected).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, path: "\(path)[\(index)]")
            }
        case (.string(let ours), .string(let expected)):
            return matches(ours, expected) ? [] : ["\(path) is \"\(ours)\", expected \"\(expected)\""]
        case (_, .string(let expected)) where expected.hasPrefix("{{size:"):
            guard let file = Self.number(in: expected), let size = ours.integer else { return ["\(path) is no size"] }
            if let known = sizes[file], known != size { return ["\(path) is \(size), elsewhere \(known)"] }
            sizes[file] = size
            return []
        case (_, .object(let expected)) where expected["$float"] != nil:
            let names = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity]
            guard let value = ours.double, let wanted = names[expected["$float"]?.string ?? ""] else {
                return ["\(path) is no float"]
            }
            return value == wanted || (value.isNaN && wanted.isNaN) ? [] : ["\(path) is \(value), expected \(wanted)"]
        default:
            if let a = ours.double, let b = expected.double { return a == b ? [] : ["\(path) is \(a), expected \(b)"] }
            return ours == expected ? [] : ["\(path) is \(ours), expected \(expected)"]
        }
    }

    /// The text with the tokens replaced by what they turned out to be.
    func resolved(_ text: String) -> String {
        var result = text
        for (file, prefix) in prefixes { result = result.replacing("{{sha20:\(file)}}", with: prefix) }
        for (file, digest) in digests { result = result.replacing("{{sha256:\(file)}}", with: digest) }
        return result
    }

    private mutating func matches(_ ours: String, _ expected: String) -> Bool {
        guard let open = expected.firstRange(of: "{{"), let close = expected.firstRange(of: "}}") else {
            return ours == expected
        }
        let token = String(expected[open.upperBound..<close.lowerBound])
        guard let file = Self.number(in: token) else { return ours == expected }
        let before = expected[..<open.lowerBound]
        let after = expected[close.upperBound...]
        guard ours.hasPrefix(before), ours.hasSuffix(after) else { return false }
        let value = String(ours.dropFirst(before.count).dropLast(after.count))
        if token.hasPrefix("sha256:") {
            guard value.count == 64, digests[file] ?? value == value else { return false }
            digests[file] = value
            return (prefixes[file] ?? String(value.prefix(20))) == value.prefix(20)
        }
        guard token.hasPrefix("sha20:"), value.count == 20, prefixes[file] ?? value == value else { return false }
        prefixes[file] = value
        return digests[file].map { $0.hasPrefix(value) } ?? true
    }

    private static func number(in token: String) -> Int? {
        token.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
