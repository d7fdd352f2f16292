import MediaCore
import TestSupport

/// Holds what a call wrote against what a case expects: outcome, history, files.
struct MediaComparison {
    let record: ConformanceCase
    /// The key that the case logs under.
    let key: String
    /// What the SDK made of it.
    let expectation: JSONValue

    /// What differs; empty when everything agrees.
    ///
    /// - Parameters:
    ///   - write: the call.
    ///   - compare: compares a file of the case that is no copy, at this path, called so in messages.
    ///   - further: compares what else the record holds.
    func differences(
        _ write: (MediaFolder) throws(MediaError) -> MediaRecord,
        compare: (_ file: JSONValue, _ path: String, _ name: String) throws -> [String],
        further: (MediaRecord) -> [String] = { _ in [] }
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        let outcome = Result { () throws(MediaError) in try write(try MediaFolder(path: folder.path)) }
        guard expectation["outcome"]?.string == "ok" else { return Self.checkRefusal(outcome) }
        let written: MediaRecord
        switch outcome {
        case .success(let record): written = record
        case .failure(let error): return ["refused as \(error.code): \(error)"]
        }
        guard let expected = expectation["history"]?[key] else { return ["the case expects no history"] }
        var matcher = TokenMatcher()
        var differences = matcher.differences(written.json, expected, path: "history")
        guard differences.isEmpty else { return differences }
        let files = expectation["files"]?.array ?? []
        let paths = Set(written.files.map(\.path))
        if paths.count != files.count {
            differences.append("\(paths.count) files were written, expected \(files.count)")
        }
        for file in files {
            guard let name = file["path"]?.string.map(matcher.resolved), paths.contains(name) else {
                differences.append("no file \(file["path"]?.string ?? "?") was written")
                continue
            }
            let path = folder.path + "/" + name
            guard file["kind"]?.string == "verbatim-copy" else {
                differences += try compare(file, path, name)
                continue
            }
            guard let source = file["of"]?.string else {
                differences.append("the copy names no source")
                continue
            }
            if try readBytes(path) != readBytes(record.folder + "/" + source) {
                differences.append("\(name) is not \(source)")
            }
        }
        return differences + further(written)
    }

    /// A refusal must have a code and say where.
    static func checkRefusal<Value>(_ outcome: Result<Value, MediaError>) -> [String] {
        switch outcome {
        case .success: return ["accepted, expected a refusal"]
        case .failure(let error):
            let isLocated = error.location != MediaError.Location()
            return error.code.rawValue.isEmpty || !isLocated ? ["the refusal says no code or no place: \(error)"] : []
        }
    }
}
