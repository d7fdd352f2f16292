/// One thing that was found in a value or a file: what rule it breaks, where, and what to do.
public struct Finding: Hashable, Sendable {
    /// How bad a finding is.
    public enum Severity: String, Sendable, CaseIterable {
        /// The value can be used; somebody should know.
        case warning
        /// The value cannot be used.
        case error
    }

    /// The rule, as a stable dotted name such as `value-range.guessed`.
    public var code: MediaError.Code
    /// How bad it is.
    public var severity: Severity
    /// Where in the value: `boxes["pred"][3].position.maxX`; empty for the value as a whole.
    public var path: String
    /// What was found and what was expected.
    public var message: String
    /// The value that was found, as text.
    public var value: String?
    /// What to do about it.
    public var hint: String?

    /// Creates a finding.
    public init(
        _ severity: Severity, _ code: MediaError.Code, _ message: String, path: String = "", value: String? = nil,
        hint: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.path = path
        self.message = message
        self.value = value
        self.hint = hint
    }

    /// A warning.
    public static func warning(
        _ code: MediaError.Code, _ message: String, path: String = "", value: String? = nil, hint: String? = nil
    ) -> Finding {
        Finding(.warning, code, message, path: path, value: value, hint: hint)
    }

    /// An error.
    public static func error(
        _ code: MediaError.Code, _ message: String, path: String = "", value: String? = nil, hint: String? = nil
    ) -> Finding {
        Finding(.error, code, message, path: path, value: value, hint: hint)
    }
}

extension Finding: CustomStringConvertible {
    /// One line: path, message, hint.
    public var description: String {
        var text = path.isEmpty ? message : path + ": " + message
        if let hint { text += "; " + hint }
        return text.singleLine
    }
}

/// All findings of one validation, in the order in which they were found.
public struct ValidationReport: Sendable, Hashable {
    /// The findings that were kept, at most ``capacity``.
    public private(set) var findings: [Finding] = []
    /// How many findings of each severity there were, kept or not.
    public private(set) var counts: [Finding.Severity: Int] = [:]
    /// How many findings are kept at the most; later ones are only counted.
    public let capacity: Int

    /// Creates an empty report that keeps at most `capacity` findings.
    public init(capacity: Int = 1000) { self.capacity = capacity }

    /// Adds a finding.
    public mutating func add(_ finding: Finding) {
        counts[finding.severity, default: 0] += 1
        if findings.count < capacity { findings.append(finding) }
    }

    /// Adds a finding that is put into words only when it is kept: a million of them cost no more than counting.
    package mutating func add(_ severity: Finding.Severity, _ finding: @autoclosure () -> Finding) {
        if findings.count < capacity { add(finding()) } else { counts[severity, default: 0] += 1 }
    }

    /// Adds the findings of another report behind these, counting those that it did not keep.
    public mutating func add(_ other: ValidationReport) {
        for finding in other.findings { add(finding) }
        for severity in Finding.Severity.allCases {
            let kept = other.findings.count { $0.severity == severity }
            counts[severity, default: 0] += other.counts[severity, default: 0] - kept
        }
    }

    /// Whether any finding is an error.
    public var hasErrors: Bool { counts[.error, default: 0] > 0 }

    /// How many findings there were in all, kept or not.
    public var count: Int { counts.values.reduce(0, +) }

    /// Throws when the report holds an error: an error that says the first one and carries the report.
    public func throwIfInvalid() throws(MediaError) {
        guard let first = findings.first(where: { $0.severity == .error }) else { return }
        let others = counts[.error, default: 1] - 1
        let message = others > 0 ? "\(first.message) (and \(others) more)" : first.message
        throw MediaError(
            first.code, message, hint: first.hint,
            at: .init(field: first.path.isEmpty ? nil : first.path), report: self)
    }
}
