import MediaCore

/// Runs the cases of some families under the rules of wandb and compares what came out.
protocol FamilyHandler: Sendable {
    /// The families that it owns.
    var families: Set<String> { get }

    /// What came of one case.
    func result(of record: ConformanceCase) throws -> CaseResult
}

extension FamilyHandler {
    /// Reads what a case logs, and says what came of it.
    ///
    /// - Parameters:
    ///   - known: the arguments that are understood; a case with others fails.
    ///   - differences: what differs.
    func result(
        of record: ConformanceCase, known: Set<String>, _ differences: (LoggedCase) throws -> [String]
    ) throws -> CaseResult {
        guard let arguments = record.json["args"], let log = record.json["log"],
            let expectation = record.json["expect"], let key = log["key"]?.string
        else { return .failed(["the case has no args, log or expect"]) }
        let elements = arguments.array ?? [arguments]
        let unknown = Set(elements.flatMap { $0.object?.members ?? [] }.map(\.name)).subtracting(known)
        guard unknown.isEmpty else {
            return .failed(["argument \(unknown.sorted().joined(separator: ", ")) is not known"])
        }
        let found = try differences(
            LoggedCase(
                arguments: arguments, elements: elements, key: key,
                step: log["step"]?.integer.map { MediaStep.step(Int($0)) } ?? .summary, expectation: expectation))
        return found.isEmpty ? .passed : .failed(found)
    }
}

/// What a case logs, where, and what is expected of it.
struct LoggedCase {
    var arguments: JSONValue
    /// Those of each item of a list; of one item its own.
    var elements: [JSONValue]
    var key: String
    var step: MediaStep
    var expectation: JSONValue
}

/// What came of one case.
enum CaseResult: Equatable {
    /// Outcome, history and files agree.
    case passed
    /// What differs.
    case failed([String])
    /// The part of the package that could run it does not exist yet.
    case notCovered(String)
}
