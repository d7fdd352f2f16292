import MediaCore

extension GIFEncoder {
    /// How colours between those of a palette are shown. Frames of at most 256 colours are exact, whatever is said here.
    public enum Dithering: Sendable, Hashable {
        /// Error diffusion of strength 0.8 where the picture moves as a whole and has far more colours than a palette,
        /// otherwise none; `fastest` and `smallest` never dither. The default.
        case automatic
        /// Every pixel gets the nearest colour.
        case none
        /// What is wrong with a pixel is handed on to its neighbours (Floyd and Steinberg): nearest to the colours that were
        /// asked for, but restless where pictures move. The strength is how much is handed on, 0…1.
        case diffusion(strength: Double)
        /// Every pixel gets one of two colours, by its place: at rest where the picture is. The strength is how much of what
        /// lies between the two is made up for, 0…1.
        case ordered(strength: Double)

        /// The strength that looks best in most pictures.
        public static let usualStrength = 0.8

        /// - Throws: `argument.invalid` for a strength outside 0…1.
        func check() throws(MediaError) {
            switch self {
            case .automatic, .none: break
            case .diffusion(let strength), .ordered(let strength):
                guard (0...1).contains(strength) else {
                    throw MediaError(
                        .argumentInvalid, "a dithering of strength \(strength)", hint: "use 0 to 1",
                        at: .init(field: "dithering"))
                }
            }
        }

        /// Whether colours of pixels are those nearest to them, so that others can be seen to be nearer.
        var canRefine: Bool { self == .automatic || self == .none }

        /// A strength in 256ths.
        static func parts(_ strength: Double) -> Int32 { Int32((strength * 256).rounded()) }
    }
}
