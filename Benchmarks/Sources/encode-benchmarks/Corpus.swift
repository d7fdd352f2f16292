import Foundation

/// A folder with tensors and `corpus.json`, which says what they are.
struct Corpus: Decodable {
    struct Entry: Decodable {
        var name: String
        /// Relative to the folder.
        var file: String
        /// A letter per axis.
        var layout: String
        /// What the values of floats are meant for; absent for integers, and where nothing is meant.
        var range: [Double]?
    }

    private(set) var entries: [Entry]

    static func open(_ folder: String) throws -> Corpus {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/corpus.json"))
        return try JSONDecoder().decode(Corpus.self, from: data)
    }

    func entry(_ name: String) throws -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else { throw Failure("no entry \(name)") }
        return entry
    }
}
