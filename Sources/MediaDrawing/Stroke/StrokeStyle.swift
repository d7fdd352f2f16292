/// How a line is drawn.
public struct StrokeStyle: Sendable, Hashable {
    /// How a line ends.
    public enum Cap: String, Sendable, CaseIterable {
        /// At its last point.
        case butt
        /// With half a disc around its last point.
        case round
        /// With half a square around its last point.
        case square
    }

    /// What is at a corner.
    public enum Join: String, Sendable, CaseIterable {
        /// The edges go on until they meet; a corner too sharp for ``StrokeStyle/miterLimit`` is beveled.
        case miter
        /// A disc around the corner.
        case round
        /// The corner is cut off.
        case bevel
    }

    /// In pixels, across; half of it on each side of the path.
    public var width: Double
    /// How lines end, dashes too.
    public var cap: Cap
    /// What is at a corner.
    public var join: Join
    /// How far the point of a corner may stand out, in widths of the line.
    public var miterLimit: Double
    /// The lengths of dashes and gaps by turns, in pixels; an odd number of them is taken twice. Empty for a solid line;
    /// patterns shorter than a quarter of a pixel make one too.
    public var dashes: [Double]
    /// How far into the pattern a line begins, in pixels.
    public var dashPhase: Double

    /// Creates a style.
    public init(
        width: Double = 1, cap: Cap = .butt, join: Join = .miter, miterLimit: Double = 4, dashes: [Double] = [],
        dashPhase: Double = 0
    ) {
        self.width = width
        self.cap = cap
        self.join = join
        self.miterLimit = miterLimit
        self.dashes = dashes
        self.dashPhase = dashPhase
    }

    /// Whether there is something to draw: a positive width within reason, and dashes that are lengths.
    var canDraw: Bool {
        width > 0 && width <= PathFlattener.reach && miterLimit >= 0 && dashPhase.magnitude <= PathFlattener.reach
            && dashes.allSatisfy { $0 >= 0 && $0 <= PathFlattener.reach }
            && (dashes.isEmpty || dashes.contains { $0 > 0 })
    }

    /// How far from the path the line reaches, at the most.
    var reach: Double { width / 2 * max(1.5, join == .miter ? min(miterLimit, PathFlattener.reach) : 1) }
}
