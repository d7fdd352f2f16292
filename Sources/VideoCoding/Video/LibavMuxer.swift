import CLibavLoader
import MediaCore

/// A file that libav is packing. It belongs to one thread at a time.
@safe
final class LibavMuxer {
    private let handle: OpaquePointer
    private let library: LibavLibrary
    private let name: String
    private let bytes: LibavBytes

    /// What goes into a stream of a file.
    struct Track {
        var encoder: LibavEncoder
        /// The unit in which times would be counted best.
        var timeBase: TimeBaseNumbers
        /// How long a frame is shown, for information; `nil` for sound.
        var frame: TimeBaseNumbers?
    }

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - name: as libav calls the kind of file: `mp4`.
    ///   - tracks: its streams, in order.
    ///   - options: those of the kind of file.
    /// - Throws: what the sink throws; `library.failed` with what libav says; `memory.exhausted`.
    init(
        _ library: LibavLibrary, name: String, tracks: [Track], options: [(name: String, value: String)],
        to bytes: LibavBytes
    ) throws(MediaError) {
        self.library = library
        self.name = name
        self.bytes = bytes
        var handle: OpaquePointer?
        var message = [CChar](repeating: 0, count: 512)
        var functions = library.functions
        var io = unsafe bytes.callbacks
        let list = unsafe tracks.map { track in
            unsafe tm_av_track(
                encoder: track.encoder.handle,
                time_base: tm_av_rational(num: track.timeBase.numerator, den: track.timeBase.denominator),
                rate: tm_av_rational(num: track.frame?.denominator ?? 0, den: track.frame?.numerator ?? 1))
        }
        let status = unsafe LibavOptions.with(options) { (options, count) in
            unsafe tm_av_muxer_open(
                &functions, name, &io, list, list.count, options, count, &handle, &message, message.count)
        }
        guard status == 0, let handle = unsafe handle else {
            if let failure = bytes.failure { throw failure }
            if status == Int32(TM_AV_NO_MEMORY) { throw MediaError(.outOfMemory, "no memory for a file of \(name)") }
            throw MediaError(
                .libraryFailed, "libavformat does not begin a file of \(name): \(message.text)",
                hint: "choose another codec or kind of file", at: .init(field: "format"))
        }
        unsafe self.handle = handle
    }

    deinit { unsafe tm_av_muxer_close(handle) }

    /// The unit in which the times of packets of a track count.
    func timeBase(of track: Int) -> TimeBaseNumbers {
        let unit = unsafe tm_av_muxer_time_base(handle, UInt32(clamping: track))
        return TimeBaseNumbers(numerator: unit.num, denominator: unit.den)
    }

    /// Writes a packet of a track, and takes it over.
    ///
    /// - Throws: what the sink throws; `library.failed`.
    @unsafe
    func write(
        _ packet: UnsafeMutablePointer<tm_av_packet>, of track: Int, shownAt pts: Int, decodedAt dts: Int,
        duration: Int
    ) throws(MediaError) {
        try check(
            unsafe tm_av_muxer_write(
                handle, UInt32(clamping: track), packet, Int64(pts), Int64(dts), Int64(duration)))
    }

    /// Writes the end of the file.
    ///
    /// - Throws: what the sink throws; `library.failed`.
    func finish() throws(MediaError) {
        try check(unsafe tm_av_muxer_finish(handle))
        try bytes.finish()
    }

    private func check(_ status: Int32) throws(MediaError) {
        if let failure = bytes.failure { throw failure }
        guard status < 0 else { return }
        throw MediaError(
            .libraryFailed, "libavformat cannot write \(name): \(library.meaning(of: status))",
            hint: "choose another kind of file")
    }
}

/// A unit of time as libav takes it.
struct TimeBaseNumbers: Sendable, Hashable {
    var numerator: Int32, denominator: Int32
}
