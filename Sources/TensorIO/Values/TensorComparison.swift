public import MediaCore

/// How far the values of two tensors of one shape are apart.
///
/// Element types may differ: numbers are compared as float64, whole ones of 64 bits are rounded to it unless both tensors
/// are of that type. Two NaN in the same place are the same; so are infinities of one sign.
public struct TensorComparison: Sendable {
    /// An element of both tensors.
    public struct Place: Sendable, Hashable {
        /// Its index on each axis.
        public var index: [Int]
        /// Its value in the first tensor and in the second.
        public var first: Double, second: Double
    }

    /// How many elements each tensor has.
    public let count: Int
    /// How many are not the same.
    public private(set) var differing = 0
    /// The largest |a − b| over elements that are finite in both; 0 where all are the same.
    public private(set) var largestDifference = 0.0
    /// Where that is first found; `nil` where all are the same.
    public private(set) var worst: Place?
    /// The mean of |a − b| over elements that are finite in both; 0 where there are none.
    public private(set) var meanDifference = 0.0
    /// The largest |a − b| / max(|a|, |b|) over elements that are finite in both.
    public private(set) var largestRelativeDifference = 0.0
    /// Where that is first found; `nil` where all are the same.
    public private(set) var relativeWorst: Place?
    /// How many elements are NaN or infinite in one tensor and not the same in the other.
    public private(set) var notFiniteDifferences = 0
    /// The first of them.
    public private(set) var firstNotFiniteDifference: Place?
    /// How many elements are NaN in the first tensor, and in the second.
    public private(set) var firstNaN = 0, secondNaN = 0

    /// Whether all elements are the same.
    public var isIdentical: Bool { differing == 0 }

    /// Compares all elements, a block at a time.
    ///
    /// - Throws: `shape.invalid` for tensors of different shapes.
    public init(_ first: Tensor, _ second: Tensor) throws(MediaError) {
        guard first.shape == second.shape else {
            throw MediaError(
                .shapeInvalid,
                "the first tensor has shape \(describe(first.shape)), the second \(describe(second.shape))",
                hint: "compare tensors of one shape", at: .init(field: "shape"))
        }
        count = first.count
        guard count > 0 else { return }
        var sums = Sums()
        let one = PackedReader(first), two = PackedReader(second)
        let block = min(count, 4096)
        let isExact = first.elementType == second.elementType && first.elementType.isWide
        let widths = (first.elementType.byteCount, second.elementType.byteCount)
        unsafe withUnsafeTemporaryAllocation(byteCount: block * widths.0, alignment: 16) { a in
            unsafe withUnsafeTemporaryAllocation(byteCount: block * widths.1, alignment: 16) { b in
                guard let a = a.baseAddress, let b = b.baseAddress else { return }
                var start = 0
                while start < first.count {
                    let range = start..<min(first.count, start &+ block)
                    unsafe one.copy(range, into: a)
                    unsafe two.copy(range, into: b)
                    for i in 0..<range.count {
                        let x = unsafe first.elementType.load(a, i), y = unsafe second.elementType.load(b, i)
                        if isExact, x == y, unsafe !Self.haveSameBits(a, b, i) {
                            unsafe sums.addUnequal(a, b, i, isSigned: first.elementType == .int64, at: start &+ i)
                        } else {
                            sums.add(x, y, at: start &+ i)
                        }
                    }
                    start = range.upperBound
                }
            }
        }
        take(sums, shape: first.shape)
    }

    private static func haveSameBits(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ index: Int) -> Bool {
        unsafe a.load(fromByteOffset: 8 &* index, as: UInt64.self)
            == b.load(fromByteOffset: 8 &* index, as: UInt64.self)
    }

    private mutating func take(_ sums: Sums, shape: [Int]) {
        func place(_ element: Sums.Element?) -> Place? {
            guard let element else { return nil }
            var rest = element.place
            var index = [Int](repeating: 0, count: shape.count)
            for axis in shape.indices.reversed() where shape[axis] > 0 {
                index[axis] = rest % shape[axis]
                rest /= shape[axis]
            }
            return Place(index: index, first: element.first, second: element.second)
        }
        differing = sums.differing
        largestDifference = sums.largest
        worst = place(sums.worst)
        meanDifference = sums.finite > 0 ? sums.sum / Double(sums.finite) : 0
        largestRelativeDifference = sums.relative
        relativeWorst = place(sums.relativeWorst)
        notFiniteDifferences = sums.notFinite
        firstNotFiniteDifference = place(sums.firstNotFinite)
        (firstNaN, secondNaN) = (sums.firstNaN, sums.secondNaN)
    }
}

/// What is added up while elements pass.
private struct Sums {
    struct Element {
        var place: Int
        var first: Double, second: Double
    }

    var differing = 0, finite = 0, notFinite = 0, firstNaN = 0, secondNaN = 0
    var sum = 0.0, largest = 0.0, relative = 0.0
    var worst: Element?, relativeWorst: Element?, firstNotFinite: Element?

    @inline(__always)
    mutating func add(_ x: Double, _ y: Double, at place: Int) {
        if x == y {
            if x.isFinite { finite &+= 1 }
            return
        }
        add(x, y, difference: (x - y).magnitude, at: place)
    }

    /// Elements that are not equal as doubles, or NaN.
    private mutating func add(_ x: Double, _ y: Double, difference: Double, at place: Int) {
        firstNaN &+= x.isNaN ? 1 : 0
        secondNaN &+= y.isNaN ? 1 : 0
        if x.isNaN, y.isNaN { return }
        differing &+= 1
        guard x.isFinite, y.isFinite else {
            notFinite &+= 1
            firstNotFinite = firstNotFinite ?? Element(place: place, first: x, second: y)
            return
        }
        finite &+= 1
        sum += difference
        let quotient = difference / max(x.magnitude, y.magnitude)
        if difference > largest {
            largest = difference
            worst = Element(place: place, first: x, second: y)
        }
        if quotient > relative {
            relative = quotient
            relativeWorst = Element(place: place, first: x, second: y)
        }
    }

    /// Whole numbers of 64 bits that differ by less than float64 can tell.
    @unsafe mutating func addUnequal(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ index: Int, isSigned: Bool, at place: Int
    ) {
        let x = unsafe a.load(fromByteOffset: 8 &* index, as: UInt64.self)
        let y = unsafe b.load(fromByteOffset: 8 &* index, as: UInt64.self)
        let difference = isSigned ? (Int64(bitPattern: x) &- Int64(bitPattern: y)).magnitude : max(x, y) &- min(x, y)
        let first = isSigned ? Double(Int64(bitPattern: x)) : Double(x)
        let second = isSigned ? Double(Int64(bitPattern: y)) : Double(y)
        add(first, second, difference: Double(difference), at: place)
    }
}

extension ElementType {
    /// Whether float64 does not hold all its values.
    fileprivate var isWide: Bool { self == .int64 || self == .uint64 }
}
