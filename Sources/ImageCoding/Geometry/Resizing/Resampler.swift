import MediaCore

/// The two passes of a weighted resize, over bands of new rows.
struct Resampler: Sendable {
    private let columns: ResizeWeights
    private let rows: ResizeWeights
    private let width: Int
    private let codec: SampleCodec

    init(_ source: any PixelSource, width: Int, height: Int, filter: ResizeFilter, light: ResizedSource.Light) {
        columns = ResizeWeights(from: source.width, to: width, filter: filter)
        rows = ResizeWeights(from: source.height, to: height, filter: filter)
        self.width = width
        codec = SampleCodec(format: source.format, light: light)
    }

    func fill(
        rows wanted: Range<Int>, from source: any PixelSource, into band: inout MutableRawSpan,
        tally: inout PixelTally
    ) throws(MediaError) {
        let samples = width * source.format.channels
        // New rows that are summed up at the same time: enough that old rows are seldom needed twice.
        let group = max(1, min(wanted.count, max(16, (1 << 20) / (samples * 4))))
        let sums = ScratchRows(byteCount: group * samples * 4)
        let line = ScratchRows(byteCount: samples * 4)
        let oldSamples = source.width * source.format.channels
        let oldLine = ScratchRows(byteCount: oldSamples * 4)
        let step = ScratchRows.rowsPerStep(bytesPerRow: source.bytesPerRow, count: source.height)
        let old = ScratchRows(byteCount: step * source.bytesPerRow)
        let stride = width * source.format.bytesPerPixel
        var counts = PixelTally()
        try unsafe band.withBytes(for: source.format) { (band) throws(MediaError) in
            guard let target = band.baseAddress, let sumsBase = unsafe sums.bytes.baseAddress,
                let line = unsafe line.bytes.baseAddress?.assumingMemoryBound(to: Float.self),
                let oldLine = unsafe oldLine.bytes.baseAddress?.assumingMemoryBound(to: Float.self),
                let oldBytes = unsafe UnsafeRawPointer(old.bytes.baseAddress)
            else { return }
            let sums = unsafe sumsBase.assumingMemoryBound(to: Float.self)
            var first = wanted.lowerBound
            while first < wanted.upperBound {
                let part = first..<min(wanted.upperBound, first + group)
                for i in 0..<part.count * samples { unsafe sums[i] = 0 }
                let needed = rows.windows[part.lowerBound].lowerBound..<rows.windows[part.upperBound - 1].upperBound
                var open = part.lowerBound  // rows before this one have all they need
                var next = needed.lowerBound
                // What an old row loses is counted by the first new row that is made of it.
                let counted = part.lowerBound == 0 ? 0 : rows.windows[part.lowerBound - 1].upperBound
                while next < needed.upperBound {
                    let end = next < counted ? min(counted, needed.upperBound) : needed.upperBound
                    let chunk = next..<min(end, next + step)
                    if next < counted {
                        var again = PixelTally()
                        try old.fill(from: source, rows: chunk, tally: &again)
                    } else {
                        try old.fill(from: source, rows: chunk, tally: &counts)
                    }
                    for row in chunk {
                        unsafe codec.decode(
                            oldBytes + (row - chunk.lowerBound) * source.bytesPerRow, oldLine, count: source.width)
                        unsafe shrinkRow(oldLine, line)
                        while open < part.upperBound, rows.windows[open].upperBound <= row { open += 1 }
                        var new = open
                        while new < part.upperBound, rows.windows[new].lowerBound <= row {
                            let weight = rows.values[rows.starts[new] + row - rows.windows[new].lowerBound]
                            let sum = unsafe sums + (new - part.lowerBound) * samples
                            for i in 0..<samples { unsafe sum[i] += unsafe weight * line[i] }
                            new += 1
                        }
                    }
                    next = chunk.upperBound
                }
                for row in part {
                    unsafe codec.encode(
                        sums + (row - part.lowerBound) * samples, target + (row - wanted.lowerBound) * stride,
                        count: width)
                }
                first = part.upperBound
            }
        }
        tally.add(counts)
    }

    /// One row along its columns. Overshoot is cut off, as integer implementations do between the passes.
    @unsafe private func shrinkRow(_ old: UnsafePointer<Float>, _ new: UnsafeMutablePointer<Float>) {
        let largest = codec.largest
        unsafe columns.values.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            for x in 0..<width {
                let window = columns.windows[x]
                let weight = unsafe weights + columns.starts[x]
                switch codec.channels {
                case 1: unsafe Resampler.mix(1, old, window, weight, new + x, largest)
                case 2: unsafe Resampler.mix(2, old, window, weight, new + 2 &* x, largest)
                case 3: unsafe Resampler.mix(3, old, window, weight, new + 3 &* x, largest)
                default: unsafe Resampler.mix(4, old, window, weight, new + 4 &* x, largest)
                }
            }
        }
    }

    @inline(__always)
    private static func mix(
        _ channels: Int, _ old: UnsafePointer<Float>, _ window: Range<Int>, _ weight: UnsafePointer<Float>,
        _ new: UnsafeMutablePointer<Float>, _ largest: Float
    ) {
        var a: Float = 0, b: Float = 0, c: Float = 0, d: Float = 0
        var from = unsafe old + window.lowerBound &* channels
        for k in 0..<window.count {
            let w = unsafe weight[k]
            a += unsafe w * from[0]
            if channels > 1 { b += unsafe w * from[1] }
            if channels > 2 { c += unsafe w * from[2] }
            if channels > 3 { d += unsafe w * from[3] }
            unsafe from += channels
        }
        unsafe new[0] = clamp(a, largest)
        if channels > 1 { unsafe new[1] = clamp(b, largest) }
        if channels > 2 { unsafe new[2] = clamp(c, largest) }
        if channels > 3 { unsafe new[3] = clamp(d, largest) }
    }

    @inline(__always)
    private static func clamp(_ value: Float, _ largest: Float) -> Float {
        let positive = value > 0 ? value : 0
        return positive < largest ? positive : largest
    }
}
