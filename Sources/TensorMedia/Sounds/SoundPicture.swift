public import AudioCoding
import ImageCoding
import MediaCore
import MediaDrawing
import TensorIO

/// What is drawn of a sound.
public enum SoundPicture: Sendable, Hashable {
    /// How loud it is in time.
    case waveform(WaveformOptions)
    /// How loud each frequency is in time.
    case spectrogram(SpectrogramOptions)

    /// The names of the kinds.
    static let names = ["waveform", "spectrogram"]

    /// The kind of this name with the defaults; `nil` when there is none.
    init?(named name: String) {
        switch name {
        case "waveform": self = .waveform(WaveformOptions())
        case "spectrogram": self = .spectrogram(SpectrogramOptions())
        default: return nil
        }
    }

    /// What the kind is called.
    public var name: String { hasColorMap ? "spectrogram" : "waveform" }

    /// Whether loudness is shown by a colour map.
    var hasColorMap: Bool { if case .spectrogram = self { true } else { false } }

    /// Uses other colours, where there is a map.
    mutating func setColorMap(_ map: ColorMap) {
        guard case .spectrogram(var options) = self else { return }
        options.colorMap = map
        self = .spectrogram(options)
    }

    /// The picture of a sound, which is read by this call.
    ///
    /// - Parameter typeface: how the numbers of axes look; `nil` draws none.
    /// - Throws: what ``/AudioCoding/Waveform``, ``/AudioCoding/Spectrogram`` and a canvas throw.
    func draw(
        _ sound: any SampleSource, typeface: (any Typeface)?, cancellation: CancellationFlag?
    ) throws(MediaError) -> any PixelSource {
        func style(_ picture: any PixelSource) -> TextStyle? {
            typeface.map {
                TextStyle(typeface: $0, size: TextStyle.size(forPictureOf: picture.width, picture.height))
            }
        }
        switch self {
        case .waveform(let options):
            let picture = try Waveform(sound, options: options, cancellation: cancellation)
            return typeface == nil ? picture : try picture.framed(style(picture))
        case .spectrogram(let options):
            let picture = try Spectrogram(sound, options: options, cancellation: cancellation)
            return typeface == nil ? picture : try picture.framed(style(picture))
        }
    }
}
