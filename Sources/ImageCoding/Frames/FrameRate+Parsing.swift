public import MediaCore

extension FrameRate {
    /// Four frames per second.
    package static let four = FrameRate(reducing: 4, 1)

    /// A rate as people write it: `30`, `29.97` (2997/100, exactly), `30000/1001`, `1/3`.
    ///
    /// - Throws: `argument.invalid` for anything else, and unless the rate is from 10⁻⁶ to 10⁶.
    public init(parsing text: String) throws(MediaError) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, let first = Fraction(halves[0]),
            let second = halves.count == 2 ? Fraction(halves[1]) : Fraction.one
        else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no frame rate",
                hint: "write frames per second such as 30, 29.97 or 30000/1001", at: .init(field: "frameRate"))
        }
        let (numerator, overflow) = first.numerator.multipliedReportingOverflow(by: second.denominator)
        let (denominator, overflow2) = first.denominator.multipliedReportingOverflow(by: second.numerator)
        guard !overflow, !overflow2, numerator > 0, denominator > 0 else { throw Self.outside(text) }
        let rate = FrameRate(reducing: numerator, denominator)
        guard (1e-6...1e6).contains(rate.framesPerSecond) else { throw Self.outside(text) }
        // More digits than fractions of 31 bits have: the simplest one beside them.
        let isExact = rate.numerator <= Int(Int32.max) && rate.denominator <= Int(Int32.max)
        self = try isExact ? rate : FrameRate(rate.framesPerSecond)
    }

    /// The rate at which every frame is shown for a time as people write it: `0.25s`, `250ms`, `4cs`.
    ///
    /// - Throws: `argument.invalid` for anything else, and unless the time is from 10⁻⁶ to 10⁶ seconds.
    public init(parsingFrameDuration text: String) throws(MediaError) {
        for (unit, perSecond) in [("ms", 1000), ("cs", 100), ("s", 1)] where text.hasSuffix(unit) {
            guard let time = Fraction(text.dropLast(unit.utf8.count)) else { break }
            let (numerator, overflow) = time.denominator.multipliedReportingOverflow(by: perSecond)
            guard !overflow, let rate = try? FrameRate(parsing: "\(numerator)/\(time.numerator)") else {
                throw MediaError(
                    .argumentInvalid, "frames that are shown for \(text)", hint: "choose 0.000001 to 1000000 seconds",
                    at: .init(field: "delay"))
            }
            self = rate
            return
        }
        throw MediaError(
            .argumentInvalid, "\"\(text)\" is no time that a frame is shown", hint: "write 0.25s, 250ms or 4cs",
            at: .init(field: "delay"))
    }

    private static func outside(_ text: String) -> MediaError {
        MediaError(
            .argumentInvalid, "a frame rate of \(text)", hint: "choose 0.000001 to 1000000 frames per second",
            at: .init(field: "frameRate"))
    }

    /// A decimal number without sign and exponent, exactly.
    private struct Fraction {
        static let one = Fraction(numerator: 1, denominator: 1)
        var numerator: Int, denominator: Int

        private init(numerator: Int, denominator: Int) {
            self.numerator = numerator
            self.denominator = denominator
        }

        /// - Returns: `nil` for what is no such number, and for more than 15 digits.
        init?(_ text: Substring) {
            var numerator = 0, denominator = 1, digits = 0
            var isBehindPoint = false
            for byte in text.utf8 {
                if byte == UInt8(ascii: "."), !isBehindPoint {
                    isBehindPoint = true
                    continue
                }
                guard (0x30...0x39).contains(byte), digits < 15 else { return nil }
                digits += 1
                numerator = 10 * numerator + Int(byte - 0x30)
                if isBehindPoint { denominator *= 10 }
            }
            guard digits > 0 else { return nil }
            self.init(numerator: numerator, denominator: denominator)
        }
    }
}
