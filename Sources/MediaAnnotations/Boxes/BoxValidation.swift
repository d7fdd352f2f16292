public import MediaCore

/// Looks at boxes together with the picture that they are on and the classes that there are.
///
/// What a box cannot be by itself is refused when it is made; see ``BoundingBox/rules``. Here the findings are
///
/// | code | severity | rule |
/// | --- | --- | --- |
/// | `box.outside` | error | boxes in pixels lie on the picture, but for a millionth of its side |
/// | `box.under-pixel` | warning | edges rounded to whole pixels have at least one pixel between them |
/// | `box.class-unknown` | warning | the class has a name, when names were given; the wandb SDK takes others too |
/// | `box.class-missing` | warning; an error where ``requiresClasses`` says so | the box has a class |
/// | `box.repeated` | warning | no two boxes have the same numbers and class |
///
/// Under ``/MediaCore/Strictness/strict`` all of them are errors.
public struct BoxValidation: Sendable {
    /// The picture; without one, nothing is said of places on it.
    public var image: ImageSize?
    /// The classes that there are; those of the group when `nil`.
    public var labels: ClassLabels?
    /// Whether a box without a class is an error, as it is to the wandb SDK for groups without labels.
    public var requiresClasses = false
    /// Whether warnings are errors.
    public var strictness = Strictness.report

    /// A validation.
    public init(image: ImageSize? = nil, labels: ClassLabels? = nil, strictness: Strictness = .report) {
        self.image = image
        self.labels = labels
        self.strictness = strictness
    }

    /// What there is to say of a group.
    ///
    /// - Parameters:
    ///   - group: The boxes.
    ///   - name: The name of the group, for paths like `boxes["pred"][3].position.maxX`.
    public func report(on group: BoundingBoxGroup, named name: String? = nil) -> ValidationReport {
        var report = ValidationReport()
        var pass = BoxValidationPass(
            validation: self, labels: labels ?? group.labels, path: name.map(BoundingBoxGroup.path) ?? "boxes",
            group: group)
        pass.run(into: &report)
        return report
    }

    /// What there is to say of all groups, in order.
    public func report(on groups: AnnotationGroups<BoundingBoxGroup>) -> ValidationReport {
        var report = ValidationReport()
        for entry in groups.entries {
            var pass = BoxValidationPass(
                validation: self, labels: labels ?? entry.group.labels,
                path: BoundingBoxGroup.path(ofGroup: entry.name), group: entry.group)
            pass.run(into: &report)
        }
        return report
    }
}

extension BoundingBox {
    /// Looks at boxes together with the picture that they are on; see ``BoxValidation`` for the rules.
    public static func validate(
        _ boxes: [BoundingBox], in image: ImageSize, labels: ClassLabels? = nil, strictness: Strictness = .report
    ) -> ValidationReport {
        BoxValidation(image: image, labels: labels, strictness: strictness).report(on: BoundingBoxGroup(boxes))
    }
}

/// One validation of one group.
private struct BoxValidationPass {
    let validation: BoxValidation
    let labels: ClassLabels?
    let path: String
    let group: BoundingBoxGroup
    private let warning: Finding.Severity

    init(validation: BoxValidation, labels: ClassLabels?, path: String, group: BoundingBoxGroup) {
        self.validation = validation
        self.labels = labels
        self.path = path
        self.group = group
        warning = validation.strictness == .strict ? .error : .warning
    }

    mutating func run(into report: inout ValidationReport) {
        let boxes = group.boxes
        let known = labels.map { KnownClasses($0) }
        var seen = SeenBoxes(capacity: boxes.count)
        for index in boxes.indices {
            let box = boxes[index]
            if let image = validation.image { place(box, index, in: image, &report) }
            if let classID = box.classID {
                if let known, !known.contains(classID) { unknown(classID, index, &report) }
            } else {
                missing(index, &report)
            }
            if let other = seen.firstEqual(to: index, in: boxes) {
                report.add(
                    warning,
                    Finding(
                        warning, .boxRepeated, "the box is the same as that at \(place(of: other))", path: path(index),
                        hint: "leave one of them out"))
            }
        }
    }

    private func path(_ index: Int) -> String { "\(path)[\(place(of: index))]" }

    /// Where the box stood in the list that was given.
    private func place(of index: Int) -> Int { group.places?[index] ?? index }

    // MARK: Place

    @inline(__always)
    private func place(_ box: BoundingBox, _ index: Int, in image: ImageSize, _ report: inout ValidationReport) {
        let rectangle = box.rectangle(in: image)
        let isThin =
            rectangle.maxX.rounded() - rectangle.minX.rounded() < 1
            || rectangle.maxY.rounded() - rectangle.minY.rounded() < 1
        if isThin {
            report.add(
                warning,
                Finding(
                    warning, .boxUnderPixel,
                    "the box is \(rectangle.width)×\(rectangle.height) pixels and no whole one on an image of \(image)",
                    path: path(index) + ".position", hint: "check the size, and whether the numbers are pixels"))
        }
        guard box.domain == .pixel else { return }
        let (width, height) = (Double(image.width), Double(image.height))
        let (slackX, slackY) = (width * BoxRules.tolerance, height * BoxRules.tolerance)
        if rectangle.minX >= -slackX, rectangle.minY >= -slackY, rectangle.maxX <= width + slackX,
            rectangle.maxY <= height + slackY
        {
            return
        }
        edge("minX", rectangle.minX, 0...width, slackX, box, index, image, &report)
        edge("maxX", rectangle.maxX, 0...width, slackX, box, index, image, &report)
        edge("minY", rectangle.minY, 0...height, slackY, box, index, image, &report)
        edge("maxY", rectangle.maxY, 0...height, slackY, box, index, image, &report)
    }

    private func edge(
        _ name: String, _ value: Double, _ range: ClosedRange<Double>, _ slack: Double, _ box: BoundingBox,
        _ index: Int, _ image: ImageSize, _ report: inout ValidationReport
    ) {
        guard value < range.lowerBound - slack || value > range.upperBound + slack else { return }
        let member = box.form == .minMax ? name : name.hasSuffix("X") ? "width" : "height"
        report.add(
            .error,
            .error(
                .boxOutside, "\(name) \(value) is outside the image of \(image)",
                path: "\(path(index)).position.\(member)", value: "\(value)",
                hint: "pass clip: true to cut boxes at the image"))
    }

    // MARK: Class

    private func unknown(_ classID: Int, _ index: Int, _ report: inout ValidationReport) {
        report.add(
            warning,
            Finding(
                warning, .boxClassUnknown, "the class \(classID) has no name", path: path(index) + ".class_id",
                value: "\(classID)", hint: "add it to the class labels"))
    }

    private func missing(_ index: Int, _ report: inout ValidationReport) {
        let severity: Finding.Severity = validation.requiresClasses ? .error : warning
        report.add(
            severity,
            Finding(
                severity, .boxClassMissing, "the box has no class", path: path(index) + ".class_id",
                hint: "give a class_id"))
    }
}

/// The classes that have names, the small ones as bits.
private struct KnownClasses {
    private let labels: ClassLabels
    private var small = [Bool](repeating: false, count: 1024)

    init(_ labels: ClassLabels) {
        self.labels = labels
        for entry in labels.entries where small.indices.contains(entry.id) { small[entry.id] = true }
    }

    @inline(__always)
    func contains(_ id: Int) -> Bool {
        id >= 0 && id < small.count ? small[id] : labels[id] != nil
    }
}

/// Boxes by their numbers and class: a table of places in the list, 0 for none, that is at most half full.
private struct SeenBoxes {
    private var table: [Int32]
    private let mask: Int

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        table = [Int32](repeating: 0, count: size)
        mask = size - 1
    }

    /// The first box with the same numbers and class; remembers this one when there is none.
    @inline(__always)
    mutating func firstEqual(to index: Int, in boxes: [BoundingBox]) -> Int? {
        let box = boxes[index]
        var hash = UInt64(truncatingIfNeeded: box.classID ?? -1)
        for number in [box.numbers.0, box.numbers.1, box.numbers.2, box.numbers.3] {
            hash = (hash ^ number.bitPattern) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash &>> 32
        }
        var slot = Int(truncatingIfNeeded: hash) & mask
        while table[slot] != 0 {
            let other = boxes[Int(table[slot]) - 1]
            if other.numbers == box.numbers, other.classID == box.classID, other.form == box.form,
                other.domain == box.domain
            {
                return Int(table[slot]) - 1
            }
            slot = (slot + 1) & mask
        }
        // A list of 2³¹ boxes does not fit any memory; of those that do not fit here, nothing is said.
        if let place = Int32(exactly: index + 1) { table[slot] = place }
        return nil
    }
}
