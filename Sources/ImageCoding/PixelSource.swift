public import MediaCore

/// A picture that is made row by row, when an encoder asks.
///
/// A tensor with a value mapping is one; so is a grid of others, a resized one, an overlay on top of one, a frame of a
/// clip. Sources are values without state: any rows may be asked for at any time, more than once, from several threads.
public protocol PixelSource: Sendable {
    /// How many pixels a row has; at least 1.
    var width: Int { get }
    /// How many rows there are; at least 1.
    var height: Int { get }
    /// What a pixel is.
    var format: PixelFormat { get }
    /// The colours of indices; not `nil` exactly when the format is indexed.
    var palette: Palette? { get }
    /// What was decided when the source was made: how values are mapped, what was guessed.
    var facts: PixelFacts { get }

    /// Writes `rows` into `band`, top row first, packed.
    ///
    /// - Parameters:
    ///   - rows: rows inside `0..<height`.
    ///   - band: exactly `rows.count * bytesPerRow` bytes.
    ///   - tally: counts what was lost on the way; a caller that asks for rows twice counts them once.
    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError)
}

extension PixelSource {
    /// No palette.
    public var palette: Palette? { nil }
    /// Nothing was decided.
    public var facts: PixelFacts { PixelFacts() }
    /// How many bytes a row takes in a band.
    public var bytesPerRow: Int { width * format.bytesPerPixel }
}

/// How many values could not be shown as they are.
public struct PixelTally: Hashable, Sendable {
    /// Values below the range, shown as its lower end.
    public var clippedLow = 0
    /// Values above the range, shown as its upper end.
    public var clippedHigh = 0
    /// Values that are NaN or infinite, shown as 0.
    public var notFinite = 0
    /// The index, in C order over the tensor's own axes, of the first value that is not finite.
    public var firstNotFinite: [Int]?

    /// Nothing lost.
    public init() {}

    /// Values outside the range, at either end.
    public var clipped: Int { clippedLow + clippedHigh }

    /// Adds the counts of other rows, in any order.
    public mutating func add(_ other: PixelTally) {
        clippedLow += other.clippedLow
        clippedHigh += other.clippedHigh
        notFinite += other.notFinite
        if let index = other.firstNotFinite { noteNotFinite(at: index) }
    }

    /// Keeps the index if it comes before the one that is known.
    mutating func noteNotFinite(at index: [Int]) {
        if let first = firstNotFinite, first.lexicographicallyPrecedes(index) { return }
        firstNotFinite = index
    }
}

/// What was decided about a source when it was made.
public struct PixelFacts: Sendable, Hashable {
    /// The layout in which a tensor's axes were read: `hwc`, `chw`, …
    public var layout: String?
    /// Whether the layout follows from the shape because nobody stated it.
    public var layoutWasInferred = false
    /// The value mapping in use and the range of values that it takes to black and white, `unit 0…1`.
    public var mapping: AppliedMapping?
    /// Guesses and losses, to be reported or, under `.strict`, refused.
    public var findings: [Finding] = []
    /// What was done because somebody asked for it, in words for people: no loss and no guess.
    public var remarks: [String] = []

    /// No facts.
    public init() {}
}

/// A value mapping as it was applied.
public struct AppliedMapping: Sendable, Hashable {
    /// The name of the rule: `unit`, `signedUnit`, `byte`, `range`, `minMax`, `percentile`, `bool`, `integer`, `wandb 0.31`.
    public var name: String
    /// The value shown as the lowest sample.
    public var low: Double
    /// The value shown as the highest sample.
    public var high: Double
    /// Whether the rule was chosen by `.automatic`.
    public var wasInferred: Bool
    /// Whether values outside are expected because somebody asked for a percentile.
    public var clipsOnPurpose = false
    /// The least and the greatest finite value of the tensor, when they were looked for.
    public var observed: ClosedRange<Double>?

    /// Creates a description.
    public init(name: String, low: Double, high: Double, wasInferred: Bool, observed: ClosedRange<Double>? = nil) {
        self.name = name
        self.low = low
        self.high = high
        self.wasInferred = wasInferred
        self.observed = observed
    }
}

extension AppliedMapping: CustomStringConvertible {
    /// `unit 0…1`, with `inferred` behind it when nobody asked for it.
    public var description: String {
        "\(name) \(short(low))…\(short(high))" + (wasInferred ? " inferred" : "")
    }
}
