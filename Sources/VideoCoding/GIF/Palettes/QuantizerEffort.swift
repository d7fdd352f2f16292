/// How much a palette is worth, and how near pixels have to come to what is wanted.
struct QuantizerEffort {
    /// How many frames a palette is made for at the most.
    var frames = 4
    /// How many pixels it is made for at least, as long as there are frames.
    var pixels = 1 << 17
    /// About how many of the pixels are counted.
    var sample = 1 << 17
    /// How many colours are told apart.
    var colors = 8192
    /// How often the colours are moved.
    var rounds = 1
    /// Whether errors are handed on at all, where that is not said.
    var dithers = true
    /// Whether pixels at rest are drawn again when a palette has better colours for them.
    var refines = false
    /// Whether pixels may be drawn with a loss where that makes the file smaller.
    var isLoose = false

    init(_ preset: ClipPreset) {
        switch preset {
        case .balanced: break
        case .smallest:
            dithers = false
            isLoose = true
        case .fastest:
            frames = 16
            pixels = 1 << 20
            sample = 1 << 15
            colors = 4096
            dithers = false
        case .best:
            frames = 1
            sample = 1 << 19
            colors = ColorHistogram.most
            rounds = 4
            refines = true
        }
    }
}
