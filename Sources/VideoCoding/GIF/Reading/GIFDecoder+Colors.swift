import ImageCoding
import MediaCore

extension GIFDecoder {
    /// What the frames show: how many different colours, and whether any pixel is clear.
    public struct Contents: Sendable, Hashable {
        /// How many colours there are, at most the limit that was given; clear pixels have none.
        public var colorCount = 0
        /// Whether a pixel of a frame is clear.
        public var hasClearPixels = false
    }

    /// Looks at every pixel of every frame.
    ///
    /// - Parameters:
    ///   - limit: how many colours are told apart.
    ///   - cancellation: looked at between frames.
    /// - Throws: what decoding throws; `work.cancelled`.
    public func contents(
        countingTo limit: Int = 1 << 20, cancellation: CancellationFlag? = nil
    ) throws(MediaError) -> Contents {
        var found = Contents()
        var colors = ColorCounter(limit: limit)
        var band = [UInt8](repeating: 0, count: width * height * 4)
        var index = 0
        while let frame = try frame(index) {
            try cancellation?.check()
            var tally = PixelTally()
            try frame.fillAll(&band, tally: &tally)
            for place in stride(from: 0, to: band.count, by: 4) {
                let opacity = band[place + 3]
                if opacity == 0 {
                    found.hasClearPixels = true
                    continue
                }
                colors.add(UInt32(band[place]) | UInt32(band[place + 1]) << 8 | UInt32(band[place + 2]) << 16)
            }
            index += 1
        }
        found.colorCount = min(colors.count, limit)
        return found
    }
}
