import MediaCore
import TestSupport

/// A difference on purpose: behaviour of the SDK that we do not reproduce even under its own rules.
struct Difference {
    /// Family and behaviour of the cases.
    let family: String
    let behaviour: String
    /// The number of the hazard, or the rule of the design by its heading.
    let rule: String
    /// What comes out here, which is what the comparison must say.
    let ours: String

    func isFor(_ record: ConformanceCase) -> Bool { record.family == family && record.behaviour == behaviour }

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
