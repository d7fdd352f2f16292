import MediaCore

/// The parts of an ICC profile (ICC.1:2010 and ICC.1:2022) that turn device values into light: a matrix and a curve per
/// channel, or one curve for gray.
struct ICCProfile {
    /// A tone curve: device value 0…1 to linear light 0…1.
    enum Curve {
        /// `curv` with 0 or 1 entries: a power.
        case power(Double)
        /// `curv` with a table, linear in between.
        case table([Double])
        /// `para`: function type 0…4 and its parameters g, a, b, c, d, e, f.
        case parametric(Int, [Double])

        /// The curve at `x`, which is in 0…1.
        func callAsFunction(_ x: Double) -> Double {
            switch self {
            case .power(let gamma): return Power.of(x, gamma)
            case .table(let values):
                let place = x * Double(values.count - 1)
                let low = min(max(Int(place), 0), values.count - 2)
                return values[low] + (values[low + 1] - values[low]) * (place - Double(low))
            case .parametric(let type, let p): return Self.parametric(type, p, x)
            }
        }

        /// ICC.1:2010, table 65.
        private static func parametric(_ type: Int, _ p: [Double], _ x: Double) -> Double {
            let g = p[0], a = p[1], b = p[2], c = p[3], d = p[4], e = p[5], f = p[6]
            switch type {
            case 0: return Power.of(x, g)
            case 1: return a != 0 && x >= -b / a ? Power.of(a * x + b, g) : 0
            case 2: return a != 0 && x >= -b / a ? Power.of(a * x + b, g) + c : c
            case 3: return x >= d ? Power.of(a * x + b, g) : c * x
            default: return x >= d ? Power.of(a * x + b, g) + e : c * x + f
            }
        }
    }

    /// What the profile is for.
    enum Model: Equatable {
        case gray
        case rgb
    }

    /// What the profile is for.
    var model: Model
    /// One curve for gray, three for RGB.
    var curves: [Curve]
    /// Linear red, green, blue to XYZ under D50, row by row.
    var matrix: [Double]

    /// Whether a profile's device space is that of pixels of `model`. What cannot be read does not fit.
    static func fits(_ profile: [UInt8], _ model: PixelFormat.Model) -> Bool {
        guard profile.count >= 128 else { return false }
        let space = String(decoding: profile[16..<20], as: UTF8.self)
        switch model {
        case .gray, .grayAlpha: return space == "GRAY"
        case .rgb, .rgba, .indexed: return space == "RGB "
        }
    }

    /// Reads a profile.
    ///
    /// - Throws: `format.malformed` for a broken profile; `format.unsupported` for one that works by tables (`A2B0`
    ///   alone), or for inks.
    static func read(_ bytes: [UInt8]) throws(MediaError) -> ICCProfile {
        let tags = try ICCTags(bytes)
        switch tags.colorSpace {
        case "RGB ":
            guard tags.has("rXYZ"), tags.has("rTRC") else { throw tables(tags.colorSpace) }
            let columns = [try tags.xyz("rXYZ"), try tags.xyz("gXYZ"), try tags.xyz("bXYZ")]
            let matrix = (0..<9).map { columns[$0 % 3][$0 / 3] }
            let curves = [try tags.curve("rTRC"), try tags.curve("gTRC"), try tags.curve("bTRC")]
            return ICCProfile(model: .rgb, curves: curves, matrix: matrix)
        case "GRAY":
            guard tags.has("kTRC") else { throw tables(tags.colorSpace) }
            return ICCProfile(model: .gray, curves: [try tags.curve("kTRC")], matrix: [])
        default: throw tables(tags.colorSpace)
        }
    }

    private static func tables(_ space: String) -> MediaError {
        MediaError(
            .unsupported, "the colour profile for \"\(space)\" works by tables, not by a matrix and curves",
            hint: "convert the picture to sRGB in a picture editor, or keep its profile", at: .init(field: "profile"))
    }
}
