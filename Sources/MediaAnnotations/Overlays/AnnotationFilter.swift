public import MediaCore

/// Which annotations are shown: by group, by class, by score.
///
/// What is hidden by name is hidden even where it is among those that are shown. Classes go by name or by number.
public struct AnnotationFilter: Sendable, Hashable {
    /// The groups that are shown; all when `nil`.
    public var groups: Set<String>?
    /// The groups that are not.
    public var hiddenGroups: Set<String> = []
    /// The classes that are shown; all when `nil`.
    public var classes: Set<String>?
    /// The classes that are not.
    public var hiddenClasses: Set<String> = []
    /// What scores have to be. Masks have none, and stay.
    public var scores: [ScoreCondition] = []

    /// Everything is shown.
    public init() {}

    /// Whether a group is shown.
    public func shows(group: String) -> Bool {
        !hiddenGroups.contains(group) && groups?.contains(group) ?? true
    }

    /// Whether a class is shown; `nil` stands for none.
    public func shows(classID: Int?, labels: ClassLabels) -> Bool {
        guard choosesClasses else { return true }
        guard let classID else { return classes == nil }
        let names = [labels.name(of: classID), String(classID)]
        return !names.contains(where: hiddenClasses.contains)
            && classes.map { names.contains(where: $0.contains) } ?? true
    }

    /// Whether any class is chosen or left out.
    var choosesClasses: Bool { classes != nil || !hiddenClasses.isEmpty }

    /// Whether all conditions hold; a condition for a score that is not there does not.
    public func shows(scores values: BoxScores) -> Bool { scores.allSatisfy { $0.holds(for: values) } }
}

extension AnnotationFilter {
    /// The groups and shapes that are shown; what is not is counted.
    func choose(
        from groups: AnnotationGroups<ShapeGroup>, noting names: inout FilterNames, report: inout OverlayReport
    ) -> AnnotationGroups<ShapeGroup> {
        var chosen = AnnotationGroups<ShapeGroup>()
        for entry in groups.entries {
            names.note(group: entry.name)
            guard shows(group: entry.name) else {
                report.hiddenByGroup += entry.group.shapes.count
                continue
            }
            let labels = entry.group.labels ?? ClassLabels()
            // Decided once per class: there may be a hundred thousand boxes of it.
            var decisions: [Int?: Bool] = [:]
            for id in labels.entries.map(\.id) where choosesClasses { names.note(classID: id, labels: labels) }
            var shown = ShapeGroup([], labels: entry.group.labels)
            for shape in entry.group.shapes {
                if !scores.isEmpty { names.note(scores: shape.scores) }
                let id = shape.classID
                let isShown = decisions[id] ?? shows(classID: id, labels: labels)
                if decisions.updateValue(isShown, forKey: id) == nil, let id { names.note(classID: id, labels: labels) }
                if !isShown {
                    report.hiddenByClass += 1
                } else if !shows(scores: shape.scores) {
                    report.hiddenByScore += 1
                } else {
                    shown.shapes.append(shape)
                }
            }
            chosen[entry.name] = shown
        }
        return chosen
    }
}

/// What an overlay shows, and what not and why.
public struct OverlayReport: Sendable, Hashable {
    /// How many boxes and shapes are drawn.
    public internal(set) var drawn = 0
    /// How many boxes and shapes, and how many masks, are in groups that are not shown.
    public internal(set) var hiddenByGroup = 0
    /// How many boxes and shapes of the others have a class that is not shown.
    public internal(set) var hiddenByClass = 0
    /// How many boxes and shapes of what is left do not fulfil a condition.
    public internal(set) var hiddenByScore = 0
    /// How many pixels of masks have a class that is not shown, background included.
    public internal(set) var hiddenPixels = 0
    /// How many names found no free place.
    public internal(set) var droppedNames = 0
    /// What was noticed: names that were asked for and are nowhere, names without a place, what was said before of what is drawn.
    public internal(set) var findings: [Finding] = []

    /// The warnings of names that were asked for and are not on this picture of a data set, where another may have them; they
    /// are not among the findings.
    public internal(set) var missingNames: [Finding] = []

    /// Nothing yet.
    public init() {}

    /// How many boxes, shapes and masks are not shown.
    public var hidden: Int { hiddenByGroup + hiddenByClass + hiddenByScore }

    /// How much is shown and hidden, in words; `nil` when nothing is hidden.
    ///
    ///     2 of 5 annotations shown, hidden: 3 by score
    var remark: String? {
        let counts = [(hiddenByGroup, "group"), (hiddenByClass, "class"), (hiddenByScore, "score")]
        let reasons = counts.filter { $0.0 > 0 }
        guard !reasons.isEmpty else { return nil }
        return "\(drawn) of \(drawn + hidden) annotations shown, hidden: "
            + reasons.map { "\($0.0) by \($0.1)" }.joined(separator: ", ")
    }
}

/// Notes which names of a filter exist.
struct FilterNames {
    private var groups: Set<String> = []
    private var classes: Set<String> = []
    private var scores: Set<String> = []

    mutating func note(group: String) { groups.insert(group) }

    mutating func note(classID: Int, labels: ClassLabels) {
        classes.insert(labels.name(of: classID))
        classes.insert(String(classID))
    }

    mutating func note(scores values: BoxScores) {
        for entry in values.entries { scores.insert(entry.name) }
    }

    /// A warning for each name that was asked for and is nowhere.
    func findings(of filter: AnnotationFilter) -> [Finding] {
        let wanted: [(kind: String, names: Set<String>, found: Set<String>)] = [
            ("group", (filter.groups ?? []).union(filter.hiddenGroups), groups),
            ("class", (filter.classes ?? []).union(filter.hiddenClasses), classes),
            ("score", Set(filter.scores.map(\.name)), scores),
        ]
        return wanted.flatMap { kind, names, found in
            names.subtracting(found).sorted().map { name in
                .warning(
                    .argumentInvalid, "there is no \(kind) \"\(name)\"", path: kind, value: name,
                    hint: "check how it is spelled"
                        + (found.isEmpty ? "" : "; there are " + found.sorted().prefix(8).joined(separator: ", ")))
            }
        }
    }
}
