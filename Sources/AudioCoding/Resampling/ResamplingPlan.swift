/// The filters through which a sound goes to another rate, the first one first.
///
/// One sharp filter does the work where the rates are near each other. Where they are far apart, one that is cheap comes before it
/// or behind it, by a whole factor: it only has to keep away what the sharp one cannot tell from the sound, so that a few taps
/// are enough. Where a sharp filter would have too many rows for a table, it goes by a factor of two, and a cheap one takes
/// the rest. What is cheapest is chosen by counting products.
enum ResamplingPlan {
    /// Up to which part of the lower Nyquist frequency everything is kept.
    static let passBand = 0.91

    /// What a filter has to do; frequencies are parts of the rate that comes in.
    struct Step: Hashable {
        var ratio: ResamplingRatio
        /// Below it everything is kept.
        var pass: Double
        /// From it on everything is kept away.
        var stop: Double
        /// By how many decibels that is kept away, and the ripple of what passes.
        var attenuation: Double
    }

    /// The steps from one rate to another.
    static func steps(_ ratio: ResamplingRatio) -> [Step] {
        ratio.up < ratio.down ? stepsDown(ratio) : stepsUp(ratio)
    }

    private static let halfPass = passBand / 2
    /// What cheap filters add to the errors of the sharp one is not to be seen beside them.
    private static let sharpest = 120.0, cheap = 135.0
    /// What sixteen taps are enough for, beside a filter by two.
    private static let cheapest = 125.0

    /// To a lower rate: what comes first throws most samples away.
    private static func stepsDown(_ ratio: ResamplingRatio) -> [Step] {
        var rest = ratio
        var steps: [Step] = []
        func reducing(by factor: Int) -> Step {
            // What is folded to frequencies that the sharp filter removes may stay.
            Step(
                ratio: ResamplingRatio(up: 1, down: factor), pass: halfPass * rest.value,
                stop: 1 / Double(factor) - rest.value / 2, attenuation: cheap)
        }
        while rest.down / rest.up >= farApart {
            steps.append(reducing(by: stride))
            rest = ResamplingRatio(up: rest.up * stride, down: rest.down)
        }
        func sharp(_ ratio: ResamplingRatio) -> Step {
            Step(ratio: ratio, pass: halfPass * ratio.value, stop: ratio.value / 2, attenuation: sharpest)
        }
        // The cost is that of a sample that comes in.
        var best = [sharp(rest)]
        var least = cost(best[0]) * rest.value
        for factor in 2..<farApart where rest.down > rest.up * factor {
            let first = reducing(by: factor)
            let second = ResamplingRatio(up: rest.up * factor, down: rest.down)
            let both = cost(first) / Double(factor) + cost(sharp(second)) * rest.value
            if both < least { (best, least) = ([first, sharp(second)], both) }
        }
        if !best.allSatisfy(hasAllRows), rest.up < mostDoubled {
            // By way of twice the rate that goes out: the sharp filter halves it.
            let first = Step(
                ratio: ResamplingRatio(up: 2 * rest.up, down: rest.down), pass: halfPass * rest.value,
                stop: min(1, 1.5 * rest.value), attenuation: cheapest)
            let second = sharp(ResamplingRatio(up: 1, down: 2))
            let both = cost(first) * 2 * rest.value + cost(second) * rest.value
            if both < least { best = [first, second] }
        }
        return steps + best
    }

    /// To a higher rate: what comes last makes most of the samples.
    private static func stepsUp(_ ratio: ResamplingRatio) -> [Step] {
        var rest = ratio
        var steps: [Step] = []
        func increasing(by factor: Int) -> Step {
            // The sound ends at half a sample of the source's rate; its first image begins as far below the rate that comes in.
            let source = Double(factor) / rest.value
            return Step(
                ratio: ResamplingRatio(up: factor, down: 1), pass: halfPass * source, stop: 1 - source / 2,
                attenuation: cheap)
        }
        while rest.up / rest.down >= farApart {
            steps.insert(increasing(by: stride), at: 0)
            rest = ResamplingRatio(up: rest.up, down: rest.down * stride)
        }
        func sharp(_ ratio: ResamplingRatio) -> Step {
            Step(ratio: ratio, pass: halfPass, stop: 0.5, attenuation: sharpest)
        }
        // The cost is that of a sample that goes out.
        var best = [sharp(rest)]
        var least = cost(best[0])
        for factor in 2..<farApart where rest.up > rest.down * factor {
            let second = increasing(by: factor)
            let first = ResamplingRatio(up: rest.up, down: rest.down * factor)
            let both = cost(second) + cost(sharp(first)) / Double(factor)
            if both < least { (best, least) = ([sharp(first), second], both) }
        }
        if !best.allSatisfy(hasAllRows), rest.down < mostDoubled {
            // By way of twice the rate that comes in: the sharp filter doubles it.
            let second = Step(
                ratio: ResamplingRatio(up: rest.up, down: 2 * rest.down), pass: halfPass / 2, stop: 0.75,
                attenuation: cheapest)
            let first = sharp(ResamplingRatio(up: 2, down: 1))
            let both = cost(second) + cost(first) * 2 / rest.value
            if both < least { best = [first, second] }
        }
        return best + steps
    }

    /// From which factor on one is taken out without a search, and which.
    private static let farApart = 64
    private static let stride = 8

    /// Terms of ratios that may be doubled.
    private static let mostDoubled = 1 << 31

    /// Whether no row has to be interpolated.
    private static func hasAllRows(_ step: Step) -> Bool {
        PolyphaseFilter.isExact(step, taps: PolyphaseFilter.taps(step))
    }

    /// What an output sample costs: registers of products, and what is done around them.
    private static func cost(_ step: Step) -> Double {
        let registers = Double(PolyphaseFilter.taps(step) / PolyphaseFilter.lanes)
        return hasAllRows(step) ? registers + 5 : 4 * registers + 12
    }
}
