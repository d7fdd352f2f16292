import MediaCore
import TensorIO

/// What the pages of an Ogg file say of its first stream (RFC 3533; the Vorbis I specification, 4.2.2; RFC 7845, 5.1).
struct OggHeader {
    /// How the stream is compressed.
    enum Codec: String {
        case vorbis, opus, flac

        /// The codec of the packet at `place`; `nil` for pictures, speech and others.
        static func of(_ bytes: RawSpan, at place: Int) -> Codec? {
            if bytes.hasBytes("\u{01}vorbis", at: place) { return .vorbis }
            if bytes.hasBytes("OpusHead", at: place) { return .opus }
            return bytes.hasBytes("\u{7F}FLAC", at: place) ? .flac : nil
        }
    }

    private(set) var header: SoundFileHeader

    /// Whether the first stream is sound, and no other a video.
    static func isSound(_ bytes: RawSpan) -> Bool {
        guard Codec.of(bytes, at: 27 + Int(bytes.uint8(at: 26) ?? 0)) != nil else { return false }
        // All streams begin, with a page each, before any of them goes on.
        var place = 0
        while bytes.hasBytes("OggS", at: place), let flags = bytes.uint8(at: place + 5), flags & 2 != 0,
            let segments = bytes.uint8(at: place + 26).map(Int.init)
        {
            let packet = place + 27 + segments
            if bytes.hasBytes("OVP80", at: packet) || bytes.hasBytes("theora", at: packet + 1) { return false }
            place = packet
            for segment in 0..<segments { place += Int(bytes.uint8(at: packet - segments + segment) ?? 0) }
        }
        return true
    }

    /// - Throws: `format.truncated` for a page that is cut; `format.malformed` for what is no page, and for a header without
    ///   rate or channels.
    init(_ bytes: RawSpan, name: String) throws(MediaError) {
        let first = 27 + Int(bytes.uint8(at: 26) ?? 0)
        var skipped: UInt64 = 0
        switch Codec.of(bytes, at: first) {
        case .vorbis:
            header = SoundFileHeader(
                kind: .ogg, codec: "vorbis", rate: Int(bytes.uint32(at: first + 12) ?? 0),
                channels: Int(bytes.uint8(at: first + 11) ?? 0))
        case .opus:
            // Samples are counted at 48 kHz whatever the rate of the sound was; the first are not played.
            header = SoundFileHeader(
                kind: .ogg, codec: "opus", rate: 48_000, channels: Int(bytes.uint8(at: first + 9) ?? 0))
            skipped = UInt64(bytes.uint16(at: first + 10) ?? 0)
        case .flac:
            header = try SoundFileHeader.flac(bytes, at: first + 9, name: name)
            header.kind = .ogg
        case nil:
            throw MediaError(
                .unsupported, "the first stream is no sound that is known", hint: "Vorbis, Opus and FLAC are",
                at: .init(file: name, offset: first))
        }
        guard header.rate > 0, header.channels > 0 else {
            throw MediaError(
                .malformed, "the header says \(header.channels) channels and \(header.rate) samples a second",
                hint: "write the file again", at: .init(file: name, offset: first))
        }
        let end = try Self.lastPosition(bytes, name: name)
        header.count = end.flatMap { $0 < skipped ? nil : Int(exactly: $0 - skipped) }
    }

    /// How many samples have ended where the last page of the first stream does.
    private static func lastPosition(_ bytes: RawSpan, name: String) throws(MediaError) -> UInt64? {
        let serial = bytes.uint32(at: 14)
        var last: UInt64?
        var place = 0
        while place < bytes.byteCount {
            let location = MediaError.Location(file: name, offset: place)
            guard bytes.hasBytes("OggS", at: place) else {
                throw MediaError(.malformed, "here begins no page of an Ogg file", hint: "copy it again", at: location)
            }
            let segments = Int(bytes.uint8(at: place + 26) ?? 0)
            var length = 27 + segments
            for segment in 0..<segments { length += Int(bytes.uint8(at: place + 27 + segment) ?? 0) }
            guard length <= bytes.byteCount - place else {
                throw MediaError(
                    .truncated, "a page of \(length) bytes begins here, \(bytes.byteCount - place) are left",
                    hint: "copy it again", at: location)
            }
            // A page on which no packet ends has no position.
            if bytes.uint32(at: place + 14) == serial, let position = bytes.uint64(at: place + 6), position != .max {
                last = position
            }
            place += length
        }
        return last
    }
}
