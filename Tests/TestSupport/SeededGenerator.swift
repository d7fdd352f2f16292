/// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
/// number generators", 2014).
///
/// A test that fails prints its seed; the same seed gives the same case again. The methods here are spelled out, because
/// the standard library does not promise that `random(in:using:)` draws the same numbers in the next version.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `0..<bound`; 0 when `bound` is not positive.
    package mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high) : 0
    }

    /// A number in `range`, the ends included.
    package mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound &+ below(range.upperBound &- range.lowerBound &+ 1)
    }

    /// A number in 0..<1 with 53 random bits.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number in `low ..< high`.
    package mutating func double(_ low: Double, _ high: Double) -> Double { low + unit() * (high - low) }

    /// True with `probability`.
    package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// One of `choices`, which may not be empty.
    package mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element {
        choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
    }

    /// Random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 8)
        while result.count < count {
            var word = next()
            for _ in 0..<8 {
                result.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        result.removeLast(result.count - count)
        return result
    }
}
