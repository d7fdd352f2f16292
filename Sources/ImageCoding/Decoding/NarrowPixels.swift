/// The loops behind ``NarrowRows``: one for each way in which a pixel can be stored.
struct NarrowPixels: Sendable {
    /// Bytes of a pixel of the source.
    let step: Int
    /// Samples of a pixel of the target, a byte each: 1, 3 or 4.
    let channels: Int
    /// What lies behind translucent pixels; `nil` to leave opacity alone.
    let background: Palette.Color?

    /// Converts as many pixels as both buffers hold.
    ///
    /// - Parameter colors: what samples of up to 8 bits of one channel stand for; 256 of them.
    func convert(
        _ from: UnsafeRawBufferPointer, _ to: UnsafeMutableRawBufferPointer, model: PixelFormat.Model, isWide: Bool,
        colors: [Palette.Color]
    ) {
        guard let source = from.baseAddress, let target = to.baseAddress, colors.count == 256 else { return }
        let count = min(from.count / step, to.count / channels)
        switch (model, isWide) {
        case (.gray, false), (.indexed, _):
            unsafe colors.withUnsafeBufferPointer { colors in
                unsafe each(source, target, count) { unsafe colors[Int($0.load(as: UInt8.self))] }
            }
        case (.gray, true):
            unsafe each(source, target, count) { pixel in
                let level = unsafe Self.narrow(pixel, 0)
                return Palette.Color(red: level, green: level, blue: level)
            }
        case (.grayAlpha, false):
            unsafe each(source, target, count) { pixel in
                let level = unsafe pixel.load(as: UInt8.self)
                return unsafe over(
                    Palette.Color(
                        red: level, green: level, blue: level, alpha: pixel.load(fromByteOffset: 1, as: UInt8.self)))
            }
        case (.grayAlpha, true):
            unsafe each(source, target, count) { pixel in
                let level = unsafe Self.narrow(pixel, 0)
                return unsafe over(
                    Palette.Color(red: level, green: level, blue: level, alpha: Self.narrow(pixel, 1)))
            }
        case (.rgb, false), (.rgba, false):
            let hasAlpha = step == 4
            unsafe each(source, target, count) { pixel in
                unsafe over(
                    Palette.Color(
                        red: pixel.load(as: UInt8.self), green: pixel.load(fromByteOffset: 1, as: UInt8.self),
                        blue: pixel.load(fromByteOffset: 2, as: UInt8.self),
                        alpha: hasAlpha ? pixel.load(fromByteOffset: 3, as: UInt8.self) : 255))
            }
        case (.rgb, true), (.rgba, true):
            let hasAlpha = step == 8
            unsafe each(source, target, count) { pixel in
                unsafe over(
                    Palette.Color(
                        red: Self.narrow(pixel, 0), green: Self.narrow(pixel, 1), blue: Self.narrow(pixel, 2),
                        alpha: hasAlpha ? Self.narrow(pixel, 3) : 255))
            }
        }
    }

    @inline(__always)
    private func each(
        _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int,
        _ color: (UnsafeRawPointer) -> Palette.Color
    ) {
        for i in 0..<count {
            let value = unsafe color(source + i &* step)
            let place = unsafe target + i &* channels
            unsafe place.storeBytes(of: value.red, as: UInt8.self)
            guard channels >= 3 else { continue }
            unsafe place.storeBytes(of: value.green, toByteOffset: 1, as: UInt8.self)
            unsafe place.storeBytes(of: value.blue, toByteOffset: 2, as: UInt8.self)
            if channels == 4 { unsafe place.storeBytes(of: value.alpha, toByteOffset: 3, as: UInt8.self) }
        }
    }

    @inline(__always)
    private func over(_ color: Palette.Color) -> Palette.Color {
        guard let background else { return color }
        return NarrowRows.lay(color, over: background)
    }

    /// The nearest 8-bit sample of a 16-bit one: round(v / 257).
    @inline(__always)
    private static func narrow(_ pixel: UnsafeRawPointer, _ channel: Int) -> UInt8 {
        let value = unsafe UInt32(pixel.loadUnaligned(fromByteOffset: 2 &* channel, as: UInt16.self))
        return UInt8(truncatingIfNeeded: (value &* 255 &+ 32895) &>> 16)
    }
}
