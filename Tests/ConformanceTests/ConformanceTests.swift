import Foundation
import TestSupport
import Testing

/// Holds this package against what the wandb SDK made of the same inputs.
///
/// `make conformance CORPUS=DIR` runs it over any folder of cases; without one it runs over the samples in `Fixtures/`.
@Suite("Conformance with recorded behaviour")
struct ConformanceTests {
    private static let handlers: [any FamilyHandler] = [ImageFamilies(), VideoFamily(), AudioFamily()]

    @Test("every case agrees, or differs in a way that is written down")
    func corpus() throws {
        let corpus = Corpus.load(Corpus.root)
        var run = ConformanceRun(differences: try Difference.load())
        for record in corpus.cases { run.add(record, handlers: Self.handlers) }
        for problem in corpus.problems { run.fail(problem) }
        run.skip("3-D assets: not covered", count: corpus.assets.count)
        try report(run.lines)
        for failure in run.allFailures { Issue.record("\(failure)") }
    }

    private func report(_ lines: [String]) throws {
        let text = lines.joined(separator: "\n") + "\n"
        if let path = ProcessInfo.processInfo.environment["TENSOR_MEDIA_CONFORMANCE_SUMMARY"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            print(text, terminator: "")
        }
    }
}
