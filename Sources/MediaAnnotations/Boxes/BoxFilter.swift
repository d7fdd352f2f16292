public import MediaCore

/// Which boxes are shown: by group, by class, by score. A box has to pass all three.
public struct BoxFilter: Sendable, Hashable {
    /// The names of the groups that are shown; all when `nil`.
    public var groups: Set<String>?
    /// The classes that are shown, by name or by number; all when `nil`.
    public var classes: Set<String>?
    /// What scores have to be.
    public var scores: [ScoreCondition] = []

    /// Everything is shown.
    public init() {}

    /// What is shown, and what is not and why.
    public struct Result: Sendable {
        /// The groups that are shown, with the boxes of theirs that are.
        public internal(set) var groups: AnnotationGroups<BoundingBoxGroup> = [:]
        /// How many boxes are in groups that are not shown.
        public internal(set) var hiddenByGroup = 0
        /// How many boxes of the others have a class that is not shown.
        public internal(set) var hiddenByClass = 0
        /// How many of what is left do not fulfil a condition.
        public internal(set) var hiddenByScore = 0
        /// Names that were asked for and are nowhere: warnings.
        public internal(set) var findings: [Finding] = []

        /// How many boxes are not shown.
        public var hidden: Int { hiddenByGroup + hiddenByClass + hiddenByScore }
    }

    /// Chooses.
    public func apply(to groups: AnnotationGroups<BoundingBoxGroup>) -> Result {
        var result = Result()
        var foundClasses: Set<String> = []
        var foundScores: Set<String> = []
        for entry in groups.entries {
            guard self.groups?.contains(entry.name) ?? true else {
                result.hiddenByGroup += entry.group.boxes.count
                continue
            }
            let names = classNames(of: entry.group, found: &foundClasses)
            let boxes = entry.group.boxes.filter { box in
                for condition in scores where box.scores[condition.name] != nil { foundScores.insert(condition.name) }
                if let names, !(box.classID.map(names.contains) ?? false) {
                    result.hiddenByClass += 1
                    return false
                }
                guard scores.allSatisfy({ $0.holds(for: box) }) else {
                    result.hiddenByScore += 1
                    return false
                }
                return true
            }
            let isWhole = boxes.count == entry.group.boxes.count
            result.groups[entry.name] = isWhole ? entry.group : BoundingBoxGroup(boxes, labels: entry.group.labels)
        }
        result.missing("group", self.groups, found: Set(groups.names))
        result.missing("class", classes, found: foundClasses)
        result.missing("score", Set(scores.map(\.name)), found: foundScores)
        return result
    }

    /// The numbers of the classes that are shown; `nil` for all. What was asked for and is there goes into `found`.
    private func classNames(of group: BoundingBoxGroup, found: inout Set<String>) -> Set<Int>? {
        guard let classes else { return nil }
        var shown: Set<Int> = []
        for id in Set(group.boxes.compactMap(\.classID)).union(group.labels?.entries.map(\.id) ?? []) {
            for name in [group.labels?[id] ?? "class_\(id)", String(id)] where classes.contains(name) {
                shown.insert(id)
                found.insert(name)
            }
        }
        return shown
    }
}

extension BoxFilter.Result {
    fileprivate mutating func missing(_ kind: String, _ wanted: Set<String>?, found: Set<String>) {
        for name in (wanted ?? []).subtracting(found).sorted() {
            findings.append(
                .warning(
                    .argumentInvalid, "there is no \(kind) \"\(name)\"", path: kind, value: name,
                    hint: "check how it is spelled"))
        }
    }
}
