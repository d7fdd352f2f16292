import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Columns and rows of a frame.
struct FrameArea: Hashable, Sendable {
    var columns: Range<Int>
    var rows: Range<Int>

    /// How many pixels there are.
    var count: Int { columns.count * rows.count }
}

/// What of a frame differs from the one before.
enum FrameDelta {
    /// The smallest area that holds every pixel which differs; `nil` when the frames are equal. Both have one size and format.
    static func area(of new: FramePixels, since old: FramePixels) -> FrameArea? {
        let rowBytes = new.rowBytes
        func differs(_ row: Int) -> Bool { unsafe memcmp(new.row(row), old.row(row), rowBytes) != 0 }
        guard let top = (0..<new.height).first(where: differs) else { return nil }
        let bottom = (top..<new.height).last(where: differs) ?? top
        // Only what lies outside the columns found so far can widen them.
        var first = rowBytes, end = 0
        for row in top...bottom {
            let a = unsafe new.row(row), b = unsafe old.row(row)
            if first > 0 { first = unsafe firstDifference(a, b, 0..<first) ?? first }
            if end < rowBytes { end = unsafe endOfDifferences(a, b, end..<rowBytes) ?? end }
        }
        let stride = new.words.stride
        return FrameArea(columns: first / stride..<(end - 1) / stride + 1, rows: top..<bottom + 1)
    }

    /// The first byte of a range that differs.
    @inline(__always)
    static func firstDifference(
        _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ range: Range<Int>
    ) -> Int? {
        var place = range.lowerBound
        while place &+ 8 <= range.upperBound {
            let difference = unsafe word(a, place) ^ word(b, place)
            if difference != 0 { return place &+ difference.trailingZeroBitCount / 8 }
            place &+= 8
        }
        while place < range.upperBound {
            if unsafe a[place] != b[place] { return place }
            place &+= 1
        }
        return nil
    }

    /// One past the last byte of a range that differs.
    private static func endOfDifferences(
        _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ range: Range<Int>
    ) -> Int? {
        var place = range.upperBound
        while place &- 8 >= range.lowerBound {
            let difference = unsafe word(a, place &- 8) ^ word(b, place &- 8)
            if difference != 0 { return place &- difference.leadingZeroBitCount / 8 }
            place &-= 8
        }
        while place > range.lowerBound {
            if unsafe a[place &- 1] != b[place &- 1] { return place }
            place &-= 1
        }
        return nil
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>, _ place: Int) -> UInt64 {
        unsafe UInt64(littleEndian: UnsafeRawPointer(bytes + place).loadUnaligned(as: UInt64.self))
    }
}
