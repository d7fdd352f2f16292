import ImageCoding

/// Numbers as people write them, in as few characters as say what is meant.
package enum DecimalText {
    /// `digits · 10^exponent`: plain from 0.0001 up to a million, with an exponent beyond.
    static func of(_ digits: Int, exponent: Int) -> String {
        guard digits != 0 else { return "0" }
        var number = String(digits.magnitude), exponent = exponent
        while number.hasSuffix("0") {
            number.removeLast()
            exponent += 1
        }
        let sign = digits < 0 ? "\u{2212}" : ""
        // The place of the first digit: 0 for ones.
        let first = number.utf8.count - 1 + exponent
        guard (-4..<6).contains(first) else {
            let rest = number.dropFirst()
            let mantissa = rest.isEmpty ? number : "\(number.prefix(1)).\(rest)"
            return "\(sign)\(mantissa)e\(first < 0 ? "\u{2212}" : "")\(first.magnitude)"
        }
        if exponent >= 0 { return sign + number + String(repeating: "0", count: exponent) }
        if first < 0 { return sign + "0." + String(repeating: "0", count: -first - 1) + number }
        return "\(sign)\(number.prefix(first + 1)).\(number.dropFirst(first + 1))"
    }

    /// A number rounded to `count` significant digits.
    package static func of(_ value: Double, digits count: Int = 4) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "\u{2212}∞" : "∞" }
        guard value != 0 else { return "0" }
        let exponent = power(of: value.magnitude) - (count - 1)
        // Beyond the ends of what a Double can hold, two steps reach where one cannot.
        let half = exponent / 2
        let scaled = value / Self.power(half) / Self.power(exponent - half)
        guard let digits = Int(exactly: scaled.rounded()) else { return "\(value)" }
        return of(digits, exponent: exponent)
    }

    /// The largest whole number whose power of ten is not above a positive, finite number.
    static func power(of value: Double) -> Int {
        var power = Int((RepeatableMath.log(value) / 2.302585092994046).rounded(.down))
        // The logarithm may be one rounding off.
        if value >= Self.power(power + 1) { power += 1 }
        if value < Self.power(power) { power -= 1 }
        return power
    }

    /// 10^exponent, rounded once.
    static func power(_ exponent: Int) -> Double { value(1, exponent: exponent) }

    /// `digits · 10^exponent`, rounded once.
    static func value(_ digits: Int, exponent: Int) -> Double { Double("\(digits)e\(exponent)") ?? .infinity }
}
