import Foundation
import MediaCore
import TensorIO
import TestSupport

/// One recorded case: what somebody else's program made of an input.
struct ConformanceCase {
    let folder: String
    let json: JSONValue

    var id: String { json["id"]?.string ?? folder.split(separator: "/").last.map(String.init) ?? folder }
    var family: String { json["family"]?.string ?? "" }
    var behaviour: String { json["behaviour"]?.string ?? "" }
    var isHazard: Bool { json["hazard"].map { $0 != .null } ?? false }
    /// Whether the input cannot be written down in a language with types.
    var isNotExpressible: Bool { json["dynamic_typing_only"].map { $0 != .null && $0 != false } ?? false }

    /// The tensor of an `{"$npy": name}` argument.
    func tensor(_ argument: JSONValue) throws -> Tensor? {
        guard let name = argument["$npy"]?.string else { return nil }
        return try array(name)
    }

    /// An array beside the case.
    func array(_ name: String) throws -> Tensor {
        try TensorFile.open(folder + "/" + name).onlyTensor()
    }

    /// The path of a `{"$file": name}` or `{"$missing": name}` argument.
    func path(_ argument: JSONValue) -> String? {
        if let name = argument["$file"]?.string { return folder + "/" + name }
        if let name = argument["$missing"]?.string { return folder + "/" + name }
        return argument.string
    }
}

/// A folder of cases, searched recursively.
struct Corpus {
    let cases: [ConformanceCase]
    /// 3-D assets with expected facts; counted until the work that reads them is done.
    let assets: [String]

    /// The corpus that `make conformance CORPUS=DIR` names, else the samples in `Fixtures/`.
    static func load() throws -> Corpus {
        let root = ProcessInfo.processInfo.environment["TENSOR_MEDIA_CORPUS"] ?? Fixtures.path("conformance")
        var cases: [ConformanceCase] = []
        var assets: [String] = []
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String }.sorted() ?? []
        for name in names {
            let path = root + "/" + name
            switch path.split(separator: "/").last {
            case "case.json":
                let contents = try FileContents.open(path)
                let json = try contents.withBytes { try JSONReader.parse($0, options: .python) }
                cases.append(ConformanceCase(folder: String(path.dropLast("/case.json".count)), json: json))
            case "expected.json":
                assets.append(name)
            default: break
            }
        }
        return Corpus(cases: cases, assets: assets)
    }
}
