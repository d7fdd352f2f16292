import CLibavLoader
public import MediaCore

/// libav, the libraries of FFmpeg, which encode, decode and pack video; opened when a clip first needs them.
@safe public struct LibavLibrary: Sendable {
    /// The versions of its four libraries.
    public struct Versions: Sendable, Hashable, CustomStringConvertible {
        /// libavutil, libavcodec, libavformat and libswscale: `57.28.100`.
        public let util: String, codec: String, format: String, scale: String

        /// `libavcodec 59.37.100, libavformat 59.27.100, libavutil 57.28.100, libswscale 6.7.100`.
        public var description: String {
            "libavcodec \(codec), libavformat \(format), libavutil \(util), libswscale \(scale)"
        }
    }

    /// What loaders call the four libraries.
    struct Names: Sendable {
        var util: String, codec: String, format: String, scale: String

        /// The names with the major versions whose structures are declared in the loader.
        static let current: Names = {
            func name(_ library: String, _ major: Int) -> String {
                #if os(macOS)
                    "\(library).\(major).dylib"
                #else
                    "\(library).so.\(major)"
                #endif
            }
            return Names(
                util: name("libavutil", Int(TM_AV_UTIL_MAJOR)), codec: name("libavcodec", Int(TM_AV_CODEC_MAJOR)),
                format: name("libavformat", Int(TM_AV_FORMAT_MAJOR)), scale: name("libswscale", Int(TM_AV_SCALE_MAJOR)))
        }()
    }

    /// The versions that were found.
    public let versions: Versions
    let functions: tm_libav

    /// The libraries or why there are none, found out once.
    private static let found: Result<LibavLibrary, MediaError> = {
        do throws(MediaError) { return .success(try LibavLibrary(.current)) } catch { return .failure(error) }
    }()

    /// The libraries of this system.
    ///
    /// - Throws: `library.missing` when they are not installed or of another major version than those of FFmpeg 5.
    public static func open() throws(MediaError) -> LibavLibrary { try found.get() }

    /// Opens the libraries with these names.
    init(_ names: Names) throws(MediaError) {
        var functions = tm_libav()
        var message = [CChar](repeating: 0, count: 512)
        // Pointers into the strings have to outlive the call: hence one inside the other.
        let status = unsafe names.util.withCString { util in
            unsafe names.codec.withCString { codec in
                unsafe names.format.withCString { format in
                    unsafe names.scale.withCString { scale in
                        var names = unsafe tm_libav_names(util: util, codec: codec, format: format, scale: scale)
                        return unsafe tm_libav_open(&names, &functions, &message, message.count)
                    }
                }
            }
        }
        guard Int(status) == Int(TM_AV_OPENED) else { throw Self.missing(message.text, status: Int(status)) }
        self.functions = functions
        versions = Versions(
            util: Self.dotted(functions.util_version()), codec: Self.dotted(functions.codec_version()),
            format: Self.dotted(functions.format_version()), scale: Self.dotted(functions.scale_version()))
    }

    /// Whether there is an encoder of this name: `libx264`.
    public func hasEncoder(_ name: String) -> Bool { unsafe functions.find_encoder(name) != nil }

    private static func dotted(_ version: UInt32) -> String {
        "\(version >> 16).\(version >> 8 & 255).\(version & 255)"
    }

    private static func missing(_ reason: String, status: Int) -> MediaError {
        let what =
            switch status {
            case Int(TM_AV_OTHER_VERSION): "libav is there, but not of FFmpeg 5, which this program is made for"
            case Int(TM_AV_INCOMPLETE): "libav is not complete"
            default: "libav of FFmpeg 5, which writes and reads videos, cannot be opened"
            }
        return MediaError(
            .libraryMissing, "\(what) (\(reason))",
            hint:
                "install it: 'apt-get install libavformat59 libswscale6' on Debian 12, 'brew install ffmpeg@5' on macOS; "
                + "or write gif or apng, which need none")
    }
}

extension [CChar] {
    /// The text before the first zero.
    var text: String { String(decoding: prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
}

/// The text of a C array of characters.
func text<Characters>(_ characters: Characters) -> String {
    unsafe withUnsafeBytes(of: characters) { bytes in
        unsafe String(decoding: unsafe bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
