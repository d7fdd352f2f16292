/// A number for a message: short, and never wrong in its first digits.
package func short(_ value: Double) -> String {
    let rounded = Float(value).description
    return rounded.hasSuffix(".0") ? String(rounded.dropLast(2)) : rounded
}
