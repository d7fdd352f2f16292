public import MediaCore

/// The difference of two pictures as a picture: black where they are the same.
///
/// Each sample is the difference of two, without its sign, times ``factor``, at most white. Gray pictures give gray, others
/// rgb, 8 bits either way. A difference in opacity is added to every colour as if it were one: the largest counts.
public struct DifferenceSource: PixelSource {
    /// What differences are multiplied with.
    public let factor: Int
    /// How many pixels a row has.
    public var width: Int { pair.first.width }
    /// How many rows there are.
    public var height: Int { pair.first.height }
    /// What a pixel is: `gray` or `rgb`.
    public let format: PixelFormat

    private let pair: PicturePair
    private let scale: Float

    /// The difference of two pictures.
    ///
    /// - Parameters:
    ///   - first: a picture.
    ///   - second: another of the same size; formats are brought together as for ``PictureComparison``.
    ///   - factor: what differences are multiplied with, 1 or more; 1 shows them as they are.
    /// - Throws: `argument.invalid` for pictures of different sizes, or a factor below 1.
    public init(_ first: any PixelSource, _ second: any PixelSource, factor: Int = 1) throws(MediaError) {
        guard factor >= 1 else {
            throw MediaError(
                .argumentInvalid, "a factor of \(factor)", hint: "choose 1 or more", at: .init(field: "factor"))
        }
        pair = try PicturePair(first, second)
        self.factor = factor
        format = pair.format.channels >= 3 ? .rgb : .gray
        scale = Float(factor) * 255 / Float(pair.format.maximum)
    }

    /// Computes `rows`.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let pair = pair, channels = format.channels, width = width
        let step = ScratchRows.rowsPerStep(bytesPerRow: pair.first.bytesPerRow, count: rows.count)
        let one = ScratchRows(byteCount: step * pair.first.bytesPerRow)
        let two = ScratchRows(byteCount: step * pair.first.bytesPerRow)
        var counts = tally
        try unsafe band.withUnsafeMutableBytes { (bytes) throws(MediaError) in
            guard let target = bytes.baseAddress else { return }
            var start = rows.lowerBound
            while start < rows.upperBound {
                let part = start..<min(rows.upperBound, start + step)
                try one.fill(from: pair.first, rows: part, tally: &counts)
                try two.fill(from: pair.second, rows: part, tally: &counts)
                let row = unsafe target + (start - rows.lowerBound) * width * channels
                let pixels = unsafe row.assumingMemoryBound(to: UInt8.self)
                if pair.format.bytesPerSample == 2 {
                    unsafe difference(one, two, of: UInt16.self, pixels, count: part.count * width)
                } else {
                    unsafe difference(one, two, of: UInt8.self, pixels, count: part.count * width)
                }
                start = part.upperBound
            }
        }
        tally = counts
    }

    @inline(__always)
    private func difference<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ one: borrowing ScratchRows, _ two: borrowing ScratchRows, of _: Sample.Type,
        _ target: UnsafeMutablePointer<UInt8>, count: Int
    ) {
        guard let a = unsafe one.bytes.bindMemory(to: Sample.self).baseAddress,
            let b = unsafe two.bytes.bindMemory(to: Sample.self).baseAddress
        else { return }
        let from = pair.format.channels, to = format.channels
        let hasAlpha = pair.format.hasAlpha
        for i in 0..<count {
            let opacity = hasAlpha ? unsafe Self.distance(a[i &* from &+ from &- 1], b[i &* from &+ from &- 1]) : 0
            for channel in 0..<to {
                let color = unsafe Self.distance(a[i &* from &+ channel], b[i &* from &+ channel])
                let value = min(255, Float(max(color, opacity)) * scale)
                unsafe target[i &* to &+ channel] = UInt8(truncatingIfNeeded: Int32(value + 0.5))
            }
        }
    }

    @inline(__always)
    private static func distance<Sample: FixedWidthInteger & UnsignedInteger>(_ x: Sample, _ y: Sample) -> Int32 {
        Int32(truncatingIfNeeded: max(x, y) &- min(x, y))
    }
}

extension PictureComparison {
    /// The whole factor that makes the largest difference as bright as possible and clips nothing; 1 for identical pictures.
    public var brighteningFactor: Int {
        isIdentical ? 1 : max(1, format.maximum / max(1, largestDifference))
    }
}
