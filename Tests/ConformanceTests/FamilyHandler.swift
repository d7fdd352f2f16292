/// Runs the cases of some families under the rules of wandb and compares what came out.
protocol FamilyHandler: Sendable {
    /// The families that it owns.
    var families: Set<String> { get }

    /// What came of one case.
    func result(of record: ConformanceCase) throws -> CaseResult
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
