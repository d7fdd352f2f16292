public import ImageCoding
public import MediaCore

extension FrameSource {
    /// How many different colours the frames show, opacity laid over white; `nil` for more than `limit`, after which no frame is
    /// asked for.
    ///
    /// One frame is held in memory. A source that can be read only once is used up.
    /// - Parameters:
    ///   - limit: how many colours are told apart; 256 are what a GIF can show at once.
    ///   - cancellation: looked at between frames.
    /// - Throws: what the source throws, naming the frame; `work.cancelled`.
    public func colorCount(
        upTo limit: Int = 256, cancellation: CancellationFlag? = nil
    ) throws(MediaError) -> Int? {
        let isGray = format.model == .gray
        let shown: PixelFormat = isGray ? .gray : .rgb
        var colors = ColorCounter(limit: limit)
        var bytes: [UInt8] = []
        var index = 0
        do throws(MediaError) {
            while let frame = try frame(index) {
                try cancellation?.check()
                let picture: any PixelSource =
                    frame.format == shown ? frame : try ConvertedSource(frame, to: shown)
                let (count, overflow) = picture.bytesPerRow.multipliedReportingOverflow(by: picture.height)
                guard !overflow else {
                    throw MediaError(.limitExceeded, "a frame of \(picture.width)×\(picture.height) pixels")
                }
                if bytes.count != count { bytes = [UInt8](repeating: 0, count: count) }
                var tally = PixelTally()
                try picture.fillAll(&bytes, tally: &tally)
                guard colors.add(bytes, channels: isGray ? 1 : 3) else { return nil }
                index += 1
            }
        } catch {
            throw error.inField("frames[\(index)]")
        }
        return colors.count
    }
}

/// Tells some colours apart.
private struct ColorCounter {
    private let limit: Int
    private var seen: Set<UInt32> = []
    /// Colours met before, a place for each of many: most pixels are answered here.
    private var recent = [UInt32](repeating: .max, count: 1024)
    var count: Int { seen.count }

    init(limit: Int) { self.limit = limit }

    /// Adds the pixels of a frame; `false` when there are more colours than the limit.
    mutating func add(_ bytes: [UInt8], channels: Int) -> Bool {
        for place in stride(from: 0, to: bytes.count - channels + 1, by: channels) {
            var color = UInt32(bytes[place])
            if channels == 3 { color |= UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16 }
            let spot = Int((color &* 0x9E37_79B1) >> 22)
            guard recent[spot] != color else { continue }
            recent[spot] = color
            if seen.insert(color).inserted, seen.count > limit { return false }
        }
        return true
    }
}
