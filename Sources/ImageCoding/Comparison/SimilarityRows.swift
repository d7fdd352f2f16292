import MediaCore

/// SSIM of the rows of a band, with memory for eleven rows of four moments.
///
/// A window's mean, variance and covariance are Gaussian means of x, y, x² + y² and x·y; only the sum of the variances
/// enters the formula. The Gaussian is separable: rows are blurred along themselves once, kept in a ring, and blurred down
/// the columns a tile at a time. Samples are taken to −½…½, where float32 loses least.
@safe struct SimilarityRows: ~Copyable {
    private let channels: Int
    /// How many samples a row has, and how many windows' worth of them.
    private let samples: Int, outputs: Int
    private let memory: UnsafeMutablePointer<Float>

    private static let taps = 11
    private static let tile = 1024
    /// exp(−i²/(2·1.5²)) for i = −5…0, divided by the sum over −5…5.
    private static let weights: (Float, Float, Float, Float, Float, Float) = (
        0.00102838008447911, 0.00759875813523919, 0.03600077212843083, 0.10936068950970002, 0.21300553771125369,
        0.26601172486179436
    )

    init(width: Int, channels: Int) {
        self.channels = channels
        samples = width * channels
        outputs = max(0, width - (Self.taps - 1)) * channels
        // Four rows as they are read, eleven times four blurred ones, five tiles.
        let count = 4 * samples + 4 * Self.taps * outputs + 5 * Self.tile
        unsafe memory = .allocate(capacity: count)
        unsafe memory.initialize(repeating: 0, count: count)
    }

    deinit { unsafe memory.deallocate() }

    /// The sum of SSIM over all windows that lie within `rowCount` rows, and how many they are.
    borrowing func similarity<Sample: FixedWidthInteger & UnsignedInteger>(
        _ one: UnsafePointer<Sample>, _ two: UnsafePointer<Sample>, rowCount: Int, scale: Float
    ) -> (sum: Double, count: Int) {
        var sum = 0.0
        var count = 0
        for row in 0..<rowCount {
            unsafe read(one + row * samples, two + row * samples, scale: scale, into: row % Self.taps)
            guard row >= Self.taps - 1 else { continue }
            sum += similarity(endingAt: row)
            count += outputs
        }
        return (sum, count)
    }

    /// Moment `m` of the row in `slot` of the ring.
    @inline(__always)
    private borrowing func blurred(_ slot: Int, _ m: Int) -> UnsafeMutablePointer<Float> {
        unsafe memory + (4 * samples + (4 * slot + m) * outputs)
    }

    /// Makes the moments of a row and blurs them along it.
    @inline(__always)
    private borrowing func read<Sample: FixedWidthInteger & UnsignedInteger>(
        _ one: UnsafePointer<Sample>, _ two: UnsafePointer<Sample>, scale: Float, into slot: Int
    ) {
        let x = unsafe memory, y = unsafe memory + samples
        let squares = unsafe memory + 2 * samples, products = unsafe memory + 3 * samples
        unsafe Self.load(one, x, count: samples, scale: scale)
        unsafe Self.load(two, y, count: samples, scale: scale)
        for i in 0..<samples {
            let a = unsafe x[i], b = unsafe y[i]
            unsafe squares[i] = a * a + b * b
            unsafe products[i] = a * b
        }
        for m in 0..<4 {
            unsafe Self.blur(memory + m * samples, blurred(slot, m), count: outputs, stride: channels)
        }
    }

    @inline(__always)
    private static func load<Sample: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafePointer<Sample>, _ target: UnsafeMutablePointer<Float>, count: Int, scale: Float
    ) {
        for i in 0..<count {
            unsafe target[i] = Float(Int32(truncatingIfNeeded: unsafe source[i])) * scale - 0.5
        }
    }

    private static func blur(
        _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int, stride: Int
    ) {
        let w = weights
        for i in 0..<count {
            let s = unsafe source + i
            let a = unsafe w.0 * (s[0] + s[10 &* stride]) + w.1 * (s[stride] + s[9 &* stride])
            let b = unsafe w.2 * (s[2 &* stride] + s[8 &* stride]) + w.3 * (s[3 &* stride] + s[7 &* stride])
            let c = unsafe w.4 * (s[4 &* stride] + s[6 &* stride]) + w.5 * s[5 &* stride]
            unsafe target[i] = a + b + c
        }
    }

    /// The sum over the windows of the eleven rows up to `last`.
    private borrowing func similarity(endingAt last: Int) -> Double {
        let tiles = unsafe memory + (4 * samples + 4 * Self.taps * outputs)
        let x = unsafe tiles, y = unsafe tiles + Self.tile
        let squares = unsafe tiles + 2 * Self.tile, products = unsafe tiles + 3 * Self.tile
        let result = unsafe tiles + 4 * Self.tile
        var sum = 0.0
        var start = 0
        while start < outputs {
            let count = min(Self.tile, outputs - start)
            for m in 0..<4 { unsafe blurDown(last, m, start, tiles + m * Self.tile, count: count) }
            unsafe Self.combine(x, y, squares, products, result, count: count)
            for i in 0..<count { sum += Double(unsafe result[i]) }
            start += count
        }
        return sum
    }

    /// Blurs a tile of one moment down the columns.
    private borrowing func blurDown(
        _ last: Int, _ m: Int, _ start: Int, _ target: UnsafeMutablePointer<Float>, count: Int
    ) {
        let w = Self.weights
        func row(_ tap: Int) -> UnsafeMutablePointer<Float> {
            unsafe blurred((last - (Self.taps - 1) + tap) % Self.taps, m) + start
        }
        let middle = unsafe row(5)
        for i in 0..<count { unsafe target[i] = w.5 * middle[i] }
        for (tap, weight) in [(0, w.0), (1, w.1), (2, w.2), (3, w.3), (4, w.4)] {
            let upper = unsafe row(tap), lower = unsafe row(Self.taps - 1 - tap)
            for i in 0..<count { unsafe target[i] += weight * (upper[i] + lower[i]) }
        }
    }

    /// The formula: (2μxμy + C₁)(2σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂)).
    private static func combine(
        _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ squares: UnsafePointer<Float>,
        _ products: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, count: Int
    ) {
        let c1: Float = 0.0001, c2: Float = 0.0009
        for i in 0..<count {
            let mx = unsafe x[i], my = unsafe y[i]
            // In an order that is the same both ways round.
            let variances = unsafe squares[i] - (mx * mx + my * my)
            let covariance = unsafe products[i] - mx * my
            // Means of the samples themselves, which begin at 0.
            let ux = mx + 0.5, uy = my + 0.5
            unsafe result[i] =
                ((2 * ux * uy + c1) * (2 * covariance + c2)) / ((ux * ux + uy * uy + c1) * (variances + c2))
        }
    }
}
