import MediaCore
import Synchronization

/// Who may write which file: no output of a run replaces another one, and which input wins does not depend on timing.
///
/// Every input owns its stem from the beginning, the first of two with the same one. A stem stands for the file of that
/// name and for the folder of an archive's members. Numbered pictures are checked against the stems when they come.
final class OutputNames: Sendable {
    private let owners: [String: Int]
    private let inputs: [ConversionInput]
    private let claims = Mutex<[String: Int]>([:])

    init(_ inputs: [ConversionInput]) {
        self.inputs = inputs
        var owners: [String: Int] = [:]
        owners.reserveCapacity(inputs.count)
        for (index, input) in inputs.enumerated() where owners[input.claim] == nil { owners[input.claim] = index }
        self.owners = owners
    }

    /// Throws when another input, named earlier, has the stem of this one.
    func check(_ place: Int) throws(MediaError) {
        guard let owner = owners[inputs[place].claim], owner != place else { return }
        throw collision(inputs[place].stem, owner)
    }

    /// Takes an output's path for an input.
    ///
    /// - Throws: `file.name-collision` when it belongs to another input.
    func claim(_ path: String, for place: Int) throws(MediaError) {
        let dot = path.lastIndex(of: ".") ?? path.endIndex
        if let owner = owners[String(path[..<dot])], owner != place { throw collision(path, owner) }
        let owner = claims.withLock { claims in
            if claims[path] == nil { claims[path] = place }
            return claims[path] == place ? nil : claims[path]
        }
        if let owner { throw collision(path, owner) }
    }

    private func collision(_ path: String, _ owner: Int) -> MediaError {
        MediaError(
            .nameCollision, "its output \(path) is that of \(inputs[owner].name)",
            hint: "rename one of them, or convert them into different folders")
    }
}

extension ConversionInput {
    /// What an input owns: members of one archive share its folder, so they own their place in it.
    fileprivate var claim: String { member.map { stem + "/" + $0 } ?? stem }
}
