import Foundation
import MediaCore
import TestSupport
import Testing

/// A handler that says what it is told.
private struct Answer: FamilyHandler {
    let families: Set<String> = ["shapes"]
    var answer: CaseResult
    func result(of record: ConformanceCase) throws -> CaseResult { answer }
}

@Suite("The runner of recorded cases")
struct ConformanceRunTests {
    private func record(_ family: String = "shapes", _ more: JSONObject = JSONObject()) -> ConformanceCase {
        var json: JSONObject = ["id": "shapes--round--a", "family": .string(family), "behaviour": "round"]
        for member in more.members { json[member.name] = member.value }
        return ConformanceCase(folder: "/nowhere", json: .object(json))
    }

    private func run(_ records: [ConformanceCase], _ answer: CaseResult, _ differences: Difference...) -> ConformanceRun
    {
        var run = ConformanceRun(differences: differences)
        for record in records { run.add(record, handlers: [Answer(answer: answer)]) }
        return run
    }

    private let listed = Difference(family: "shapes", behaviour: "round", rule: "hazard H4", ours: "is square")

    @Test("what agrees passes, what differs fails")
    func verdicts() {
        #expect(run([record()], .passed).lines.last == "1 passed, 0 failed, 0 skipped")
        let failed = run([record()], .failed(["is square"]))
        #expect(failed.lines == ["FAILED shapes--round--a: is square", "0 passed, 1 failed, 0 skipped"])
    }

    @Test("a difference that is listed is skipped and printed, another one fails")
    func listedDifferences() {
        let hazard = record("shapes", ["hazard": "it rolls away"])
        let met = run([hazard], .failed(["is square"]), listed)
        #expect(met.allFailures.isEmpty)
        #expect(met.lines.contains("difference shapes--round: is square (hazard H4)"))
        #expect(met.lines.last == "0 passed, 0 failed, 1 skipped")
        #expect(run([hazard], .failed(["is flat"]), listed).allFailures == ["shapes--round--a: is flat"])
        #expect(run([hazard], .failed(["is square", "is flat"]), listed).allFailures.count == 1)
        #expect(run([hazard], .failed(["is square: 3×3"]), listed).allFailures.isEmpty)
        #expect(run([hazard], .failed(["is squared"]), listed).allFailures.count == 1)
    }

    @Test("a difference may be listed for a hazard that the case names, or a rule of the design")
    func rules() {
        #expect(run([record()], .failed(["is square"]), listed).allFailures.count == 1)
        var entry = listed
        entry.rule = "design: Value mapping"
        #expect(run([record()], .failed(["is square"]), entry).allFailures.isEmpty)
        entry.rule = "because"
        #expect(run([record()], .failed(["is square"]), entry).allFailures.count == 1)
    }

    @Test("an entry whose cases agree is stale and fails; one whose cases are not here is not")
    func staleEntries() {
        let stale = run([record()], .passed, listed)
        #expect(stale.allFailures == ["the difference for shapes--round is stale: its cases agree"])
        #expect(stale.lines.last == "1 passed, 1 failed, 0 skipped")
        #expect(run([], .passed, listed).allFailures.isEmpty)
        var both = run([record("shapes", ["hazard": "it rolls"])], .failed(["is square"]), listed)
        both.add(record(), handlers: [Answer(answer: .passed)])
        #expect(both.allFailures.isEmpty)
    }

    @Test("families without a handler, parts that are owed and inputs without types are skipped, with a reason")
    func skips() {
        let untyped = record("shapes", ["dynamic_typing_only": true])
        #expect(run([untyped], .failed(["x"])).notCovered == ["shapes: cannot be written down in Swift": 1])
        #expect(run([record("sounds")], .failed(["x"])).notCovered == ["sounds: not covered": 1])
        let owed = run([record()], .notCovered("masks"))
        #expect(owed.lines == ["shapes: not covered (masks): 1", "0 passed, 0 failed, 1 skipped"])
    }

    @Test("a folder without cases is a failure, one of uncovered families is not; broken cases fail by name")
    func corpora() throws {
        let folder = try TemporaryFolder()
        #expect(Corpus.load(folder.path).problems.count == 1)
        #expect(Corpus.load(folder.path + "/none").problems.count == 1)
        try folder.write(#"{"id": "s--x--a", "family": "s", "behaviour": "x"}"#, to: "deep/er/case.json")
        let corpus = Corpus.load(folder.path)
        #expect(corpus.problems.isEmpty)
        #expect(run(corpus.cases, .passed).lines.last == "0 passed, 0 failed, 1 skipped")
        try folder.write("{", to: "broken/case.json")
        try folder.write("[]", to: "list/case.json")
        let problems = Corpus.load(folder.path).problems
        #expect(problems.map { $0.prefix { $0 != " " } } == ["broken/case.json", "list/case.json"])
    }

    @Test("a recorded case that is changed fails: a pixel, a caption, an outcome, an argument")
    func alteredCases() throws {
        let name = "image-int-range--negative.int16--s"
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Fixtures.path("conformance/" + name), toPath: folder.path(name))
        let text = try readText(folder.path(name + "/case.json"))
        func result(_ old: String = "", _ new: String = "") throws -> CaseResult {
            #expect(old.isEmpty || text.contains(old))
            try folder.write(
                old.isEmpty ? text : text.replacing(old, with: new, maxReplacements: 1), to: name + "/case.json")
            let record = try #require(Corpus.load(folder.path).cases.first)
            return try ImageFamilies().result(of: record)
        }
        func isFailure(_ result: CaseResult) -> Bool { if case .failed = result { true } else { false } }

        #expect(try result() == .passed)
        #expect(try isFailure(result(#""width": 6"#, #""width": 7"#)))
        #expect(try isFailure(result(#""_type""#, #""caption": "x", "_type""#)))
        #expect(try isFailure(result(#""outcome": "ok""#, #""outcome": "error""#)))
        #expect(try isFailure(result(#""args": {"#, #""args": {"unheard": 1,"#)))
        #expect(try result(#""args": {"#, #""args": {"masks": {},"#) == .passed)
        #expect(try isFailure(result(#""args": {"#, #""args": {"masks": {"p": {}},"#)))
        #expect(try isFailure(result(#""mode": "L""#, #""mode": "RGB""#)))
        for pixels in ["expect/0.pixels.npy", "expect/pixels.v0.28.npy", "expect/pixels.v0.19.npy"] {
            let whole = try folder.bytes(name + "/" + pixels)
            var bytes = whole
            bytes[bytes.count - 1] ^= 1
            try folder.write(bytes, to: name + "/" + pixels)
            #expect(try isFailure(result()), "\(pixels)")
            try folder.write(whole, to: name + "/" + pixels)
        }
    }
}
