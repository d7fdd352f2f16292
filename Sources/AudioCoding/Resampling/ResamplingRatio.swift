/// How many output samples come for so many input samples, in lowest terms, and which times belong together.
///
/// Both terms are from 1 to 2³² − 1, so that a product of one and a remainder of the other fits 64 bits.
struct ResamplingRatio: Sendable, Hashable {
    /// Samples that go out.
    let up: Int
    /// Samples that come in meanwhile.
    let down: Int

    init(up: Int, down: Int) {
        var (a, b) = (up, down)
        while b != 0 { (a, b) = (b, a % b) }
        (self.up, self.down) = (up / max(1, a), down / max(1, a))
    }

    /// Output samples for each input sample.
    var value: Double { Double(up) / Double(down) }

    /// The time of an output sample: the input sample at it or before it, and how many parts of `up` behind that.
    ///
    /// - Parameter output: within ±`farthest`.
    func time(of output: Int) -> (sample: Int, phase: Int) {
        var (cycles, rest) = output.quotientAndRemainder(dividingBy: up)
        if rest < 0 { (cycles, rest) = (cycles - 1, rest + up) }
        let (whole, phase) = (UInt64(rest) &* UInt64(down)).quotientAndRemainder(dividingBy: UInt64(up))
        return (cycles * down + Int(whole), Int(phase))
    }

    /// How many output samples lie within `count` input samples: the least whole number that is not below `count` · `up` / `down`;
    /// `Int.max` where it would be more.
    func outputs(of count: Int) -> Int {
        let (cycles, rest) = max(0, count).quotientAndRemainder(dividingBy: down)
        let part = (UInt64(rest) &* UInt64(up) &+ UInt64(down - 1)) / UInt64(down)
        let (whole, overflow) = cycles.multipliedReportingOverflow(by: up)
        return overflow || whole > Int.max - Int(part) ? .max : whole + Int(part)
    }

    /// The output sample at the time of an input sample, or the last before it.
    ///
    /// - Parameter input: not negative, and before an output that is within `farthest`.
    func output(of input: Int) -> Int {
        let (cycles, rest) = input.quotientAndRemainder(dividingBy: down)
        let (whole, overflow) = cycles.multipliedReportingOverflow(by: up)
        return overflow ? .max : whole + Int(UInt64(rest) &* UInt64(up) / UInt64(down))
    }

    /// The last output that is asked for: no sound has one behind it, and its time is a number, also in stages.
    var farthest: Int {
        let (cycles, overflow) = (Int.max >> 4 / max(up, down)).multipliedReportingOverflow(by: up)
        return overflow ? .max >> 4 : min(.max >> 4, cycles)
    }
}
