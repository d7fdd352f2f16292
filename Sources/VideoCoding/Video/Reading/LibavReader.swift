import CLibavLoader
import ImageCoding
import MediaCore

/// libav at work on one file: its video, packet by packet or frame by frame.
///
/// Unchecked because of its pointer; whoever has it keeps it to one thread at a time.
@safe
final class LibavReader: @unchecked Sendable {
    /// What the file says of its video.
    let facts: tm_av_facts
    private let library: LibavLibrary
    private let input: LibavInput
    private let reader: OpaquePointer

    /// Opens a file of a kind that is known.
    ///
    /// - Throws: `library.missing`; `format.unsupported` when there is no video in it that can be decoded; `format.malformed`;
    ///   `memory.exhausted`.
    init(_ contents: FileContents, _ format: ClipFormat, limits: Limits) throws(MediaError) {
        library = try LibavLibrary.open()
        input = LibavInput(contents)
        var source = unsafe input.source
        var facts = tm_av_facts()
        var table = library.functions
        var opened: OpaquePointer?
        var message = [CChar](repeating: 0, count: 512)
        let status = unsafe tm_av_reader_open(
            &table, format.demuxer, &source, Int64(limits.imagePixels), &opened, &facts, &message, message.count)
        guard let reader = unsafe opened else { throw LibavInput.error(status, message.text) }
        unsafe self.reader = unsafe reader
        self.facts = facts
    }

    deinit { unsafe tm_av_reader_close(reader) }

    /// A packet that was passed over.
    struct Packet {
        /// When its frame is shown, in units of the stream; `nil` where nobody knows.
        var time: Int?
        /// For how long; 0 where nobody knows.
        var duration: Int
        /// Whether it is a frame that is shown.
        var isShown: Bool
    }

    /// The next packet, which is not decoded; `nil` behind the last.
    func pass() throws(MediaError) -> Packet? {
        var time: Int64 = 0, duration: Int64 = 0
        var isShown: Int32 = 0
        let status = unsafe tm_av_reader_pass(reader, &time, &duration, &isShown)
        if status == Int32(TM_AV_END) { return nil }
        try check(status)
        return Packet(
            time: time == Int64.min ? nil : Int(time), duration: Int(max(0, duration)), isShown: isShown != 0)
    }

    /// Decodes the next frame; its size, or `nil` behind the last.
    func decode() throws(MediaError) -> (width: Int, height: Int)? {
        var width: Int32 = 0, height: Int32 = 0
        let status = unsafe tm_av_reader_decode(reader, &width, &height)
        if status == Int32(TM_AV_END) { return nil }
        try check(status)
        return (Int(width), Int(height))
    }

    /// The pixels of the frame that was decoded last.
    ///
    /// - Parameters:
    ///   - width: its width.
    ///   - height: its height.
    ///   - format: `.rgb` or `.rgba`.
    func pixels(width: Int, height: Int, format: PixelFormat) throws(MediaError) -> PackedPixels {
        let rowBytes = width * format.bytesPerPixel
        // libswscale writes whole vectors: up to 63 bytes behind the last row.
        var status: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: rowBytes * height + 64) { buffer, count in
            status = unsafe tm_av_reader_pixels(reader, buffer.baseAddress, rowBytes, format.hasAlpha ? 1 : 0)
            count = status == 0 ? rowBytes * height : 0
        }
        try check(status)
        return try PackedPixels(width: width, height: height, format: format, bytes: bytes)
    }

    private func check(_ status: Int32) throws(MediaError) { try library.check(reading: status) }
}

extension ClipFormat {
    /// What libav calls the reader of such files.
    var demuxer: String {
        switch self {
        case .mp4: "mov"
        case .webm: "matroska"
        case .ogg: "ogg"
        case .gif: "gif"
        case .apng: "apng"
        }
    }
}
