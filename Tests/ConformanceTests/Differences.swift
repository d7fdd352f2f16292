import MediaCore
import TestSupport

/// A difference on purpose: behaviour of the SDK that we do not reproduce even under its own rules.
struct Difference {
    /// Family and behaviour of the cases.
    let family: String
    let behaviour: String
    /// `hazard H<number>`, or `design: <heading>`.
    var rule: String
    /// What comes out here, which is what the comparison must say.
    let ours: String

    func isFor(_ record: ConformanceCase) -> Bool { record.family == family && record.behaviour == behaviour }

    /// Whether it is what a comparison says: all of it, or all before a colon and the details of the case.
    func stands(for found: String) -> Bool { found == ours || found.hasPrefix(ours + ": ") }

    /// Why the entry may not stand for a case; `nil` when it may.
    ///
    /// A hazard must be one that the case names too; anything else must be a rule of the design.
    func problem(with record: ConformanceCase) -> String? {
        if rule.wholeMatch(of: /hazard H\d+/) != nil {
            return record.isHazard ? nil : "the difference says \(rule), the case has no hazard"
        }
        if rule.wholeMatch(of: /design: .+/) != nil { return nil }
        return "the difference says \"\(rule)\", expected \"hazard H<number>\" or \"design: <heading>\""
    }

    /// The entries of `Fixtures/conformance/differences.json`.
    static func load() throws -> [Difference] {
        let json = try FileContents.open(Fixtures.path("conformance/differences.json")).withBytes {
            try JSONReader.parse($0)
        }
        return (json["differences"]?.array ?? []).map { entry in
            Difference(
                family: entry["family"]?.string ?? "", behaviour: entry["behaviour"]?.string ?? "",
                rule: entry["rule"]?.string ?? "", ours: entry["ours"]?.string ?? "")
        }
    }
}
