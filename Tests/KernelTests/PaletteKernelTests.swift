import TestSupport
import Testing
import VideoCoding

@Suite("Palette kernels agree with their Swift twins at every level of instructions")
struct PaletteKernelTests {
    @Test("the nearest of 1 to 256 colours, the lowest of equally near ones")
    func nearest() {
        var random = SeededGenerator(seed: 8)
        for count in Array(1...40) + [127, 128, 129, 255, 256] {
            // Few values, so that distances are often equal.
            func color() -> SIMD4<Float> {
                SIMD4(Float(random.below(5)) / 4, Float(random.below(3)) / 7, Float(random.below(3)) / 9, 0)
            }
            let colors = (0..<count).map { _ in color() }
            var search = NearestColor()
            search.set(colors)
            for _ in 0..<50 {
                let wanted = color()
                // Compared in the order of the operations that the kernels have.
                let distances = colors.map { other in
                    let d = wanted - other
                    return d.x * d.x + d.y * d.y + d.z * d.z
                }
                let expected = distances.indices.min { (distances[$0], $0) < (distances[$1], $1) }
                CPULevel.forEachAvailable { level in
                    let found = search.find(wanted)
                    #expect(found.number == expected, "\(level), \(count) colours")
                    #expect(expected.map { distances[$0] } == found.distance, "\(level), \(count) colours")
                }
            }
        }
    }
}
