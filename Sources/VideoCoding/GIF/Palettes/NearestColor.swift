import MediaCore

/// Finds the nearest of up to 256 colours, from one that is near already.
///
/// Each colour knows those nearest to it, in order. From the colour to begin with the search goes to a neighbour that is
/// nearer, and so on. It is over as soon as the next neighbour is twice as far from the best colour as what is looked for: by the
/// triangle inequality none behind it can be nearer.
@safe
struct NearestColor: ~Copyable {
    /// How many neighbours a colour knows; a search that needs more looks at all colours.
    private static let neighborCount = 16

    private struct Neighbor {
        /// A quarter of the square of the distance from the colour whose neighbour it is.
        var bound = Float.infinity
        var number: Int32 = -1
    }

    private let colors: UnsafeMutablePointer<SIMD4<Float>>
    private let neighbors: UnsafeMutablePointer<Neighbor>
    private var count = 0

    init() {
        unsafe colors = .allocate(capacity: 256)
        unsafe colors.initialize(repeating: SIMD4(), count: 256)
        unsafe neighbors = .allocate(capacity: 256 * Self.neighborCount)
    }

    /// Takes other colours.
    ///
    /// - Parameter colors: 1 to 256 of them.
    mutating func set(_ colors: [SIMD4<Float>]) {
        count = min(colors.count, 256)
        unsafe neighbors.initialize(repeating: Neighbor(), count: count * Self.neighborCount)
        for number in 0..<count { unsafe self.colors[number] = colors[number] }
        // Each pair once.
        for number in 0..<count {
            let color = unsafe self.colors[number]
            for other in 0..<number {
                let bound = unsafe OKLabColor.distance(color, self.colors[other]) / 4
                keep(bound, other, of: number)
                keep(bound, number, of: other)
            }
        }
    }

    /// Puts a colour among the neighbours of another, if it is near enough.
    @inline(__always)
    private func keep(_ bound: Float, _ other: Int, of number: Int) {
        let list = unsafe neighbors + number &* Self.neighborCount
        var place = Self.neighborCount - 1
        guard unsafe bound < list[place].bound else { return }
        while place > 0, unsafe list[place &- 1].bound > bound {
            unsafe list[place] = unsafe list[place &- 1]
            place &-= 1
        }
        unsafe list[place] = Neighbor(bound: bound, number: Int32(truncatingIfNeeded: other))
    }

    deinit {
        unsafe colors.deallocate()
        unsafe neighbors.deallocate()
    }

    /// The nearest colour and the square of its distance; of equally near ones, one.
    ///
    /// - Parameters:
    ///   - color: what is looked for, in OKLab.
    ///   - start: the number of a colour that may be near.
    @inline(__always)
    func find(_ color: SIMD4<Float>, from start: Int) -> (number: Int, distance: Float) {
        var best = start
        var least = unsafe OKLabColor.distance(color, colors[best])
        search: while true {
            let list = unsafe neighbors + best &* Self.neighborCount
            for place in 0..<Self.neighborCount {
                let neighbor = unsafe list[place]
                if neighbor.bound >= least { return (best, least) }
                let distance = unsafe OKLabColor.distance(color, colors[Int(neighbor.number)])
                if distance < least {
                    least = distance
                    best = Int(neighbor.number)
                    continue search
                }
            }
            return findAmongAll(color, best, least)
        }
    }

    private func findAmongAll(_ color: SIMD4<Float>, _ start: Int, _ distance: Float) -> (number: Int, distance: Float)
    {
        var best = start
        var least = distance
        for number in 0..<count {
            let distance = unsafe OKLabColor.distance(color, colors[number])
            if distance < least {
                least = distance
                best = number
            }
        }
        return (best, least)
    }
}
