public import MediaCore

/// How many pixels there are around something.
public struct EdgeInsets: Sendable, Hashable {
    /// Pixels above, left, below, right; none is negative.
    public var top: Int, left: Int, bottom: Int, right: Int

    /// Creates insets.
    public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }

    /// The same on every side.
    public init(all count: Int) { self.init(top: count, left: count, bottom: count, right: count) }
}

/// A picture with pixels put around it.
public struct PaddedSource: PixelSource {
    /// What the new pixels are.
    public enum Fill: Sendable, Hashable {
        /// One colour, scaled to the samples of the picture; its luma in a gray one. In an indexed one the colour must be
        /// in the palette.
        case color(Palette.Color)
        /// The nearest pixel of the picture.
        case edge
    }

    /// The picture in the middle.
    public let base: any PixelSource
    /// How much there is around it.
    public let insets: EdgeInsets
    /// What the new pixels are.
    public let padding: Fill
    private let pixel: [UInt8]

    /// `source` with pixels around it.
    ///
    /// - Throws: `argument.invalid` for negative or absurd insets, and for a colour that is not in the palette.
    public init(_ source: any PixelSource, insets: EdgeInsets, with padding: Fill) throws(MediaError) {
        let most = Int(Int32.max)
        for (name, count) in [
            ("top", insets.top), ("left", insets.left), ("bottom", insets.bottom), ("right", insets.right),
        ] {
            guard (0...most).contains(count) else {
                throw MediaError(
                    .argumentInvalid, "padding of \(count) pixels", hint: "choose 0 to \(most)",
                    at: .init(field: "insets.\(name)"))
            }
        }
        base = source
        self.insets = insets
        self.padding = padding
        switch padding {
        case .edge: pixel = []
        case .color(let color): pixel = try source.format.pixel(of: color, palette: source.palette)
        }
    }

    /// The picture's width and the insets left and right.
    public var width: Int { insets.left + base.width + insets.right }
    /// The picture's height and the insets above and below.
    public var height: Int { insets.top + base.height + insets.bottom }
    /// What a pixel is.
    public var format: PixelFormat { base.format }
    /// The colours of indices.
    public var palette: Palette? { base.palette }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// Copies the rows of the picture that are asked for and fills what is around them.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        if !pixel.isEmpty { band.fill(repeating: pixel) }
        let inside = rows.clamped(to: insets.top..<insets.top + base.height)
        let stride = bytesPerRow
        if !inside.isEmpty {
            var copier = RowCopier(base, rowsAtMost: inside.count)
            try copier.copy(
                rows: inside.lowerBound - insets.top..<inside.upperBound - insets.top, columns: 0..<base.width,
                into: &band, at: (inside.lowerBound - rows.lowerBound) * stride + insets.left * format.bytesPerPixel,
                stride: stride, tally: &tally)
        }
        guard pixel.isEmpty else { return }
        // Rows above and below repeat the first and the last; what they lose is counted with those, not again.
        var again = PixelTally()
        for row in rows where !inside.contains(row) {
            let nearest = row < insets.top ? 0 : base.height - 1
            var copier = RowCopier(base, rowsAtMost: 1)
            try copier.copy(
                rows: nearest..<nearest + 1, columns: 0..<base.width, into: &band,
                at: (row - rows.lowerBound) * stride + insets.left * format.bytesPerPixel, stride: stride, tally: &again
            )
        }
        repeatEnds(of: rows.count, in: &band)
    }

    private func repeatEnds(of count: Int, in band: inout MutableRawSpan) {
        let size = format.bytesPerPixel, stride = bytesPerRow
        let first = insets.left * size, last = (insets.left + base.width - 1) * size
        unsafe band.withUnsafeMutableBytes { band in
            for row in 0..<count {
                let start = row * stride
                for byte in start..<start + first {
                    unsafe band[byte] = unsafe band[start + first + (byte - start) % size]
                }
                for byte in start + last + size..<start + stride {
                    unsafe band[byte] = unsafe band[start + last + (byte - start - last) % size]
                }
            }
        }
    }
}

extension PixelFormat {
    /// The bytes of a pixel of this colour.
    ///
    /// - Throws: `argument.invalid` when the colour is not in the palette of an indexed format.
    func pixel(of color: Palette.Color, palette: Palette?) throws(MediaError) -> [UInt8] {
        if model == .indexed {
            guard let index = palette?.colors.firstIndex(of: color) else {
                throw MediaError(
                    .argumentInvalid,
                    "colour (\(color.red), \(color.green), \(color.blue), \(color.alpha)) is not in the palette",
                    hint: "convert the picture to rgb first, or choose a colour of its palette",
                    at: .init(field: "color"))
            }
            return [UInt8(truncatingIfNeeded: index)]
        }
        let samples = color.samples(of: model, bits: bits)
        if bits < 16 { return samples.map { UInt8(truncatingIfNeeded: $0) } }
        return unsafe samples.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

extension MutableRawSpan {
    /// Writes `pattern` over and over, from the first byte to the last.
    mutating func fill(repeating pattern: [UInt8]) {
        guard !pattern.isEmpty else { return }
        unsafe withUnsafeMutableBytes { bytes in
            let first = min(pattern.count, bytes.count)
            for i in 0..<first { unsafe bytes[i] = pattern[i] }
            // Doubling what is there already; the pattern's phase stays right because whole patterns are copied.
            var done = first
            while done < bytes.count {
                let more = min(done, bytes.count - done)
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<done + more]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[0..<more]))
                done += more
            }
        }
    }
}
