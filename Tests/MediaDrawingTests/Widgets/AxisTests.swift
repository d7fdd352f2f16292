import MediaDrawing
import TestSupport
import Testing

@Suite("Numbers along an axis")
struct AxisTests {
    private func labels(_ low: Double, _ high: Double, _ count: Int, _ scale: AxisScale = .linear) -> [String] {
        AxisTicks(from: low, to: high, scale: scale, atMost: count).ticks.map(\.label)
    }

    @Test("Steps are 1, 2, 2.5 or 5 times a power of ten, written in few characters")
    func steps() {
        #expect(labels(0, 1, 6) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(labels(0, 1, 5) == ["0", "0.25", "0.5", "0.75", "1"])
        #expect(labels(0, 1, 3) == ["0", "0.5", "1"])
        #expect(labels(-1, 1, 5) == ["−1", "−0.5", "0", "0.5", "1"])
        #expect(labels(0, 23, 6) == ["0", "5", "10", "15", "20"])
        #expect(labels(7, 3, 5) == ["3", "4", "5", "6", "7"])
        #expect(labels(0.0132, 0.0291, 4) == ["0.015", "0.02", "0.025"])
        #expect(labels(0, 4e7, 5) == ["0", "1e7", "2e7", "3e7", "4e7"])
        #expect(labels(1e-7, 3e-7, 5) == ["1e−7", "1.5e−7", "2e−7", "2.5e−7", "3e−7"])
        #expect(labels(0, 65535, 4) == ["0", "20000", "40000", "60000"])
        #expect(labels(1e300, 3e300, 3) == ["1e300", "2e300", "3e300"])
    }

    @Test("Values are the numbers that the labels say, without the last bits of sums")
    func values() {
        for (low, high) in [(0.0, 1), (-0.7, 2.9), (1e-9, 7e-9), (100, 101), (-3e12, 5e12)] {
            for count in 2...12 {
                let ticks = AxisTicks(from: low, to: high, atMost: count).ticks
                #expect(ticks.count <= count)
                for tick in ticks {
                    #expect(Double(tick.label.replacing("−", with: "-")) == tick.value)
                    #expect(tick.value >= low && tick.value <= high)
                }
            }
        }
    }

    @Test("Logarithmic axes have powers of ten, more where there is room, fewer where there is not")
    func logarithms() {
        #expect(labels(1, 100, 9, .logarithmic) == ["1", "2", "5", "10", "20", "50", "100"])
        #expect(labels(0.01, 1000, 6, .logarithmic) == ["0.01", "0.1", "1", "10", "100", "1000"])
        #expect(labels(1e-6, 1e6, 8, .logarithmic).count == 7)
        #expect(labels(2, 9, 5, .logarithmic) == ["2", "4", "6", "8"])
        #expect(labels(0.5, 80, 9, .reciprocal) == ["0.5", "1", "2", "5", "10", "20", "50"])
    }

    @Test("What no round number fits has its ends, and what is no span has what it can")
    func degenerate() {
        #expect(labels(5, 5, 5) == ["5"])
        #expect(labels(-1, 1, 5, .logarithmic) == ["−1", "1"])
        #expect(labels(1, 1 + 1e-15, 3) == ["1", "1"])
        #expect(labels(-1e308, 1e308, 3).count >= 2)
        #expect(labels(0, .leastNonzeroMagnitude, 3).count <= 3)
        for bad in [Double.nan, .infinity] { #expect(labels(bad, 1, 5).isEmpty && labels(0, bad, 5).isEmpty) }
        #expect(labels(0, 1, -5).count == 2 && labels(0, 1, .max).count <= 1000)
    }

    @Test("Places along an axis follow its scale")
    func positions() {
        #expect(AxisScale.linear.position(of: 3, from: 1, to: 5) == 0.5)
        #expect(AxisScale.linear.position(of: 3, from: 5, to: 1) == 0.5)
        #expect(abs((AxisScale.logarithmic.position(of: 10, from: 1, to: 100) ?? 0) - 0.5) < 1e-12)
        #expect(AxisScale.reciprocal.position(of: 2, from: .infinity, to: 1) == 0.5)
        #expect(AxisScale.logarithmic.position(of: -1, from: 1, to: 100) == nil)
        #expect(AxisScale.linear.position(of: 1, from: 2, to: 2) == nil)
    }

    @Test("Ticks lie on the axis where their numbers are, and labels keep apart")
    func drawing() throws {
        let style = TextStyle(typeface: StubTypeface(), size: 12, color: .white)
        let axis = Axis(from: 0, to: 10, style: style)
        let drawn = try levels(220, 60) {
            axis.draw(along: .bottom, of: Rectangle(x: 10, y: 5, width: 200, height: 20), on: &$0)
        }
        // The line is at row 25, ticks reach four pixels below it.
        #expect((10..<210).allSatisfy { drawn[25 * 220 + $0] == 255 })
        let ticks = (0..<220).filter { drawn[28 * 220 + $0] == 255 }
        let expected = axis.ticks(length: 200, along: .bottom).ticks.map { 10 + Int(($0.value * 20 - 0.5).rounded()) }
        #expect(ticks.count >= 3 && zip(ticks, expected).allSatisfy { abs($0 - $1) <= 1 })
        for length in stride(from: 20.0, through: 800, by: 60) {
            let labels = axis.ticks(length: length, along: .bottom).ticks
            let widths = labels.map { TextLayout($0.label, style: style).width }
            #expect(labels.count == 2 || widths.reduce(0, +) < length)
        }
    }
}
