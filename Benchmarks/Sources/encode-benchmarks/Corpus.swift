import Foundation

/// A folder with tensors and `corpus.json`, which says what they are.
struct Corpus: Decodable {
    struct Entry: Decodable {
        var name: String
        var kind: String
        var group: String
        /// Relative to the folder.
        var file: String
        var dtype: String
        var shape: [Int]
        /// A letter per axis.
        var layout: String
        /// What the values of floats are meant for; absent for integers, and where nothing is meant.
        var range: [Double]?

        /// Whether it is one picture that every contestant can take.
        var isPicture: Bool {
            kind == "image" && !layout.contains("n") && ["uint8", "uint16", "float32"].contains(dtype)
        }
    }

    var entries: [Entry]

    static func open(_ folder: String) throws -> Corpus {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/corpus.json"))
        return try JSONDecoder().decode(Corpus.self, from: data)
    }
}
