import CSoundFileLoader
public import MediaCore

/// libsndfile, which writes FLAC, Vorbis, Opus, MP3 and AIFF; opened when a sound first needs it.
@safe public struct SoundFileLibrary: Sendable {
    /// `libsndfile-1.2.0`.
    public let version: String
    let functions: tm_sound_file

    private static let found: Result<SoundFileLibrary, MediaError> = {
        do throws(MediaError) { return .success(try SoundFileLibrary(name: systemName)) } catch {
            return .failure(error)
        }
    }()

    #if os(macOS)
        private static let systemName = "libsndfile.1.dylib"
    #else
        private static let systemName = "libsndfile.so.1"
    #endif

    /// The library of this system.
    ///
    /// - Throws: `library.missing` when it is not installed.
    public static func open() throws(MediaError) -> SoundFileLibrary { try found.get() }

    /// Opens the library of this name.
    package init(name: String) throws(MediaError) {
        var functions = tm_sound_file()
        var message = [CChar](repeating: 0, count: 512)
        guard unsafe tm_sound_file_open(name, &functions, &message, message.count) != 0 else {
            let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw MediaError(
                .libraryMissing, "libsndfile, which writes flac, ogg, opus, mp3 and aiff, cannot be opened (\(reason))",
                hint:
                    "install it: 'apt-get install libsndfile1' on Debian, 'brew install libsndfile' on macOS; or write wav, which needs none"
            )
        }
        self.functions = functions
        version = unsafe functions.version().map { unsafe String(cString: $0) } ?? ""
    }

    /// The number alone: `1.2.0`.
    public var number: String { String(version.split(separator: "-").last ?? "") }

    /// Whether files of a kind can be written.
    public func writes(_ format: SoundFormat) -> Bool {
        guard format != .wav else { return true }
        var info = tm_sf_info()
        info.samplerate = 48_000
        info.channels = 1
        info.format = format.number(format.sampleFormats[0])
        return unsafe functions.format_check(&info) != 0
    }
}

extension SoundFormat {
    /// libsndfile's number for files that hold numbers in this way.
    func number(_ sampleFormat: SampleFormat) -> Int32 {
        let numbers: Int =
            switch sampleFormat {
            case .u8: Int(TM_SF_PCM_U8)
            case .pcm16: Int(TM_SF_PCM_16)
            case .pcm24: Int(TM_SF_PCM_24)
            case .pcm32: Int(TM_SF_PCM_32)
            case .float32: Int(TM_SF_FLOAT)
            case .float64: Int(TM_SF_DOUBLE)
            }
        return switch self {
        case .wav: 0
        case .aiff: Int32(Int(TM_SF_AIFF) | numbers)
        case .flac: Int32(Int(TM_SF_FLAC) | numbers)
        case .ogg: Int32(Int(TM_SF_OGG) | Int(TM_SF_VORBIS))
        case .opus: Int32(Int(TM_SF_OGG) | Int(TM_SF_OPUS))
        case .mp3: Int32(Int(TM_SF_MPEG) | Int(TM_SF_MPEG_LAYER_III))
        }
    }
}
