/// Numbers in messages.
extension Double {
    /// Seconds: `7.5 s`.
    package var secondsText: String { "\(hundredthsText) s" }

    /// To hundredths, without zeros at the end: `7.5`.
    package var hundredthsText: String {
        let hundredths = Int((min(max(self, -1e9), 1e9) * 100).rounded())
        let rest = hundredths.magnitude % 100
        let whole = "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100)"
        if rest == 0 { return whole }
        if rest % 10 == 0 { return "\(whole).\(rest / 10)" }
        return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
