import ImageCoding

/// How long a frame of APNG is shown: a fraction of two 16-bit numbers, exact where it can be.
struct APNGDuration {
    let numerator: UInt16
    let denominator: UInt16

    /// `units` of a time base; rounded to what fits, at most 65,535 seconds.
    init(_ units: Int, _ base: TimeBase) {
        let (product, overflow) = units.multipliedReportingOverflow(by: base.numerator)
        var a = overflow ? Int.max : product, b = base.denominator
        while b != 0 { (a, b) = (b, a % b) }
        let top = overflow ? Int.max : product / max(a, 1), bottom = base.denominator / max(a, 1)
        if top <= 65535, bottom <= 65535 {
            (numerator, denominator) = (UInt16(top), UInt16(bottom))
            return
        }
        let seconds = Double(units) * base.seconds
        // The finest unit that holds the time.
        let unit: Double =
            seconds * 10000 <= 65535 ? 10000 : seconds * 1000 <= 65535 ? 1000 : seconds * 100 <= 65535 ? 100 : 1
        numerator = UInt16(min(max((seconds * unit).rounded(), 1), 65535))
        denominator = UInt16(unit)
    }

    var seconds: Double { Double(numerator) / Double(denominator) }
}
