import MediaCore
import TensorIO
import VideoCoding

/// GIF files of strangers: walked through, and every frame decoded.
struct GIFTarget {
    let contents: FileContents
    let limits: Limits

    func run() throws(MediaError) {
        let decoder = try GIFDecoder(contents, limits: limits)
        precondition(decoder.file.frames.count > 0 && decoder.file.seconds >= 0)
        var row = [UInt8](repeating: 0, count: decoder.width * 4)
        var index = 0
        while index < 64, let frame = try decoder.frame(index) {
            var tally = PixelTally()
            var span = row.mutableSpan
            var bytes = span.mutableBytes
            try frame.fill(rows: frame.height - 1..<frame.height, into: &bytes, tally: &tally)
            index += 1
        }
        if let rate = decoder.file.frameRate { precondition(rate.numerator > 0) }
    }
}

/// Files of video of strangers: every packet passed over, the first frames decoded.
struct VideoTarget {
    let contents: FileContents
    let limits: Limits

    func run() throws(MediaError) {
        let decoder = try VideoDecoder(contents, limits: limits)
        let file = decoder.file
        precondition(file.frameCount > 0 && file.width > 0 && file.height > 0)
        precondition(zip(file.times, file.times.dropFirst()).allSatisfy { $0 <= $1 } && file.times.first == 0)
        for index in 0..<min(8, file.frameCount) {
            guard let frame = try decoder.frame(index) else { return }
            precondition(frame.width == file.width && frame.height == file.height)
        }
    }
}

/// Clips that a fuzzer makes up, written as GIF and read back with giflib.
///
/// The first bytes say how large the clip is and how it is written, then come colours and pixels. A file that is refused, has
/// other frames or, where the report says exact, other pixels, ends the process.
struct GIFEncodingTarget {
    private var bytes: [UInt8]
    private var place = 0

    init(_ bytes: RawSpan) { self.bytes = bytes.withUnsafeBytes { [UInt8]($0) } }

    mutating func run() throws(MediaError) {
        let width = 1 + next() % 80, height = 1 + next() % 60, frames = 1 + next() % 6
        let isGray = next() % 4 == 0
        let channels = isGray ? 1 : 3
        // Indices of few colours, or bytes as they come.
        let colors = next()
        let isNoise = next() % 2 == 0
        var pixels: [UInt8] = []
        let count = width * height * frames
        let table = (0..<colors * channels).map { _ in UInt8(next()) }
        var state = UInt32(next()) << 8 | UInt32(next()) | 1
        func random() -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 16)
        }
        while pixels.count < count * channels {
            let value = isNoise ? random() : place < bytes.count ? next() : random() % 7
            let run = random() % 16 == 0 ? 1 + random() % 600 : 1
            for _ in 0..<run {
                if colors == 0 {
                    for channel in 0..<channels { pixels.append(UInt8(truncatingIfNeeded: value &* (1 + 2 * channel))) }
                } else {
                    let start = value % colors * channels
                    pixels += table[start..<start + channels]
                }
            }
        }
        pixels.removeLast(pixels.count - count * channels)
        try encode(pixels, [frames, height, width, channels])
    }

    private mutating func encode(_ pixels: [UInt8], _ shape: [Int]) throws(MediaError) {
        var encoder = GIFEncoder(preset: ClipPreset.allCases[next() % 4])
        switch next() % 4 {
        case 0: encoder.dithering = .none
        case 1: encoder.dithering = .diffusion(strength: Double(next()) / 255)
        case 2: encoder.dithering = .ordered(strength: Double(next()) / 255)
        default: break
        }
        if next() % 3 == 0 { encoder.pool = WorkerPool(threadCount: 2) }
        let sources = try Tensor(pixels, shape: shape).pictures(PictureOptions { $0.layout = .nhwc })
        let sink = MemorySink()
        let report = try encoder.encode(
            try ArrayFrames(sources, frameRate: try FrameRate(1 + next() % 50)), to: sink)
        let decoder: GIFDecoder
        do throws(MediaError) {
            decoder = try GIFDecoder(FileContents(bytes: sink.bytes, name: "own"))
        } catch { preconditionFailure("our own file is refused: \(error)") }
        precondition(decoder.file.frames.count == shape[0] && report.frameCount == shape[0], "other frames")
        precondition((decoder.file.seconds - report.seconds).magnitude < 1e-9, "other times")
        for index in 0..<shape[0] {
            let frame: (any PixelSource)?
            do throws(MediaError) { frame = try decoder.frame(index) } catch {
                preconditionFailure("our own frame \(index) is damaged: \(error)")
            }
            guard let frame, report.exactFrameCount == report.frameCount else { continue }
            try compare(frame, pixels, index, shape)
        }
    }

    private func compare(
        _ frame: any PixelSource, _ pixels: [UInt8], _ index: Int, _ shape: [Int]
    ) throws(MediaError) {
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        var shown = [UInt8](repeating: 0, count: width * height * 4)
        var tally = PixelTally()
        var span = shown.mutableSpan
        var band = span.mutableBytes
        try frame.fill(rows: 0..<height, into: &band, tally: &tally)
        for pixel in 0..<width * height {
            let start = (index * width * height + pixel) * channels
            for channel in 0..<3 {
                let expected = pixels[start + (channels == 1 ? 0 : channel)]
                precondition(shown[pixel * 4 + channel] == expected, "another pixel in an exact clip")
            }
            precondition(shown[pixel * 4 + 3] == 255, "a clear pixel")
        }
    }

    private mutating func next() -> Int {
        guard place < bytes.count else { return 0 }
        defer { place += 1 }
        return Int(bytes[place])
    }
}
