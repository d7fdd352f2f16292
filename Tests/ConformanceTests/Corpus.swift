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
    private(set) var cases: [ConformanceCase] = []
    /// 3-D assets with expected facts; counted until the work that reads them is done.
    private(set) var assets: [String] = []
    /// Cases that cannot be read, and a corpus without any.
    private(set) var problems: [String] = []

    /// The corpus that `make conformance CORPUS=DIR` names, else the samples in `Fixtures/`.
    static var root: String {
        ProcessInfo.processInfo.environment["TENSOR_MEDIA_CORPUS"] ?? Fixtures.path("conformance")
    }

    /// The cases below `root`, in the order of their paths.
    static func load(_ root: String) -> Corpus {
        var corpus = Corpus()
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String }.sorted() ?? []
        for name in names {
            switch name.split(separator: "/").last {
            case "case.json": corpus.add(root + "/" + name, name)
            case "expected.json": corpus.assets.append(name)
            default: break
            }
        }
        if corpus.cases.isEmpty, corpus.assets.isEmpty, corpus.problems.isEmpty {
            corpus.problems.append("there is no case.json and no expected.json below \(root)")
        }
        return corpus
    }

    private mutating func add(_ path: String, _ name: String) {
        do {
            let json = try FileContents.open(path).withBytes { try JSONReader.parse($0, options: .python) }
            guard json.object != nil else { throw MediaError(.malformed, "the case is not an object") }
            cases.append(ConformanceCase(folder: String(path.dropLast("/case.json".count)), json: json))
        } catch {
            problems.append("\(name) cannot be read: \(error)")
        }
    }
}
