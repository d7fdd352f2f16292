/// Numbers in messages.
extension Double {
    /// Seconds: `7.5 s`; what lasts less than a tenth of one, to microseconds.
    package var secondsText: String { "\(magnitude < 0.1 ? text(digits: 6) : hundredthsText) s" }

    /// To hundredths, without zeros at the end: `7.5`.
    package var hundredthsText: String { text(digits: 2) }

    /// So many digits behind the point, without zeros at the end.
    private func text(digits: Int) -> String {
        var unit = 1
        for _ in 0..<digits { unit *= 10 }
        let parts = Int((Swift.min(Swift.max(self, -1e9), 1e9) * Double(unit)).rounded())
        var rest = String(Int(parts.magnitude) % unit)
        rest = String(repeating: "0", count: digits - rest.utf8.count) + rest
        while rest.hasSuffix("0") { rest.removeLast() }
        let whole = "\(parts < 0 ? "-" : "")\(Int(parts.magnitude) / unit)"
        return rest.isEmpty ? whole : "\(whole).\(rest)"
    }
}
