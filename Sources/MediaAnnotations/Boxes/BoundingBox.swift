public import ImageCoding
public import MediaCore

/// An upright rectangle around a thing on a picture, with what is known of the thing.
///
/// A box that breaks a rule of ``rules`` cannot exist: its numbers are finite, its size is above 0, and fractions lie on
/// the picture. Whether a box in pixels lies on a picture, and whether its class is known, is asked of
/// ``BoxValidation``, which knows the picture.
public struct BoundingBox: Sendable, Hashable {
    /// Which numbers say where a box is.
    public enum Form: String, Sendable, CaseIterable {
        /// The four edges.
        case minMax
        /// The middle and the size.
        case middle
    }

    /// Where a box is, in one of two forms. x grows to the right, y downwards; see ``/MediaDrawing/Point``.
    public enum Position: Sendable, Hashable {
        /// The left, right, upper and lower edge.
        case minMax(minX: Double, maxX: Double, minY: Double, maxY: Double)
        /// The middle, and the distance between opposite edges.
        case middle(x: Double, y: Double, width: Double, height: Double)
    }

    /// What the numbers of a position count.
    public enum Domain: String, Sendable, CaseIterable {
        /// Fractions of the picture's width and height, 0…1.
        case percentage
        /// Pixels. 0 is the outer edge of the first pixel, the width of the picture that of the last one.
        case pixel
    }

    /// The numbers of the position in the order of its case.
    let numbers: (Double, Double, Double, Double)
    /// Which numbers say where the box is.
    public let form: Form
    /// What they count.
    public let domain: Domain
    /// The number of the class, when there is one.
    public var classID: Int?
    /// Words for people.
    public var caption: String?
    /// What was measured of the box: `acc`, `loss`. Finite, each name once.
    public let scores: BoxScores
    /// The colour in which it is drawn; that of its class when there is none.
    public var color: Palette.Color?

    /// A box.
    ///
    /// - Throws: one of the codes of ``rules``, for all that is wrong: the error carries a report whose paths begin
    ///   `position` and `scores`.
    public init(
        _ position: Position, domain: Domain = .percentage, classID: Int? = nil, caption: String? = nil,
        scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        let (form, numbers) = position.parts
        if !BoxRules.areSound(numbers, form, domain) || !scores.isSound {
            var report = ValidationReport()
            BoxRules.findings(numbers, form, domain, path: "", into: &report)
            scores.findings(path: "", into: &report)
            try report.throwIfInvalid()
        }
        self.init(
            sound: numbers, form: form, domain: domain, classID: classID, caption: caption, scores: scores,
            color: color)
    }

    /// A box between edges.
    ///
    /// - Throws: as ``init(_:domain:classID:caption:scores:color:)``.
    public init(
        minX: Double, maxX: Double, minY: Double, maxY: Double, domain: Domain = .percentage, classID: Int? = nil,
        caption: String? = nil, scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        try self.init(
            .minMax(minX: minX, maxX: maxX, minY: minY, maxY: maxY), domain: domain, classID: classID,
            caption: caption, scores: scores, color: color)
    }

    /// A box around a middle.
    ///
    /// - Throws: as ``init(_:domain:classID:caption:scores:color:)``.
    public init(
        middle: Point, width: Double, height: Double, domain: Domain = .percentage, classID: Int? = nil,
        caption: String? = nil, scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        try self.init(
            .middle(x: middle.x, y: middle.y, width: width, height: height), domain: domain, classID: classID,
            caption: caption, scores: scores, color: color)
    }

    /// A box whose numbers have been looked at.
    init(
        sound numbers: (Double, Double, Double, Double), form: Form, domain: Domain, classID: Int?, caption: String?,
        scores: BoxScores, color: Palette.Color?
    ) {
        self.numbers = numbers
        self.form = form
        self.domain = domain
        self.classID = classID
        self.caption = caption
        self.scores = scores
        self.color = color
    }

    /// Where the box is, in the form in which it was given.
    public var position: Position { Position(numbers, form) }

    /// Whether both boxes say the same with the same numbers.
    public static func == (a: BoundingBox, b: BoundingBox) -> Bool {
        a.numbers == b.numbers && a.form == b.form && a.domain == b.domain && a.classID == b.classID
            && a.caption == b.caption && a.scores == b.scores && a.color == b.color
    }

    /// Feeds everything that the box says into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(position)
        hasher.combine(domain)
        hasher.combine(classID)
        hasher.combine(caption)
        hasher.combine(scores)
        hasher.combine(color)
    }
}

extension BoundingBox.Position {
    init(_ numbers: (Double, Double, Double, Double), _ form: BoundingBox.Form) {
        self =
            switch form {
            case .minMax: .minMax(minX: numbers.0, maxX: numbers.1, minY: numbers.2, maxY: numbers.3)
            case .middle: .middle(x: numbers.0, y: numbers.1, width: numbers.2, height: numbers.3)
            }
    }

    var parts: (BoundingBox.Form, (Double, Double, Double, Double)) {
        switch self {
        case .minMax(let minX, let maxX, let minY, let maxY): (.minMax, (minX, maxX, minY, maxY))
        case .middle(let x, let y, let width, let height): (.middle, (x, y, width, height))
        }
    }
}

/// Named numbers of a box, in the order in which they were given.
public struct BoxScores: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One number with its name.
    public struct Entry: Sendable, Hashable {
        /// What was measured.
        public var name: String
        /// How much of it there was.
        public var value: Double

        /// Creates a score.
        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// The scores, in order.
    public var entries: [Entry]

    /// Scores in this order.
    public init(_ entries: [Entry]) { self.entries = entries }

    /// Scores in this order.
    public init(dictionaryLiteral elements: (String, Double)...) {
        entries = elements.map { Entry(name: $0.0, value: $0.1) }
    }

    /// The number of a name.
    public subscript(name: String) -> Double? { entries.first { $0.name == name }?.value }

    /// Whether there are none.
    public var isEmpty: Bool { entries.isEmpty }
}
