import MediaCore
import TensorIO

/// The header of a frame of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3).
struct MP3Frame: Hashable {
    let rate: Int
    let channels: Int
    /// How many samples the frame has.
    let count: Int
    /// How many bytes it has, its header included.
    let byteCount: Int

    /// The frame that begins at `place`; `nil` where none does.
    init?(_ bytes: RawSpan, at place: Int) {
        guard let first = bytes.uint8(at: place), let second = bytes.uint8(at: place + 1),
            let third = bytes.uint8(at: place + 2), let fourth = bytes.uint8(at: place + 3),
            first == 0xFF, second & 0xE6 == 0xE2
        else { return nil }
        // 3 is MPEG-1, 2 is MPEG-2 with half its rates, 0 is MPEG-2.5 with a quarter.
        let version = Int(second >> 3 & 3)
        let rates = [44_100, 48_000, 32_000]
        let rateIndex = Int(third >> 2 & 3), bitrateIndex = Int(third >> 4)
        guard version != 1, rateIndex < 3, (1...14).contains(bitrateIndex) else { return nil }
        let isFirst = version == 3
        rate = rates[rateIndex] >> (isFirst ? 0 : version == 2 ? 1 : 2)
        count = isFirst ? 1152 : 576
        channels = fourth >> 6 == 3 ? 1 : 2
        let thousands = isFirst ? Self.bitrates : Self.halfBitrates
        byteCount = count / 8 * thousands[bitrateIndex - 1] * 1000 / rate + Int(third >> 1 & 1)
    }

    private static let bitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let halfBitrates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

    /// What a file says of its sound: all frames are walked through. The silence that encoders put in front and behind is taken
    /// off where the file says how long it is, as LAME and libav write it.
    ///
    /// - Throws: `format.truncated` where the first frame is cut; `format.malformed` where none begins behind the tag.
    static func header(_ bytes: RawSpan, name: String) throws(MediaError) -> SoundFileHeader {
        let start = ID3Tag.end(bytes)
        guard let first = MP3Frame(bytes, at: start) else {
            throw MediaError(
                .malformed, "no frame of MP3 begins behind the tag", hint: "write the file again",
                at: .init(file: name, offset: start))
        }
        guard bytes.byteCount - start >= first.byteCount else {
            throw MediaError(
                .truncated, "the first frame has \(first.byteCount) bytes, \(bytes.byteCount - start) are left",
                hint: "copy it again", at: .init(file: name, offset: start))
        }
        var header = SoundFileHeader(kind: .mp3, codec: "mp3", rate: first.rate, channels: first.channels)
        var count = 0, silence = 0
        var place = start
        while let frame = MP3Frame(bytes, at: place), frame.byteCount <= bytes.byteCount - place {
            if place == start, isIndex(bytes, at: place, frame) {
                silence = Self.silence(bytes, at: place + frame.indexPlace)
            } else {
                count += frame.count
            }
            place += frame.byteCount
        }
        header.count = silence < count ? count - silence : count
        let isTag = bytes.hasBytes("TAG", at: place) || bytes.hasBytes("APETAGEX", at: place)
        if place < bytes.byteCount, !isTag {
            header.findings.append(
                .warning(
                    .truncated, "the last \(bytes.byteCount - place) bytes are no whole frame", path: name,
                    value: String(place)))
        }
        return header
    }

    /// Whether a first frame holds no sound but an index of the file.
    private static func isIndex(_ bytes: RawSpan, at place: Int, _ frame: MP3Frame) -> Bool {
        let index = place + frame.indexPlace
        return bytes.hasBytes("Xing", at: index) || bytes.hasBytes("Info", at: index)
            || bytes.hasBytes("VBRI", at: place + 36)
    }

    /// Where in the frame an index stands: behind the side information.
    private var indexPlace: Int { 4 + (count == 1152 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)) }

    /// How many samples of the frames are none of the sound, as the index at `place` says ("Mp3 Info Tag rev 1" of LAME).
    private static func silence(_ bytes: RawSpan, at place: Int) -> Int {
        // Flags say which parts there are: frames, bytes, a table of places, a quality.
        guard let flags = bytes.uint8(at: place + 7) else { return 0 }
        let parts = [4, 4, 100, 4].enumerated().reduce(0) { $0 + (flags >> $1.offset & 1 == 1 ? $1.element : 0) }
        let tag = place + 8 + parts
        guard bytes.hasBytes("LAME", at: tag) || bytes.hasBytes("Lav", at: tag), let low = bytes.uint8(at: tag + 21),
            let middle = bytes.uint8(at: tag + 22), let high = bytes.uint8(at: tag + 23)
        else { return 0 }
        return (Int(low) << 4 | Int(middle) >> 4) + (Int(middle & 15) << 8 | Int(high))
    }
}
