public import MediaCore

/// A duration as a fraction of a second, exactly: the unit in which times of frames are counted.
public struct TimeBase: Sendable, Hashable {
    /// Numerator and denominator of the unit in seconds, in lowest terms; both positive.
    public let numerator: Int, denominator: Int

    /// `numerator/denominator` seconds.
    ///
    /// - Throws: `argument.invalid` unless both are 1…2³¹ − 1.
    public init(_ numerator: Int, _ denominator: Int) throws(MediaError) {
        let most = Int(Int32.max)
        guard (1...most).contains(numerator), (1...most).contains(denominator) else {
            throw MediaError(
                .argumentInvalid, "a time base of \(numerator)/\(denominator) s", hint: "both numbers are 1 to \(most)",
                at: .init(field: "timeBase"))
        }
        self.init(reducing: numerator, denominator)
    }

    /// A hundredth of a second.
    public static let hundredth = TimeBase(reducing: 1, 100)

    fileprivate init(reducing numerator: Int, _ denominator: Int) {
        var a = numerator, b = denominator
        while b != 0 { (a, b) = (b, a % b) }
        self.numerator = numerator / a
        self.denominator = denominator / a
    }

    /// The unit in seconds, rounded.
    public var seconds: Double { Double(numerator) / Double(denominator) }
}

/// Frames per second, exactly: 25, 30000/1001.
public struct FrameRate: Sendable, Hashable, CustomStringConvertible {
    /// Numerator and denominator of the frames per second, in lowest terms; both positive.
    public let numerator: Int, denominator: Int

    /// `numerator/denominator` frames per second.
    ///
    /// - Throws: `argument.invalid` unless both are 1…2³¹ − 1.
    public init(_ numerator: Int, per denominator: Int = 1) throws(MediaError) {
        let most = Int(Int32.max)
        guard (1...most).contains(numerator), (1...most).contains(denominator) else {
            throw MediaError(
                .argumentInvalid, "a frame rate of \(numerator)/\(denominator)", hint: "both numbers are 1 to \(most)",
                at: .init(field: "frameRate"))
        }
        self.init(reducing: numerator, denominator)
    }

    /// For callers that know that both numbers are positive.
    init(reducing numerator: Int, _ denominator: Int) {
        let base = TimeBase(reducing: denominator, numerator)
        (self.numerator, self.denominator) = (base.denominator, base.numerator)
    }

    /// The simplest fraction within a billionth part of `framesPerSecond`: 29.97 becomes 2997/100, 29.97002997 30000/1001.
    ///
    /// - Throws: `argument.invalid` unless the number is from 10⁻⁶ to 10⁶.
    public init(_ framesPerSecond: Double) throws(MediaError) {
        guard framesPerSecond >= 1e-6, framesPerSecond <= 1e6 else {
            throw MediaError(
                .argumentInvalid, "a frame rate of \(framesPerSecond)",
                hint: "choose 0.000001 to 1000000 frames per second",
                at: .init(field: "frameRate"))
        }
        // Continued fractions: each convergent is the best for its denominator.
        var (p0, q0, p1, q1) = (0, 1, 1, 0)
        var rest = framesPerSecond
        for _ in 0..<24 {
            let whole = Int(rest.rounded(.down))
            let (p, overflow) = whole.multipliedReportingOverflow(by: p1)
            let (q, overflow2) = whole.multipliedReportingOverflow(by: q1)
            guard !overflow, !overflow2, p + p0 <= Int(Int32.max), q + q0 <= Int(Int32.max) else { break }
            (p0, q0, p1, q1) = (p1, q1, p + p0, q + q0)
            let error = (Double(p1) / Double(q1) - framesPerSecond).magnitude
            let fraction = rest - Double(whole)
            // A numerator of 0 is no rate.
            if p1 > 0, error <= framesPerSecond * 1e-9 || fraction < 1e-9 { break }
            rest = 1 / fraction
            guard rest < 1e9 else { break }
        }
        try self.init(max(1, p1), per: max(1, q1))
    }

    /// The time that one frame is shown.
    public var frameDuration: TimeBase { TimeBase(reducing: denominator, numerator) }
    /// Frames per second, rounded.
    public var framesPerSecond: Double { Double(numerator) / Double(denominator) }
    /// `25` or `30000/1001`.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
