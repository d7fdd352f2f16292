import ImageCoding

/// Numbers for classes that a data set only has names of, in the order in which they are met.
struct ClassNumbering: Sendable {
    private var ids: [[UInt8]: Int] = [:]
    private(set) var classes: [ImageClass] = []

    /// The number of a name. Names are compared byte by byte, as files have them.
    mutating func id(of name: String) -> Int {
        let key = Array(name.utf8)
        if let id = ids[key] { return id }
        let id = classes.count
        ids[key] = id
        classes.append(ImageClass(id: id, name: name))
        return id
    }

    var labels: ClassLabels { (try? ClassLabels(classes)) ?? ClassLabels() }
}
