/// Sums up the results of many cases, with the differences that are written down.
struct ConformanceRun {
    private(set) var passed = 0
    private(set) var skipped = 0
    /// What failed and why; a stale difference and an unfit one are failures too.
    private(set) var failures: [String] = []
    /// How many cases were skipped, by reason.
    private(set) var notCovered: [String: Int] = [:]
    let differences: [Difference]

    private var met: [Bool]
    private var agreed: [Bool]

    init(differences: [Difference]) {
        self.differences = differences
        met = [Bool](repeating: false, count: differences.count)
        agreed = met
    }

    /// Counts a case that no handler looked at.
    mutating func skip(_ reason: String, count: Int = 1) {
        guard count > 0 else { return }
        skipped += count
        notCovered[reason, default: 0] += count
    }

    /// Counts something that failed outside of a case.
    mutating func fail(_ what: String) { failures.append(what) }

    /// Runs one case.
    mutating func add(_ record: ConformanceCase, handlers: [any FamilyHandler]) {
        guard !record.isNotExpressible else { return skip("\(record.family): cannot be written down in Swift") }
        guard let handler = handlers.first(where: { $0.families.contains(record.family) }) else {
            return skip("\(record.family): not covered")
        }
        let result: CaseResult
        do { result = try handler.result(of: record) } catch { result = .failed(["could not be run: \(error)"]) }
        let entry = differences.firstIndex { $0.isFor(record) }
        switch result {
        case .passed:
            if let entry { agreed[entry] = true }
            passed += 1
        case .notCovered(let what):
            skip("\(record.family): not covered (\(what))")
        case .failed(let found):
            guard let entry, found.count == 1, differences[entry].stands(for: found[0]) else {
                return fail("\(record.id): \(found.prefix(3).joined(separator: "; "))")
            }
            met[entry] = true
            if let problem = differences[entry].problem(with: record) { return fail("\(record.id): \(problem)") }
            skip("\(record.family): different on purpose")
        }
    }

    /// Entries whose cases were here and agree, none of them differing.
    var staleEntries: [Difference] { differences.indices.filter { agreed[$0] && !met[$0] }.map { differences[$0] } }

    /// Everything that failed, stale entries included.
    var allFailures: [String] {
        failures
            + staleEntries.map { "the difference for \($0.family)--\($0.behaviour) is stale: its cases agree" }
    }

    /// What to print: failures, all differences that are written down, what was skipped, and the sums last.
    var lines: [String] {
        allFailures.map { "FAILED \($0)" }
            + differences.map { "difference \($0.family)--\($0.behaviour): \($0.ours) (\($0.rule))" }
            + notCovered.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            + ["\(passed) passed, \(allFailures.count) failed, \(skipped) skipped"]
    }
}
