import Foundation
import MediaCore
import TestSupport
import Testing

/// Holds this package against what the wandb SDK made of the same inputs.
///
/// `make conformance CORPUS=DIR` runs it over any folder of cases; without one it runs over the samples in `Fixtures/`.
@Suite("Conformance with recorded behaviour")
struct ConformanceTests {
    private static let handlers: [any FamilyHandler] = [ImageFamilies()]

    @Test("every case agrees, or differs in a way that is written down")
    func corpus() throws {
        let corpus = try Corpus.load()
        let differences = try Difference.load()
        var sums = (passed: 0, failed: 0, skipped: 0)
        var notCovered: [String: Int] = [:]
        var met = [Bool](repeating: false, count: differences.count)
        var agreed = [Bool](repeating: false, count: differences.count)
        var lines: [String] = []
        #expect(!corpus.cases.isEmpty || !corpus.assets.isEmpty, "the corpus holds no case")

        for record in corpus.cases {
            guard !record.isNotExpressible else {
                sums.skipped += 1
                notCovered["\(record.family): cannot be written down in Swift", default: 0] += 1
                continue
            }
            guard let handler = Self.handlers.first(where: { $0.families.contains(record.family) }) else {
                sums.skipped += 1
                notCovered["\(record.family): not covered", default: 0] += 1
                continue
            }
            let entry = differences.firstIndex { $0.isFor(record) }
            let result: CaseResult
            do { result = try handler.result(of: record) } catch { result = .failed(["could not be run: \(error)"]) }
            switch result {
            case .passed:
                if let entry { agreed[entry] = true }
                sums.passed += 1
            case .notCovered(let what):
                sums.skipped += 1
                notCovered["\(record.family): not covered (\(what))", default: 0] += 1
            case .failed(let found):
                if let entry, found == [differences[entry].ours] {
                    met[entry] = true
                    sums.skipped += 1
                } else {
                    sums.failed += 1
                    let text = found.prefix(3).joined(separator: "; ")
                    lines.append("FAILED \(record.id): \(text)")
                    Issue.record("\(record.id): \(text)")
                }
            }
        }
        for (index, entry) in differences.enumerated() {
            lines.append("difference \(entry.family)--\(entry.behaviour): \(entry.ours) (\(entry.rule))")
            if agreed[index], !met[index] {
                sums.failed += 1
                Issue.record("the difference for \(entry.family)--\(entry.behaviour) is stale: its cases agree")
            }
        }
        if !corpus.assets.isEmpty {
            sums.skipped += corpus.assets.count
            notCovered["3-D assets: not covered", default: 0] += corpus.assets.count
        }
        for (what, count) in notCovered.sorted(by: { $0.key < $1.key }) { lines.append("\(what): \(count)") }
        try report(lines, "\(sums.passed) passed, \(sums.failed) failed, \(sums.skipped) skipped")
    }

    private func report(_ lines: [String], _ sums: String) throws {
        let text = (lines + [sums]).joined(separator: "\n") + "\n"
        if let path = ProcessInfo.processInfo.environment["TENSOR_MEDIA_CONFORMANCE_SUMMARY"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            print(text, terminator: "")
        }
    }
}
