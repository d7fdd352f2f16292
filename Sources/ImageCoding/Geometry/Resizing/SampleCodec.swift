/// Rows of samples to rows of numbers that can be mixed, and back.
///
/// Numbers are light 0…1 or samples 0…255, 0…65535; colours are multiplied by their opacity, which is 0…1.
struct SampleCodec: Sendable {
    /// How many samples a pixel has.
    let channels: Int
    /// The largest number.
    let largest: Float
    private let bits: Int
    private let hasAlpha: Bool
    private let isLinear: Bool
    private let table: [Float]

    init(format: PixelFormat, light: ResizedSource.Light) {
        channels = format.channels
        bits = format.bits
        hasAlpha = format.hasAlpha
        isLinear = light == .linear
        largest = isLinear ? 1 : Float(format.maximum)
        table = isLinear ? (bits == 16 ? LinearLight.of16Bits : LinearLight.of8Bits) : []
    }

    /// Samples to numbers.
    @unsafe func decode(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, count: Int) {
        if bits == 16 {
            unsafe decode(source.assumingMemoryBound(to: UInt16.self), target, count)
        } else {
            unsafe decode(source.assumingMemoryBound(to: UInt8.self), target, count)
        }
        guard hasAlpha else { return }
        // The opacity went through the table with the colours, so it is read again.
        let full = Float(bits == 16 ? 65535 : 255)
        for i in 0..<count {
            let last = i &* channels &+ channels &- 1
            let sample =
                bits == 16
                ? Float(unsafe source.load(fromByteOffset: 2 &* last, as: UInt16.self))
                : Float(unsafe source.load(fromByteOffset: last, as: UInt8.self))
            let alpha = sample / full
            for channel in i &* channels..<last { unsafe target[channel] *= alpha }
            unsafe target[last] = alpha
        }
    }

    @inline(__always)
    private func decode<Sample: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafePointer<Sample>, _ target: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        if isLinear {
            unsafe table.withUnsafeBufferPointer { table in
                guard let table = table.baseAddress else { return }
                for i in 0..<count &* channels { unsafe target[i] = unsafe table[Int(truncatingIfNeeded: source[i])] }
            }
        } else {
            for i in 0..<count &* channels {
                unsafe target[i] = Float(Int32(truncatingIfNeeded: unsafe source[i]))
            }
        }
    }

    /// Numbers to samples. The numbers are used up.
    @unsafe func encode(_ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutableRawPointer, count: Int) {
        let full = Float(bits == 16 ? 65535 : 255)
        if hasAlpha {
            for i in 0..<count {
                let last = i &* channels &+ channels &- 1
                let alpha = unsafe min(max(source[last], 0), 1)
                let scale = alpha > 0 ? 1 / alpha : 0
                for channel in i &* channels..<last { unsafe source[channel] *= scale }
                unsafe source[last] = alpha
            }
        }
        if bits == 16 {
            unsafe encode(source, target.assumingMemoryBound(to: UInt16.self), count, full)
        } else {
            unsafe encode(source, target.assumingMemoryBound(to: UInt8.self), count, full)
        }
    }

    @inline(__always)
    private func encode<Sample: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Sample>, _ count: Int, _ full: Float
    ) {
        let samples = count &* channels
        if isLinear {
            unsafe LinearLight.samples.withUnsafeBufferPointer { curve in
                guard let curve = curve.baseAddress else { return }
                for i in 0..<samples {
                    let light = unsafe source[i] > 0 ? source[i] : 0
                    let place = (light < 1 ? light : 1) * Float(LinearLight.steps)
                    let middle = place > 0.5 ? place - 0.5 : 0
                    // Adding 2²³ leaves the nearest whole number in the low bits.
                    let index = Int((middle + 8_388_608).bitPattern & 0x7F_FFFF)
                    let low = unsafe curve[index]
                    let sample = unsafe low + (curve[index &+ 1] - low) * (place - Float(index))
                    unsafe target[i] = SampleCodec.round(sample * full)
                }
            }
        } else {
            for i in 0..<samples {
                let positive = unsafe source[i] > 0 ? source[i] : 0
                unsafe target[i] = SampleCodec.round(positive < full ? positive : full)
            }
        }
        guard hasAlpha else { return }
        for i in 0..<count {
            let last = i &* channels &+ channels &- 1
            unsafe target[last] = unsafe SampleCodec.round(source[last] * full)
        }
    }

    /// The nearest whole number of a value in 0…65535, ties to even.
    @inline(__always)
    private static func round<Sample: FixedWidthInteger>(_ value: Float) -> Sample {
        Sample(truncatingIfNeeded: (value + 8_388_608).bitPattern)
    }
}
