/// How pixels become those of a smaller format that shows the same.
struct PNGReduction: Sendable {
    /// What a pixel of the source is.
    let from: PixelFormat
    /// What it becomes.
    let to: PixelFormat
    /// The colours of indices; not `nil` exactly when ``to`` is indexed.
    let palette: Palette?
    /// The numbers of those colours.
    let colors: PNGColorTable?

    /// Rewrites pixels in place: the result, which is smaller, begins where they begin.
    func apply(to bytes: UnsafeMutablePointer<UInt8>, pixels: Int) {
        let step = from.bytesPerPixel
        if let colors {
            for pixel in 0..<pixels {
                unsafe bytes[pixel] = colors.number(of: Self.color(bytes + (pixel &* step), from))
            }
            return
        }
        // The samples that stay: gray is the red one, opacity the last.
        let count = to.channels
        let last = to.hasAlpha ? from.channels - 1 : count - 1
        let (wide, narrow) = (from.bytesPerSample, to.bytesPerSample)
        let divisor = to.bits < 8 ? UInt8(255 / to.maximum) : 1
        for pixel in 0..<pixels {
            for index in 0..<count {
                let channel = index == count &- 1 ? last : index
                let place = unsafe bytes + (pixel &* step &+ channel &* wide)
                let target = unsafe bytes + (pixel &* count &+ index) &* narrow
                unsafe target[0] = place[0] / divisor
                if narrow == 2 { unsafe target[1] = place[1] }
            }
        }
    }

    /// The pixel's colour in 8 bits each: red highest, opacity lowest. Of 16-bit samples, the high byte.
    @inline(__always)
    static func color(_ place: UnsafePointer<UInt8>, _ format: PixelFormat) -> UInt32 {
        let width = format.bytesPerSample
        @inline(__always) func sample(_ index: Int) -> UInt32 {
            // The bytes of a sample that is looked at here are equal.
            unsafe UInt32(place[index &* width])
        }
        switch format.model {
        case .gray, .indexed: return sample(0) &* 0x0101_0100 | 255
        case .grayAlpha: return sample(0) &* 0x0101_0100 | sample(1)
        case .rgb: return sample(0) << 24 | sample(1) << 16 | sample(2) << 8 | 255
        case .rgba: return sample(0) << 24 | sample(1) << 16 | sample(2) << 8 | sample(3)
        }
    }
}
