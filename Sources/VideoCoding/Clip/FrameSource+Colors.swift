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
                colors.add(bytes, channels: isGray ? 1 : 3)
                if colors.isBeyond { return nil }
                index += 1
            }
        } catch {
            throw error.inField("frames[\(index)]")
        }
        return colors.count
    }
}
