/// Device values of a matrix and curve profile to sRGB.
///
/// Both meet in XYZ under D50, the connection space of ICC profiles, so that no other adaptation is needed.
struct SRGBConversion {
    /// Linear device red, green, blue to linear sRGB, row by row.
    private let matrix: [Double]
    /// For each device value of 8 bits, its linear light; three curves, one after the other.
    private let curves8: [Double]
    private let curves: [ICCProfile.Curve]
    /// The 8-bit sample of linear light k / 65535. Always 65536.
    private static let encoded8: [UInt8] = (0...65535).map { UInt8(encode(Double($0) / 65535) * 255 + 0.5) }

    /// XYZ under D50 to linear sRGB: the inverse of the colorants of the sRGB profile (IEC 61966-2-1 primaries,
    /// adapted from D65 to D50 by the Bradford transform).
    private static let fromXYZ: [Double] = [
        3.134274306, -1.617274017, -0.490734803, -0.978795574, 1.916161596, 0.033454050,
        0.071978551, -0.228989891, 1.405748369,
    ]

    init(_ profile: ICCProfile) {
        let columns = profile.matrix
        if profile.model == .rgb, columns.count == 9 {
            var product = [Double](repeating: 0, count: 9)
            for row in 0..<3 {
                for column in 0..<3 {
                    for k in 0..<3 { product[3 * row + column] += Self.fromXYZ[3 * row + k] * columns[3 * k + column] }
                }
            }
            matrix = product
        } else {
            matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        }
        curves = profile.curves.count == 3 ? profile.curves : [ICCProfile.Curve](repeating: profile.curves[0], count: 3)
        curves8 = curves.flatMap { curve in (0..<256).map { Self.clamp(curve(Double($0) / 255)) } }
    }

    /// Converts a palette's colour.
    func color(_ color: Palette.Color) -> Palette.Color {
        var samples = [color.red, color.green, color.blue]
        unsafe samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe convert8(base, count: 1, channels: 3, isGray: false, maximum: 255)
        }
        return Palette.Color(red: samples[0], green: samples[1], blue: samples[2], alpha: color.alpha)
    }

    /// Converts pixels of up to 8 bits in place.
    func convert8(_ pixels: UnsafeMutablePointer<UInt8>, count: Int, channels: Int, isGray: Bool, maximum: Int) {
        guard !isGray else {
            var table = [UInt8](repeating: 0, count: 256)
            for v in 0...maximum {
                let light = Self.clamp(curves[0](Double(v) / Double(maximum)))
                table[v] = UInt8(Self.encode(light) * Double(maximum) + 0.5)
            }
            for i in 0..<count { unsafe pixels[i * channels] = unsafe table[Int(pixels[i * channels])] }
            return
        }
        unsafe curves8.withUnsafeBufferPointer { curve in
            unsafe Self.encoded8.withUnsafeBufferPointer { encoded in
                unsafe matrix.withUnsafeBufferPointer { m in
                    for i in 0..<count {
                        let p = unsafe pixels + i * channels
                        let r = unsafe curve[Int(p[0])]
                        let g = unsafe curve[256 + Int(p[1])]
                        let b = unsafe curve[512 + Int(p[2])]
                        unsafe p[0] = unsafe encoded[Self.index(m[0] * r + m[1] * g + m[2] * b)]
                        unsafe p[1] = unsafe encoded[Self.index(m[3] * r + m[4] * g + m[5] * b)]
                        unsafe p[2] = unsafe encoded[Self.index(m[6] * r + m[7] * g + m[8] * b)]
                    }
                }
            }
        }
    }

    /// Converts 16-bit pixels in place.
    func convert16(_ pixels: UnsafeMutablePointer<UInt16>, count: Int, channels: Int, isGray: Bool) {
        // A table of all 65536 values for each channel: curves are the costly part.
        let light = (isGray ? [curves[0]] : curves).map { curve in
            (0...65535).map { Self.clamp(curve(Double($0) / 65535)) }
        }
        for i in 0..<count {
            let p = unsafe pixels + i * channels
            if isGray {
                unsafe p[0] = unsafe Self.encoded16(light[0][Int(p[0])])
                continue
            }
            let r = unsafe light[0][Int(p[0])]
            let g = unsafe light[1][Int(p[1])]
            let b = unsafe light[2][Int(p[2])]
            unsafe p[0] = Self.encoded16(matrix[0] * r + matrix[1] * g + matrix[2] * b)
            unsafe p[1] = Self.encoded16(matrix[3] * r + matrix[4] * g + matrix[5] * b)
            unsafe p[2] = Self.encoded16(matrix[6] * r + matrix[7] * g + matrix[8] * b)
        }
    }

    private static func index(_ light: Double) -> Int { Int(clamp(light) * 65535 + 0.5) }

    private static func encoded16(_ light: Double) -> UInt16 { UInt16(encode(clamp(light)) * 65535 + 0.5) }

    /// 0…1, and 0 for what is not a number.
    private static func clamp(_ x: Double) -> Double { x > 0 ? (x < 1 ? x : 1) : 0 }

    /// IEC 61966-2-1: linear light to sRGB.
    private static func encode(_ light: Double) -> Double {
        light <= 0.0031308 ? 12.92 * light : min(1, 1.055 * Power.of(light, 1 / 2.4) - 0.055)
    }
}
