import MediaCore

/// How a picture lies in a bitmap file: bits per pixel, palette, sizes.
struct BMPLayout {
    /// Bits per pixel: 1, 8, 24 or 32.
    let bits: Int
    /// The colours of 1 and 8 bits.
    let palette: [Palette.Color]
    /// What rows are turned into first; `nil` when the source's samples are used as they are.
    let narrowed: PixelFormat?
    /// What the file holds.
    let format: PixelFormat
    let width: Int, height: Int
    /// Bytes of a row in the file: a multiple of 4.
    let rowBytes: Int
    /// Bytes of a row that ``pack(_:rows:into:)`` takes.
    let sampleRowBytes: Int

    init(_ source: any PixelSource, keepsOpacity: Bool, rule: OpacityRule) throws(MediaError) {
        let format = source.format
        let isTranslucent = NarrowRows.hasOpacity(source)
        let kept: PixelFormat
        if isTranslucent, keepsOpacity {
            kept = .rgba
        } else {
            switch format.model {
            case .indexed: kept = format
            case .gray: kept = format.bits == 16 ? .gray : format
            case .grayAlpha: kept = .gray
            case .rgb, .rgba: kept = .rgb
            }
        }
        self.format = kept
        narrowed = kept == format ? nil : kept
        switch kept.model {
        case .rgba: bits = 32
        case .rgb: bits = 24
        default: bits = kept.bits == 1 ? 1 : 8
        }
        let count = kept.model == .indexed ? source.palette?.colors.count ?? 0 : kept.maximum + 1
        var colors: [Palette.Color] = []
        if bits <= 8 {
            colors = NarrowRows.samples(of: kept.model == .indexed ? source.palette : nil, like: kept)
            colors.removeLast(256 - count)
        }
        if case .over(let red, let green, let blue) = rule {
            let background = Palette.Color(red: red, green: green, blue: blue)
            colors = colors.map { NarrowRows.lay($0, over: background) }
        }
        palette = colors
        width = source.width
        height = source.height
        rowBytes = (width * bits + 31) / 32 * 4
        sampleRowBytes = width * kept.bytesPerPixel
        let (pixels, overflow) = rowBytes.multipliedReportingOverflow(by: height)
        guard !overflow, width <= Int(Int32.max), height <= Int(Int32.max), pixels <= Int(UInt32.max) - 2048 else {
            throw MediaError(
                .argumentInvalid, "\(width)×\(height) pixels of \(bits) bits: a BMP ends at 4 GiB",
                hint: "write a PNG, or make the picture smaller")
        }
    }

    /// The file header (14 bytes), the information header (40, or 108 with opacity) and the palette.
    func header(pixelsPerMetre: Int32) -> [UInt8] {
        let informationBytes = bits == 32 ? 108 : 40
        let start = 14 + informationBytes + 4 * palette.count
        var bytes: [UInt8] = [0x42, 0x4D]
        func put(_ value: Int, _ count: Int) {
            for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
        }
        put(start + rowBytes * height, 4)
        put(0, 4)
        put(start, 4)
        put(informationBytes, 4)
        put(width, 4)
        put(height, 4)
        put(1, 2)
        put(bits, 2)
        // 3: the masks below say where the channels are.
        put(bits == 32 ? 3 : 0, 4)
        put(rowBytes * height, 4)
        put(Int(pixelsPerMetre), 4)
        put(Int(pixelsPerMetre), 4)
        put(palette.count, 4)
        put(palette.count, 4)
        if bits == 32 {
            for mask in [0x00FF_0000, 0x0000_FF00, 0x0000_00FF, 0xFF00_0000, 0x7352_4742] { put(mask, 4) }
            // End points and gammas, which sRGB does not use.
            bytes += [UInt8](repeating: 0, count: 48)
        }
        for color in palette { bytes += [color.blue, color.green, color.red, 0] }
        return bytes
    }

    /// Packs rows, the last one first. Padding bytes stay as they are.
    func pack(_ samples: RawSpan, rows: Int, into output: inout MutableRawSpan) {
        guard samples.byteCount >= rows * sampleRowBytes, output.byteCount >= rows * rowBytes else { return }
        unsafe samples.withUnsafeBytes { samples in
            unsafe output.withUnsafeMutableBytes { output in
                guard let source = samples.baseAddress, let target = output.baseAddress else { return }
                for row in 0..<rows {
                    unsafe packRow(
                        UnsafeRawPointer(source + (rows - 1 - row) * sampleRowBytes).assumingMemoryBound(
                            to: UInt8.self),
                        (target + row * rowBytes).assumingMemoryBound(to: UInt8.self))
                }
            }
        }
    }

    private func packRow(_ from: UnsafePointer<UInt8>, _ to: UnsafeMutablePointer<UInt8>) {
        switch bits {
        case 1:
            for x in stride(from: 0, to: width, by: 8) {
                var byte: UInt8 = 0
                for i in 0..<min(8, width - x) { byte |= unsafe (from[x + i] & 1) << UInt8(7 - i) }
                unsafe to[x >> 3] = byte
            }
        case 8: unsafe to.update(from: from, count: width)
        case 24:
            for x in 0..<width {
                unsafe to[3 &* x] = from[3 &* x &+ 2]
                unsafe to[3 &* x &+ 1] = from[3 &* x &+ 1]
                unsafe to[3 &* x &+ 2] = from[3 &* x]
            }
        default:
            for x in 0..<width {
                unsafe to[4 &* x] = from[4 &* x &+ 2]
                unsafe to[4 &* x &+ 1] = from[4 &* x &+ 1]
                unsafe to[4 &* x &+ 2] = from[4 &* x]
                unsafe to[4 &* x &+ 3] = from[4 &* x &+ 3]
            }
        }
    }
}
