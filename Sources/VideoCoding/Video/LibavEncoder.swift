import CLibavLoader
import MediaCore

/// An open encoder of libav. It belongs to one thread at a time.
@safe
final class LibavEncoder {
    let handle: OpaquePointer
    private let library: LibavLibrary
    private let name: String

    /// Opens an encoder of video.
    ///
    /// - Parameters:
    ///   - name: as libav calls it, `libx264`.
    ///   - format: libav's number for the pixels.
    ///   - options: those of libavcodec and of the encoder; every one has to be taken.
    /// - Throws: `argument.invalid` for an option that nobody takes, and one that the encoder refuses; `library.missing`
    ///   without the encoder; `memory.exhausted`; `library.failed`.
    init(
        _ library: LibavLibrary, name: String, width: Int, height: Int, format: Int32,
        options: [(name: String, value: String)]
    ) throws(MediaError) {
        self.library = library
        self.name = name
        var handle: OpaquePointer?
        var message = [CChar](repeating: 0, count: 512)
        var functions = library.functions
        let status = unsafe LibavOptions.with(options) { (options, count) in
            unsafe tm_av_encoder_open(
                &functions, name, Int32(clamping: width), Int32(clamping: height), format, options, count, &handle,
                &message, message.count)
        }
        guard status == 0, let handle = unsafe handle else {
            throw Self.error(
                status, message.text, name: name, what: "frames of \(width)×\(height)", at: "codec", "codecOptions")
        }
        unsafe self.handle = handle
    }

    /// Opens an encoder of sound.
    ///
    /// - Parameter rate: samples a second.
    /// - Throws: as the other one.
    init(
        _ library: LibavLibrary, _ codec: SoundCodec, rate: Int, channels: Int,
        options: [(name: String, value: String)]
    ) throws(MediaError) {
        self.library = library
        name = codec.encoderName
        var handle: OpaquePointer?
        var message = [CChar](repeating: 0, count: 512)
        var functions = library.functions
        let status = unsafe LibavOptions.with(options) { (options, count) in
            unsafe tm_av_sound_encoder_open(
                &functions, codec.encoderName, Int32(clamping: rate), Int32(clamping: channels), codec.sampleNumber,
                options, count, &handle, &message, message.count)
        }
        guard status == 0, let handle = unsafe handle else {
            throw Self.error(
                status, message.text, name: codec.encoderName, what: "\(channels) channels of \(rate) Hz",
                at: "soundCodec", "sound.bitrate")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe tm_av_encoder_close(handle) }

    /// How many samples a frame of sound has.
    var samplesPerFrame: Int { unsafe Int(tm_av_encoder_samples(handle)) }

    /// The frame that is filled next.
    ///
    /// - Throws: `memory.exhausted`.
    func frame() throws(MediaError) -> UnsafeMutablePointer<tm_av_frame> {
        guard let frame = unsafe tm_av_encoder_frame(handle) else {
            throw MediaError(.outOfMemory, "no memory for a frame of \(name)")
        }
        return unsafe frame
    }

    /// Sends that frame with its number, or that of its first sample; `nil` says that there is no other.
    ///
    /// - Throws: `library.failed` with what the encoder says.
    func send(_ number: Int?) throws(MediaError) {
        try check(unsafe tm_av_encoder_send(handle, Int64(number ?? -1)), "takes no frame")
    }

    /// Takes what the encoder has made; `nil` when it wants another frame, or has ended.
    ///
    /// - Throws: `library.failed` with what the encoder says.
    func receive() throws(MediaError) -> UnsafeMutablePointer<tm_av_packet>? {
        var packet: UnsafeMutablePointer<tm_av_packet>?
        let status = unsafe tm_av_encoder_receive(handle, &packet)
        if status == Int32(TM_AV_AGAIN) || status == Int32(TM_AV_END) { return nil }
        try check(status, "fails")
        return unsafe packet
    }

    private func check(_ status: Int32, _ what: String) throws(MediaError) {
        guard status < 0 else { return }
        throw MediaError(
            .libraryFailed, "\(name) \(what): \(library.meaning(of: status))",
            hint: "try another codec, or report it with the options that were used")
    }

    private static func error(
        _ status: Int32, _ message: String, name: String, what: String, at field: String, _ options: String
    ) -> MediaError {
        switch Int(status) {
        case Int(TM_AV_UNUSED_OPTION):
            MediaError(
                .argumentInvalid, "\(name) knows no option \"\(message)\"",
                hint: "'ffmpeg -h encoder=\(name)' lists what it knows", at: .init(field: options))
        case Int(TM_AV_NONE):
            MediaError(
                .libraryMissing, "libavcodec has no \(message)", hint: "choose another codec", at: .init(field: field))
        case Int(TM_AV_NO_MEMORY): MediaError(.outOfMemory, "no memory for \(name)")
        default:
            MediaError(
                .libraryFailed, "\(name) does not begin with \(what): \(message)",
                hint: "change that, or the options", at: .init(field: field))
        }
    }
}

extension LibavLibrary {
    /// What an error number means, in words.
    func meaning(of status: Int32) -> String {
        var message = [CChar](repeating: 0, count: 512)
        var functions = functions
        unsafe tm_libav_complaint(&functions, status, &message, message.count)
        return message.text
    }
}

/// Options as C takes them.
enum LibavOptions {
    /// Calls a function with options whose texts stay where they are until it returns.
    @unsafe
    static func with<Result>(
        _ options: [(name: String, value: String)], _ body: (UnsafePointer<tm_av_option>?, Int) -> Result
    ) -> Result {
        // All texts in one piece of memory, each with a zero behind it.
        var bytes: [CChar] = []
        var places: [(name: Int, value: Int)] = []
        for option in options {
            places.append((bytes.count, bytes.count + option.name.utf8.count + 1))
            bytes += option.name.utf8.map { CChar(bitPattern: $0) } + [0]
            bytes += option.value.utf8.map { CChar(bitPattern: $0) } + [0]
        }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            let list = unsafe places.map { place in
                unsafe tm_av_option(
                    name: bytes.baseAddress.map { unsafe $0 + place.name },
                    value: bytes.baseAddress.map { unsafe $0 + place.value })
            }
            return unsafe list.withUnsafeBufferPointer { unsafe body($0.baseAddress, $0.count) }
        }
    }
}
