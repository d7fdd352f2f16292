public import MediaCore
import TensorIO

/// The kinds of files of sound that are known by their first bytes.
public enum SoundFileKind: String, Sendable, Hashable, CaseIterable {
    /// Microsoft's RIFF and RF64.
    case wav
    /// Free Lossless Audio Codec.
    case flac
    /// Ogg with Vorbis, Opus or FLAC.
    case ogg
    /// MPEG audio, layer III.
    case mp3
    /// Apple's IFF: AIFF and AIFF-C.
    case aiff
    /// MPEG-4 without pictures. By its first bytes it is a video; only decoding tells, so that such files are not copied.
    case mp4

    /// The endings that files of this kind have, the usual one first.
    public var endings: [String] {
        switch self {
        case .wav: ["wav", "wave", "rf64", "bw64"]
        case .flac: ["flac"]
        case .ogg: ["ogg", "oga", "opus"]
        case .mp3: ["mp3"]
        case .aiff: ["aiff", "aif", "aifc"]
        case .mp4: ["m4a"]
        }
    }

    /// What kind of sound these bytes are, by how they begin; `nil` for others.
    public static func of(_ bytes: RawSpan) -> SoundFileKind? {
        if bytes.hasBytes("WAVE", at: 8), bytes.hasBytes("RIFF") || bytes.hasBytes("RF64") || bytes.hasBytes("BW64") {
            return .wav
        }
        if bytes.hasBytes("OggS") {
            return OggHeader.isSound(bytes) ? .ogg : nil
        }
        if AIFFHeader.isOne(bytes) { return .aiff }
        let start = ID3Tag.end(bytes)
        if bytes.hasBytes("fLaC", at: start) { return .flac }
        return start > 0 || MP3Frame(bytes, at: 0) != nil ? MP3Frame(bytes, at: start).map { _ in .mp3 } : nil
    }
}

/// What the header of a file of sound says: enough to copy it and to say what it is.
public struct SoundFileHeader: Sendable, Hashable {
    /// What kind of file it is.
    public var kind: SoundFileKind
    /// How it is compressed: `pcm16`, `flac`, `vorbis`, `opus`, `mp3`; for AIFF-C of other kinds its four letters.
    public var codec: String
    /// How many samples a second has, in hertz; those of Opus are always 48000.
    public var rate: Int
    /// How many channels there are.
    public var channels: Int
    /// How many samples there are; `nil` where the file does not say.
    public var count: Int?
    /// What is odd about the file.
    public var findings: [Finding] = []

    package init(
        kind: SoundFileKind, codec: String, rate: Int, channels: Int, count: Int? = nil, findings: [Finding] = []
    ) {
        (self.kind, self.codec, self.rate, self.channels) = (kind, codec, rate, channels)
        (self.count, self.findings) = (count, findings)
    }

    /// How long the sound lasts, in seconds; `nil` where the file does not say.
    public var seconds: Double? { count.map { Double($0) / Double(rate) } }

    /// Reads what a file says of its sound. Of WAV and AIFF files all chunks are walked through, of Ogg files all pages, of MP3 files all
    /// frames, so that one that ends early is not taken for whole.
    ///
    /// - Throws: `format.unrecognized` for other content; `format.truncated`, `format.malformed` and `format.unsupported` for
    ///   what is damaged or of a kind that is not known.
    public static func read(
        _ contents: FileContents, limits: Limits = .default
    ) throws(MediaError) -> SoundFileHeader {
        try contents.withBytes { (bytes) throws(MediaError) in
            // What is no WAV but a RIFF file, and what is cut in its first bytes, is told in words by that reader.
            guard let kind = SoundFileKind.of(bytes) ?? (bytes.hasBytes("RIF") ? .wav : nil) else {
                throw MediaError(
                    bytes.isEmpty ? .truncated : .unrecognized,
                    bytes.isEmpty ? "the file is empty" : "the content is no sound that is known",
                    hint: "WAV, FLAC, Ogg, MP3 and AIFF are", at: .init(file: contents.name))
            }
            switch kind {
            case .wav: return try WAVFile(contents, limits: limits).header
            case .flac: return try flac(bytes, at: ID3Tag.end(bytes), name: contents.name)
            case .ogg: return try OggHeader(bytes, name: contents.name).header
            case .mp3: return try MP3Frame.header(bytes, name: contents.name)
            case .aiff: return try AIFFHeader(bytes, name: contents.name).header
            case .mp4:
                throw MediaError(
                    .unsupported, "an MPEG-4 file is decoded, not copied", hint: "convert it to another kind",
                    at: .init(file: contents.name))
            }
        }
    }

    /// The stream's description that every FLAC file begins with (RFC 9639, 8.2).
    static func flac(_ bytes: RawSpan, at start: Int, name: String) throws(MediaError) -> SoundFileHeader {
        let info = start + 8
        guard bytes.byteCount >= info + 34 else {
            throw MediaError(
                .truncated, "the file ends after \(bytes.byteCount) bytes, in its first header", hint: "copy it again",
                at: .init(file: name, offset: bytes.byteCount))
        }
        func byte(_ place: Int) -> Int { Int(bytes.uint8(at: info + place) ?? 0) }
        let rate = byte(10) << 12 | byte(11) << 4 | byte(12) >> 4
        guard (bytes.uint8(at: start + 4) ?? 1) & 0x7F == 0, rate > 0 else {
            throw MediaError(
                .malformed, "the FLAC stream does not say what it is", hint: "write the file again",
                at: .init(file: name, offset: start))
        }
        let count = (byte(13) & 15) << 32 | byte(14) << 24 | byte(15) << 16 | byte(16) << 8 | byte(17)
        return SoundFileHeader(
            kind: .flac, codec: "flac", rate: rate, channels: (byte(12) >> 1 & 7) + 1, count: count == 0 ? nil : count)
    }
}

extension WAVFile {
    /// What the file says of its sound.
    public var header: SoundFileHeader {
        SoundFileHeader(
            kind: .wav, codec: format.rawValue, rate: rate, channels: channels, count: sampleCount, findings: findings)
    }
}

/// The tag that many files begin with (ID3v2.4, 3.1).
enum ID3Tag {
    /// Where it ends; 0 where there is none.
    static func end(_ bytes: RawSpan) -> Int {
        guard bytes.hasBytes("ID3") else { return 0 }
        var size = 0
        for place in 6..<10 { size = size << 7 | Int(bytes.uint8(at: place) ?? 0) & 0x7F }
        let hasFooter = (bytes.uint8(at: 5) ?? 0) & 0x10 != 0
        return 10 + size + (hasFooter ? 10 : 0)
    }
}
