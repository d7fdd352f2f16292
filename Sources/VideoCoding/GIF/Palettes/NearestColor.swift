import CMediaKernels
import MediaCore

/// Finds the nearest of up to 256 colours by looking at all of them, several at a time.
@safe
package struct NearestColor: ~Copyable {
    /// 256 first coordinates, 256 second, 256 third ones; far away behind the last colour.
    private let coordinates: UnsafeMutablePointer<Float>
    private var count = 0

    package init() {
        unsafe coordinates = .allocate(capacity: 768)
        unsafe coordinates.initialize(repeating: Self.farAway, count: 768)
    }

    deinit { unsafe coordinates.deallocate() }

    /// Farther from everything than colours are from each other; its square is still a number.
    private static let farAway: Float = 1e18

    /// Takes other colours: at most 256.
    package mutating func set(_ colors: [SIMD4<Float>]) {
        count = min(colors.count, 256)
        unsafe coordinates.update(repeating: Self.farAway, count: 768)
        for number in 0..<count {
            for axis in 0..<3 { unsafe coordinates[256 * axis + number] = colors[number][axis] }
        }
    }

    /// The number of the nearest colour, the lowest of equally near ones, and the square of its distance.
    @inline(__always)
    package func find(_ color: SIMD4<Float>) -> (number: Int, distance: Float) {
        var index: UInt32 = 0
        var distance: Float = 0
        let rounded = (count &+ 15) & ~15
        let isDone = unsafe withUnsafeBytes(of: color) { bytes in
            guard let base = bytes.baseAddress else { return false }
            return unsafe tm_palette_nearest(
                coordinates, rounded, base.assumingMemoryBound(to: Float.self), &index, &distance) != 0
        }
        return isDone ? (Int(index), distance) : findPlainly(color, rounded)
    }

    /// The kernel's twin.
    private func findPlainly(_ color: SIMD4<Float>, _ count: Int) -> (number: Int, distance: Float) {
        var least = SIMD8<Float>(repeating: .infinity)
        var best = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
        var numbers = best
        let base = unsafe UnsafeRawPointer(coordinates)
        for place in stride(from: 0, to: count, by: 8) {
            let x = unsafe base.loadUnaligned(fromByteOffset: 4 &* place, as: SIMD8<Float>.self) - color.x
            let y = unsafe base.loadUnaligned(fromByteOffset: 4 &* place &+ 1024, as: SIMD8<Float>.self) - color.y
            let z = unsafe base.loadUnaligned(fromByteOffset: 4 &* place &+ 2048, as: SIMD8<Float>.self) - color.z
            let distance = x * x + y * y + z * z
            let isLess = distance .< least
            least.replace(with: distance, where: isLess)
            best.replace(with: numbers, where: isLess)
            numbers &+= 8
        }
        var lane = 0
        for other in 1..<8 where (least[other], best[other]) < (least[lane], best[lane]) { lane = other }
        return (Int(best[lane]), least[lane])
    }
}
