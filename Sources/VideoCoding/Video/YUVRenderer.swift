public import ImageCoding
public import MediaCore

/// Frames to the YUV planes that video encoders take: limited range, BT.601 or BT.709, 4:2:0 or 4:4:4.
///
///     var renderer = YUVRenderer(width: 84, height: 84, format: .rgb, matrix: .bt601, subsampling: .quarter, scale: 1)
///     try renderer.render(frame, into: planes, tally: &tally)
///
/// Frames are asked for in bands that stay in the cache, and converted from there: no picture is held. The same frame gives
/// the same bytes on every processor. Chroma of 4:2:0 is the mean of two by two pixels, before gamma is undone, which no
/// decoder does either.
///
/// Unchecked because of the pointers, which nobody else has; rendering is mutating, so two threads cannot do it at once.
@safe
public struct YUVRenderer: ~Copyable, @unchecked Sendable {
    /// How many columns the planes have: those of the frame, enlarged; under 4:2:0 an odd one more is a copy of the last.
    public let codedWidth: Int
    /// How many rows the planes have, likewise.
    public let codedHeight: Int

    private let width: Int
    private let height: Int
    private let format: PixelFormat
    private let subsampling: YUVSubsampling
    private let scale: Int
    private let converter: YUVRows
    /// Some rows of a frame: an even number, and all of them where that is fewer.
    private let band: UnsafeMutablePointer<UInt8>
    private let bandRows: Int
    /// Two enlarged rows; nothing when the scale is 1.
    private let enlarged: UnsafeMutablePointer<UInt8>
    private let rowBytes: Int

    /// About how many bytes a band takes, if two rows are not more: they are read again from the nearest cache but one.
    private static let bandBytes = 48 << 10

    /// A renderer for frames of a size and format.
    ///
    /// - Parameters:
    ///   - width: how many columns every frame has; with `scale` at most 65536, else every frame is refused.
    ///   - height: how many rows every frame has, likewise.
    ///   - format: ``/ImageCoding/PixelFormat/gray``, `rgb` or `rgba`; frames of others are refused.
    ///   - matrix: what colours the numbers stand for; the file has to name it too.
    ///   - subsampling: how many pixels share their chroma.
    ///   - scale: every pixel becomes a square with so many pixels on a side; at least 1.
    public init(
        width: Int, height: Int, format: PixelFormat, matrix: YUVMatrix, subsampling: YUVSubsampling, scale: Int = 1
    ) {
        let sides = 1...Self.longestSide
        let fits =
            sides.contains(width) && sides.contains(height) && sides.contains(scale)
            && sides.contains(width &* scale) && sides.contains(height &* scale)
            && [.gray, .rgb, .rgba].contains(format)
        self.width = fits ? width : 0
        self.height = fits ? height : 0
        self.format = format
        self.subsampling = subsampling
        self.scale = fits ? scale : 1
        let step = subsampling == .quarter ? 2 : 1
        codedWidth = (self.width * self.scale + step - 1) / step * step
        codedHeight = (self.height * self.scale + step - 1) / step * step
        converter = YUVRows(channels: format.channels, weights: YUVWeights(matrix))
        rowBytes = self.width * format.channels
        bandRows = min(self.height, max(2, Self.bandBytes / max(1, rowBytes) & ~1))
        unsafe band = .allocate(capacity: max(1, bandRows * rowBytes))
        unsafe band.initialize(repeating: 0, count: max(1, bandRows * rowBytes))
        let enlargedBytes = self.scale > 1 ? 2 * rowBytes * self.scale : 1
        unsafe enlarged = .allocate(capacity: enlargedBytes)
        unsafe enlarged.initialize(repeating: 0, count: enlargedBytes)
    }

    deinit {
        unsafe band.deallocate()
        unsafe enlarged.deallocate()
    }

    /// No codec here takes longer sides.
    private static let longestSide = 65536

    /// Writes the planes of a frame.
    ///
    /// - Parameters:
    ///   - frame: of the size and format of the renderer.
    ///   - planes: where to; opacity is written if it has a plane, 255 for frames without, and dropped if not.
    ///   - tally: counts what was lost between numbers and samples.
    /// - Throws: `argument.invalid` for a frame of another size or format, for a size or format that no frame may have, and
    ///   for strides below the width; what the frame throws. Then the planes hold parts of it.
    public mutating func render(
        _ frame: any PixelSource, into planes: YUVPlanes, tally: inout PixelTally
    ) throws(MediaError) {
        try check(frame, planes)
        for start in stride(from: 0, to: height, by: bandRows) {
            let rows = start..<min(start + bandRows, height)
            let bytes = unsafe UnsafeMutableRawBufferPointer(start: band, count: rows.count * rowBytes)
            var span = unsafe bytes.mutableBytes
            try frame.fill(rows: rows, into: &span, tally: &tally)
            switch subsampling {
            case .quarter: quarter(rows, planes)
            case .none: full(rows, planes)
            }
        }
    }

    private func check(_ frame: any PixelSource, _ planes: YUVPlanes) throws(MediaError) {
        guard width > 0 else {
            throw MediaError(
                .argumentInvalid, "frames of \(frame.width)×\(frame.height) \(frame.format) as YUV",
                hint: "sides of 1…\(Self.longestSide) after enlargement; gray, rgb or rgba",
                at: .init(field: "frame"))
        }
        guard frame.width == width, frame.height == height, frame.format == format else {
            throw MediaError(
                .argumentInvalid,
                "a frame of \(frame.width)×\(frame.height) \(frame.format), not \(width)×\(height) \(format)",
                at: .init(field: "frame"))
        }
        let chromaWidth = subsampling == .quarter ? codedWidth / 2 : codedWidth
        guard planes.yStride >= codedWidth, planes.chromaStride >= chromaWidth,
            unsafe planes.alpha == nil || planes.alphaStride >= codedWidth
        else {
            throw MediaError(
                .argumentInvalid,
                "strides of \(planes.yStride), \(planes.chromaStride) and \(planes.alphaStride) bytes for rows of \(codedWidth)",
                at: .init(field: "planes"))
        }
    }

    // MARK: Rows

    /// The pairs of rows that a band becomes. Its first row is even, so no pair needs rows of two bands.
    private func quarter(_ rows: Range<Int>, _ planes: YUVPlanes) {
        let columns = width * scale
        var last: (source: Int, row: Int)?
        for row in stride(from: rows.lowerBound * scale, to: rows.upperBound * scale, by: 2) {
            let upper = row / scale - rows.lowerBound
            let lower = min((row + 1) / scale, height - 1) - rows.lowerBound
            let y = unsafe planes.y + row * planes.yStride
            let chroma = row / 2 * planes.chromaStride
            let u = unsafe planes.u + chroma, v = unsafe planes.v + chroma
            if upper == lower, scale > 1, let last, last.source == upper {
                // The same row of pixels once more.
                let from = unsafe planes.y + last.row * planes.yStride
                let fromChroma = last.row / 2 * planes.chromaStride
                unsafe y.update(from: from, count: codedWidth)
                unsafe (y + planes.yStride).update(from: from, count: codedWidth)
                unsafe u.update(from: planes.u + fromChroma, count: codedWidth / 2)
                unsafe v.update(from: planes.v + fromChroma, count: codedWidth / 2)
                repeatAlpha(from: last.row, to: row, planes)
                repeatAlpha(from: last.row, to: row + 1, planes)
                continue
            }
            let first = unsafe pixels(upper, slot: 0)
            let second = upper == lower ? unsafe first : unsafe pixels(lower, slot: 1)
            unsafe converter.quarter(
                first, second, count: columns,
                to: YUVLoops.QuarterRows(first: y, second: y + planes.yStride, u: u, v: v))
            unsafe alpha(first, row, planes)
            unsafe alpha(second, row + 1, planes)
            last = upper == lower ? (upper, row) : nil
        }
    }

    /// The rows that a band becomes.
    private func full(_ rows: Range<Int>, _ planes: YUVPlanes) {
        for source in 0..<rows.count {
            let row = (rows.lowerBound + source) * scale
            let y = unsafe planes.y + row * planes.yStride
            let chroma = row * planes.chromaStride
            let u = unsafe planes.u + chroma, v = unsafe planes.v + chroma
            let line = unsafe pixels(source, slot: 0)
            unsafe converter.full(line, count: codedWidth, y: y, u: u, v: v)
            unsafe alpha(line, row, planes)
            for copy in 1..<max(1, scale) {
                unsafe (y + copy * planes.yStride).update(from: y, count: codedWidth)
                unsafe (u + copy * planes.chromaStride).update(from: u, count: codedWidth)
                unsafe (v + copy * planes.chromaStride).update(from: v, count: codedWidth)
                repeatAlpha(from: row, to: row + copy, planes)
            }
        }
    }

    private func alpha(_ pixels: UnsafePointer<UInt8>, _ row: Int, _ planes: YUVPlanes) {
        guard let alpha = unsafe planes.alpha else { return }
        let target = unsafe alpha + row * planes.alphaStride
        let columns = width * scale
        unsafe converter.alpha(pixels, count: columns, to: target)
        if columns < codedWidth { unsafe target[columns] = unsafe target[columns - 1] }
    }

    private func repeatAlpha(from source: Int, to row: Int, _ planes: YUVPlanes) {
        guard let alpha = unsafe planes.alpha else { return }
        unsafe (alpha + row * planes.alphaStride).update(from: alpha + source * planes.alphaStride, count: codedWidth)
    }

    /// A row of the band, enlarged into one of two places where the scale asks for it.
    private func pixels(_ row: Int, slot: Int) -> UnsafePointer<UInt8> {
        let line = unsafe UnsafePointer(band + row * rowBytes)
        guard scale > 1 else { return unsafe line }
        let channels = format.channels
        let target = unsafe enlarged + slot * rowBytes * scale
        var place = 0
        for column in 0..<width {
            for _ in 0..<scale {
                for channel in 0..<channels {
                    unsafe target[place] = unsafe line[column &* channels &+ channel]
                    place &+= 1
                }
            }
        }
        return unsafe UnsafePointer(target)
    }
}
