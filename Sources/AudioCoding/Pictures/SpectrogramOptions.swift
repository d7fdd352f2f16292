public import ImageCoding
import MediaCore

/// How the spectrogram of a sound is made and drawn.
public struct SpectrogramOptions: Sendable, Hashable {
    /// Which loudness has the first and the last colour, in decibels: 0 is a sine of amplitude 1.
    public enum DecibelRange: Sendable, Hashable {
        /// From so many decibels below the loudest place to that place.
        case belowMaximum(Double)
        /// From one loudness to another: pictures that are to be compared share it.
        case between(Double, Double)
    }

    /// Pixels from left to right, the whole sound; 1 to 65,536.
    public var width = 1024
    /// Pixels from top to bottom, all frequencies; 1 to 65,536.
    public var height = 512
    /// How many samples a window has: a power of two, 16 to 65,536. More tell frequencies apart, fewer moments.
    public var windowLength = 2048
    /// What a window is multiplied by.
    public var window = WindowFunction.hann
    /// How many samples lie between windows, 1 to 1,048,576; `nil` takes a quarter of the window, or fewer
    /// where columns would have no window.
    public var hop: Int?
    /// How frequencies are spread over rows.
    public var scale = FrequencyScale.linear
    /// The frequencies at the lower and the upper edge, in hertz; `nil` takes all up to half of the rate, from 20 up on a
    /// logarithmic scale.
    public var frequencies: ClosedRange<Double>?
    /// Which loudness has which colour.
    public var decibels = DecibelRange.belowMaximum(80)
    /// The colours, from silence up.
    public var colorMap = ColorMap.magma
    /// Which channel is shown, from 0; `nil` takes the mean of all.
    public var channel: Int?

    /// The defaults.
    public init() {}

    /// The defaults with some changes: `SpectrogramOptions { $0.scale = .mel }`.
    public init(_ change: (inout SpectrogramOptions) -> Void) {
        self.init()
        change(&self)
    }

    /// - Throws: `argument.invalid`, naming the option, for what no sound can be drawn with.
    func check(rate: Int, channels: Int) throws(MediaError) {
        try SoundPictureSize.check(width: width, height: height)
        if let hop, !(1...1_048_576).contains(hop) {
            throw Self.error("hop", "a hop of \(hop) samples", "choose 1 to 1048576")
        }
        if let channel, !(0..<channels).contains(channel) {
            throw Self.error(
                "channel", "there is no channel \(channel)",
                channels == 1 ? "the sound has one, 0" : "the sound has 0 to \(channels - 1)")
        }
        if let frequencies {
            let highest = Double(rate) / 2
            let (low, high) = (frequencies.lowerBound, frequencies.upperBound)
            guard low >= 0, low < high, high <= highest, scale != .logarithmic || low > 0 else {
                throw Self.error(
                    "frequencies", "frequencies from \(low) to \(high) Hz",
                    scale == .logarithmic
                        ? "choose some above 0, up to \(highest), half of the rate"
                        : "choose some from 0 to \(highest), half of the rate")
            }
        }
        switch decibels {
        case .belowMaximum(let depth):
            guard depth > 0, depth <= 400 else {
                throw Self.error("decibels", "\(depth) dB below the loudest", "choose up to 400, such as 80")
            }
        case .between(let low, let high):
            guard low < high, low >= -1000, high <= 1000 else {
                throw Self.error(
                    "decibels", "a loudness from \(low) to \(high) dB", "write the lower one first: -80, 0")
            }
        }
    }

    static func error(_ field: String, _ message: String, _ hint: String) -> MediaError {
        MediaError(.argumentInvalid, message, hint: hint, at: .init(field: field))
    }
}
