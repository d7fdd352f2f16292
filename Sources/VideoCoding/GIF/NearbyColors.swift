/// Which colours of a palette may be drawn for which, for ``LooseLZWEncoder``.
///
/// Distances are squares of levels, the mean of the samples with weights of 3, 6 and 1, about their shares of brightness.
///
/// Unchecked because of the pointers, which are read only once they are made.
@safe
final class NearbyColors: @unchecked Sendable {
    /// The most distance between a colour and what is drawn for it.
    static let most: Float = 120
    /// How many colours strings may begin with in the place of one, that one included.
    static let mostChoices = 4

    /// Where the colours of 256 indices lie; squares of differences add up to distances.
    let places: UnsafeMutablePointer<SIMD4<Float>>
    /// For each of 256 indices a row of 256: whether the other may be drawn for it.
    let isNear: UnsafeMutablePointer<Bool>
    /// For each index those that may be drawn for it, the nearest first: itself, and ``mostChoices`` − 1 others.
    let choices: [[UInt8]]

    /// Compares all colours of a palette with each other. Indices without a colour are near themselves only.
    init(_ palette: ReducedPalette) {
        unsafe places = .allocate(capacity: 256)
        unsafe places.initialize(repeating: SIMD4(), count: 256)
        unsafe isNear = .allocate(capacity: 1 << 16)
        unsafe isNear.initialize(repeating: false, count: 1 << 16)
        let count = palette.keys.count
        for index in 0..<count {
            let sample = palette.sample(index)
            unsafe places[index] =
                SIMD4(Float(sample.red), Float(sample.green), Float(sample.blue), 0) / 256 * Self.weights
        }
        var choices = (0...255).map { [UInt8($0)] }
        var near: [(distance: Float, index: UInt8)] = []
        for index in 0...255 {
            near.removeAll(keepingCapacity: true)
            for other in 0..<count where index < count && other != index {
                let distance = unsafe (places[index] - places[other]).square
                if distance <= Self.most { near.append((distance, UInt8(other))) }
            }
            near.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
            unsafe isNear[index << 8 | index] = true
            for color in near { unsafe isNear[index << 8 | Int(color.index)] = true }
            choices[index] += near.prefix(Self.mostChoices - 1).map(\.index)
        }
        self.choices = choices
    }

    deinit {
        unsafe places.deallocate()
        unsafe isNear.deallocate()
    }

    /// The roots of 3, 6 and 1 tenths.
    private static let weights = SIMD4<Float>(0.5477226, 0.7745967, 0.3162278, 0)
}

extension SIMD4<Float> {
    /// The sum of the squares of the first three.
    @inline(__always)
    var square: Float {
        let squares = self * self
        return squares.x + squares.y + squares.z
    }
}
