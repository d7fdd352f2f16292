/// Annotations under names, in the order in which they were given: `predictions`, `ground truth`.
public struct AnnotationGroups<Group: Sendable>: Sendable {
    /// One group with its name.
    public struct Entry: Sendable {
        /// The name; any text.
        public let name: String
        /// What stands under it.
        public var group: Group
    }

    /// The groups, in order; no two have the same name.
    public private(set) var entries: [Entry] = []

    /// No groups.
    public init() {}

    /// The group of a name; assigning `nil` removes it, assigning to a new name appends it.
    public subscript(name: String) -> Group? {
        get { entries.first { $0.name == name }?.group }
        set {
            let place = entries.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let group?): entries[place].group = group
            case (let place?, nil): entries.remove(at: place)
            case (nil, let group?): entries.append(Entry(name: name, group: group))
            case (nil, nil): break
            }
        }
    }

    /// Whether there are no groups.
    public var isEmpty: Bool { entries.isEmpty }
    /// The names, in order.
    public var names: [String] { entries.map(\.name) }
}

extension AnnotationGroups: ExpressibleByDictionaryLiteral {
    /// Groups in this order; of a name that stands twice, the last holds.
    public init(dictionaryLiteral elements: (String, Group)...) {
        for (name, group) in elements { self[name] = group }
    }
}

extension AnnotationGroups.Entry: Equatable where Group: Equatable {}
extension AnnotationGroups.Entry: Hashable where Group: Hashable {}
extension AnnotationGroups: Equatable where Group: Equatable {}
extension AnnotationGroups: Hashable where Group: Hashable {}
