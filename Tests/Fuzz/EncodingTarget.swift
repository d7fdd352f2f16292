import ImageCoding
import MediaCore
import TensorIO

/// Pictures that a fuzzer makes up, written as PNG and read back with libpng.
///
/// The first bytes say what the picture is like and how it is written; the rest is its content, or begins it. A file that
/// libpng reads otherwise, or that is larger than promised, ends the process.
struct EncodingTarget {
    private var bytes: [UInt8]
    private var place = 0

    init(_ bytes: RawSpan) { self.bytes = bytes.withUnsafeBytes { [UInt8]($0) } }

    mutating func run() throws(MediaError) {
        let kind = next()
        let source: any PixelSource = kind % 4 == 0 ? try tensor() : try pixels()
        let expected = try rows(of: source)
        var options = PNGEncoder.Options(preset: EncodingPreset.allCases[next() % EncodingPreset.allCases.count])
        options.reduction = .never
        let threads = next() % 4
        if threads > 1 { options.pool = WorkerPool(threadCount: threads) }
        if next() % 8 == 0 { options.metadata.texts = [.init("Title", "a picture")] }
        let isStored = next() % 16 == 0
        CPULevel.force(CPULevel.available[next() % CPULevel.available.count])
        defer { CPULevel.force(nil) }
        let encoder = PNGEncoder(options)
        // An encoder that has worked before must do the same again.
        for _ in 0..<2 {
            let sink = MemorySink()
            let report = try encoder.encode(source, to: sink, stored: isStored, cancellation: nil)
            let file = sink.takeBytes()
            let image = try decode(file)
            precondition(image.width == source.width && image.height == source.height, "another size")
            // Indices take as many bits in the file as the palette needs.
            let isSameFormat = image.format == (image.palette == nil ? source.format : report.format)
            precondition(isSameFormat && image.palette == source.palette, "another format")
            precondition(image.pixels == expected, "other pixels")
            precondition(image.findings.isEmpty && report.byteCount == file.count, "findings")
            let raw = source.height * ((source.width * report.format.channels * report.format.bits + 7) / 8)
            let extra = (source.palette?.colors.count ?? 0) * 4 + 100 + (options.metadata.texts.isEmpty ? 0 : 40)
            precondition(file.count <= raw + source.height + raw / 5000 + extra, "larger than promised")
        }
    }

    private func decode(_ file: [UInt8]) throws(MediaError) -> DecodedImage {
        do throws(MediaError) {
            return try PNGDecoder().decode(file.span.bytes)
        } catch {
            preconditionFailure("libpng refuses the file: \(error)")
        }
    }

    /// All rows, asked for one by one from the last to the first.
    private func rows(of source: any PixelSource) throws(MediaError) -> [UInt8] {
        let pitch = source.bytesPerRow
        var all = [UInt8](repeating: 0, count: pitch * source.height)
        var row = [UInt8](repeating: 0, count: pitch)
        var tally = PixelTally()
        for y in (0..<source.height).reversed() {
            var span = row.mutableSpan
            var memory = span.mutableBytes
            try source.fill(rows: y..<y + 1, into: &memory, tally: &tally)
            for x in 0..<pitch { all[y * pitch + x] = row[x] }
        }
        return all
    }

    // MARK: Sources

    private mutating func pixels() throws(MediaError) -> any PixelSource {
        let models = PixelFormat.Model.allCases
        let formats = models.flatMap { model in [1, 2, 4, 8, 16].compactMap { PixelFormat(model: model, bits: $0) } }
        let format = formats[next() % formats.count]
        let (width, height) = size(bytesPerPixel: format.bytesPerPixel)
        var palette: Palette?
        var most = format.maximum
        if format.model == .indexed {
            let colors = 1 + next() % min(256, 1 << format.bits)
            most = colors - 1
            var entries: [Palette.Color] = []
            for index in 0..<colors {
                let blue = UInt8(truncatingIfNeeded: index)
                entries.append(Palette.Color(red: blue &* 37, green: blue &* 91, blue: blue))
            }
            palette = Palette(entries)
        }
        var samples = content(width * format.bytesPerPixel, height, pixel: format.bytesPerPixel)
        if format.bits < 8 || format.model == .indexed {
            for i in samples.indices { samples[i] = UInt8(Int(samples[i]) % (most + 1)) }
        }
        return FuzzedPixels(width: width, height: height, format: format, palette: palette, bytes: samples)
    }

    private mutating func tensor() throws(MediaError) -> any PixelSource {
        let counts: [Int] = [1, 3, 4]
        let channels = counts[next() % 3]
        let type = next() % 3
        let widths: [Int] = [1, 2, 4]
        let (width, height) = size(bytesPerPixel: channels * widths[type])
        let values = content(width * channels, height, pixel: channels)
        let isPlanar = next() % 2 == 1
        let shape: [Int] = isPlanar ? [channels, height, width] : [height, width, channels]
        var tensor = try tensor(of: values, type: type, shape: shape)
        var options = PictureOptions()
        options.layout = isPlanar ? .chw : .hwc
        if type == 2 { options.mapping = .unit }
        let view = next() % 4
        if view == 0 {
            // Columns for rows, which nothing can read in one piece.
            let order: [Int] = isPlanar ? [0, 2, 1] : [1, 0, 2]
            tensor = try tensor.transposed(order)
        } else if view == 1, width > 2 {
            tensor = try tensor.slice(axis: isPlanar ? 2 : 1, 1..<width)
        }
        return try tensor.picture(options)
    }

    private func tensor(of values: [UInt8], type: Int, shape: [Int]) throws(MediaError) -> Tensor {
        switch type {
        case 0: return try Tensor(values, shape: shape)
        case 1:
            let wide = values.map { (value: UInt8) -> UInt16 in UInt16(value) << 8 | UInt16(value ^ 0x5A) }
            return try Tensor(wide, shape: shape)
        default:
            let numbers = values.map { (value: UInt8) -> Float in Float(value) / 255 }
            return try Tensor(numbers, shape: shape)
        }
    }

    /// Small ones mostly; some of several bands, some with rows longer than a band.
    private mutating func size(bytesPerPixel: Int) -> (Int, Int) {
        let (kind, a, b) = (next() % 8, next() << 8 | next(), next() << 8 | next())
        var (width, height) = (1 + a % 700, 1 + b % 300)
        if kind == 0 { (width, height) = (1 + a % 8, 1 + b % 8) }
        if kind == 1 { (width, height) = (1 + a, 1 + b % 3) }
        if kind == 2 { (width, height) = (1 + a % 3, 1 + b % 20_000) }
        if kind == 3 { (width, height) = (1 + a % 40, 1 + b % 40) }
        return (width, max(1, min(height, 500_000 / (width * bytesPerPixel))))
    }

    private mutating func content(_ stride: Int, _ height: Int, pixel: Int) -> [UInt8] {
        let (kind, parameter) = (next() % 8, 1 + next())
        var state = UInt32(truncatingIfNeeded: next() << 16 | parameter << 8 | 1)
        func noise() -> Int {
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return Int(state >> 7)
        }
        let given = Array(bytes[min(place, bytes.count)...])
        let count = stride * height
        var result = [UInt8](repeating: 0, count: count)
        for i in 0..<count {
            let (x, y) = (i % stride, i / stride)
            let value: Int
            switch kind {
            case 0: value = noise()
            case 1: value = x / parameter + y * 3 + noise() % 2
            case 2: value = parameter
            case 3: value = (x / parameter * 31 + y / parameter * 17) % 5 * 50
            case 4:
                let isCopy = noise() % parameter > 0 && i >= pixel * parameter
                value = isCopy ? Int(result[i - pixel * parameter]) : noise()
            case 5: value = i & 127 < 16 ? noise() & 3 : 16 + noise() % 200
            case 6: value = noise() % 64 > 0 && y > 0 ? Int(result[i - stride]) : noise()
            default: value = given.isEmpty ? 0 : Int(given[i % given.count])
            }
            result[i] = UInt8(truncatingIfNeeded: value)
        }
        for (i, byte) in given.prefix(count).enumerated() where kind < 7 && i & 3 == 0 { result[i] ^= byte }
        return result
    }

    private mutating func next() -> Int {
        defer { place += 1 }
        return place < bytes.count ? Int(bytes[place]) : 0
    }
}

/// Pixels as they lie in a band.
private struct FuzzedPixels: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    let palette: Palette?
    let bytes: [UInt8]

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        bytes.withUnsafeBytes { all in
            band.withUnsafeMutableBytes { band in
                band.copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: all[rows.lowerBound * bytesPerRow..<rows.upperBound * bytesPerRow]))
            }
        }
    }
}
