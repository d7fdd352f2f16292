import CLibavLoader
import ImageCoding
import MediaCore

/// libav at work on the sound of one file, piece by piece.
///
/// Unchecked because of its pointer; whoever has it keeps it to one thread at a time.
@safe
final class LibavSound: @unchecked Sendable {
    let codec: String
    let rate: Int
    let channels: Int
    /// When the first sample is heard, in seconds.
    private(set) var start = 0.0
    /// The first sample of the piece that was decoded last, and the one behind it.
    private(set) var position = 0, end = 0
    private let library: LibavLibrary
    private let input: LibavInput
    private let reader: OpaquePointer
    private let unit: tm_av_rational
    /// The samples of that piece, from the first on; there may be room for more.
    private var piece: [Float] = []
    private var isEnded = false

    /// Opens a file of a kind that is known.
    ///
    /// - Throws: `library.missing`; `format.unsupported` when there is no sound in it that can be decoded; `format.malformed`;
    ///   `memory.exhausted`.
    init(_ contents: FileContents, _ container: String) throws(MediaError) {
        library = try LibavLibrary.open()
        input = LibavInput(contents)
        var source = unsafe input.source
        var facts = tm_av_sound_facts()
        var table = library.functions
        var opened: OpaquePointer?
        var message = [CChar](repeating: 0, count: 512)
        let status = unsafe tm_av_sound_open(
            &table, container, &source, &opened, &facts, &message, message.count)
        guard let reader = unsafe opened else { throw LibavInput.error(status, message.text) }
        unsafe self.reader = unsafe reader
        codec = text(facts.codec)
        (rate, channels) = (Int(facts.rate), Int(facts.channels))
        unit = facts.time_base
    }

    deinit { unsafe tm_av_sound_close(reader) }

    /// Writes the samples of a range that begins no earlier than ``position``; fewer where the sound ends.
    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        var next = range.lowerBound
        while next < range.upperBound {
            while end <= next, !isEnded { try decode() }
            guard next < end else { break }
            let count = min(end, range.upperBound) - next
            let from = (next - position) * channels, to = (next - range.lowerBound) * channels
            for index in 0..<count * channels { samples[to + index] = piece[from + index] }
            next += count
        }
        return next - range.lowerBound
    }

    /// Decodes the next piece; none is left at the end.
    func decode() throws(MediaError) {
        var frame = tm_av_sound_frame()
        let status = unsafe tm_av_sound_decode(reader, &frame)
        if status == Int32(TM_AV_END) {
            isEnded = true
            position = end
            return
        }
        try check(status)
        guard Int(frame.rate) == rate, Int(frame.channels) == channels, frame.count >= 0 else {
            throw MediaError(
                .unsupported,
                "sound of \(channels) channels at \(rate) Hz goes on with \(frame.channels) at \(frame.rate)",
                hint: "write it again with another program", at: .init(field: "samples[\(end)]"))
        }
        if end == 0, frame.time != Int64.min, unit.den > 0 {
            start = Double(frame.time) * Double(unit.num) / Double(unit.den)
        }
        let count = Int(frame.count) * channels
        if piece.count < count { piece = [Float](repeating: 0, count: count) }
        try check(unsafe tm_av_sound_samples(reader, &piece))
        position = end
        end += Int(frame.count)
    }

    private func check(_ status: Int32) throws(MediaError) { try library.check(reading: status) }
}
