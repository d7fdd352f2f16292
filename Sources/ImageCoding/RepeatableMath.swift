/// Elementary functions made of IEEE additions, multiplications, divisions and square roots only.
///
/// The functions of C libraries differ in the last place from one system to another, and a picture must not. These are
/// within 1e-14 of the true value, relative to the larger of 1 and the result, and the same bits everywhere.
package enum RepeatableMath {
    /// sin(π·x). `x` should be small; the range is reduced exactly.
    package static func sinPi(_ x: Double) -> Double {
        guard x.isFinite else { return .nan }
        let turns = x.rounded(.toNearestOrEven)  // not in a loop over pixels
        let r = (x - turns) * Double.pi
        let square = r * r
        var sum = 0.0
        // Taylor, |r| ≤ π/2: the first term left out is below 1e-17.
        for n in stride(from: 21, through: 3, by: -2) { sum = (1 + sum) * -square / Double(n * (n - 1)) }
        let value = r * (1 + sum)
        return turns.truncatingRemainder(dividingBy: 2) == 0 ? value : -value
    }

    /// The natural logarithm of a positive, finite number; NaN for anything else.
    package static func log(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return .nan }
        var exponent = Double(x.exponent)
        var m = x.significand  // 1..<2
        if m > 1.4142135623730951 {
            m /= 2
            exponent += 1
        }
        // ln m = 2·artanh((m − 1)/(m + 1)), |argument| ≤ 0.1716.
        let z = (m - 1) / (m + 1)
        let square = z * z
        let tail =
            ((((1.0 / 21 * square + 1.0 / 19) * square + 1.0 / 17) * square + 1.0 / 15) * square + 1.0 / 13) * square
        let head = ((((tail + 1.0 / 11) * square + 1.0 / 9) * square + 1.0 / 7) * square + 1.0 / 5) * square + 1.0 / 3
        let sum = head * square + 1
        return exponent * 0.6931471805599453 + 2 * z * sum
    }

    /// The angle of the point (x, y), divided by π: −1…1; 0 for the origin.
    package static func atan2OverPi(_ y: Double, _ x: Double) -> Double {
        let ax = x.magnitude, ay = y.magnitude
        let large = max(ax, ay)
        guard large > 0, large.isFinite else { return 0 }
        var angle = atan(min(ax, ay) / large) / Double.pi
        if ay > ax { angle = 0.5 - angle }
        if x < 0 { angle = 1 - angle }
        return y.sign == .minus ? -angle : angle
    }

    /// The arc tangent of 0…1.
    private static func atan(_ t: Double) -> Double {
        // Halving the angle twice takes the argument below tan(π/16) ≈ 0.2.
        let once = t / (1 + (1 + t * t).squareRoot())
        let twice = once / (1 + (1 + once * once).squareRoot())
        let square = twice * twice
        let tail = (((1.0 / 21 * square - 1.0 / 19) * square + 1.0 / 17) * square - 1.0 / 15) * square + 1.0 / 13
        let head = (((tail * square - 1.0 / 11) * square + 1.0 / 9) * square - 1.0 / 7) * square + 1.0 / 5
        let sum = (head * square - 1.0 / 3) * square + 1
        return 4 * twice * sum
    }

    /// The root of `degree` of a number from 0 to about 1, by Newton's method from above.
    package static func root(_ x: Double, degree: Int) -> Double {
        guard x > 0, degree > 0 else { return 0 }
        let n = Double(degree)
        var y = 1 + (x - 1) / n
        if x > 1 || !(y > 0) { y = max(1, x) }
        for _ in 0..<200 {
            var power = y
            for _ in 1..<max(1, degree - 1) { power *= y }  // y^(degree − 1)
            if degree == 1 { return x }
            let next = y - (y - x / power) / n
            if !(next < y) { break }
            y = next
        }
        return y
    }
}
