import CLibavLoader
import ImageCoding
public import MediaCore
import Synchronization
public import TensorIO

/// The sound of a file that libav reads: WAV, AIFF, FLAC, MP3, Ogg, and that of mp4 and webm files.
///
/// It is decoded as samples are asked for; nothing but one packet is held. Samples behind those that were asked for last come
/// at once, earlier ones after decoding from the beginning.
public struct SoundFile: SampleSource {
    /// libav's name of the codec: `pcm_s16le`, `aac`.
    public let codec: String
    /// Samples a second.
    public let rate: Int
    /// Numbers in a sample.
    public let channels: Int
    /// When the first sample is heard, in seconds from the beginning of the file's time: sound can begin before the pictures.
    public let start: Double
    /// Known at the end only.
    public var count: Int? { nil }

    private let contents: FileContents
    private let container: String
    private let shelf = SoundShelf()

    /// Opens a file.
    ///
    /// - Throws: `library.missing`; `format.unrecognized` for bytes of another kind; `format.unsupported` where there is no sound
    ///   that can be decoded; `format.truncated`, `format.malformed`; `limit.exceeded` for more channels or samples a second
    ///   than there can be.
    public init(_ contents: FileContents) throws(MediaError) {
        do throws(MediaError) {
            let isEmpty = contents.byteCount == 0
            guard let kind = contents.withBytes(SoundContainer.of) else {
                throw MediaError(
                    isEmpty ? .truncated : .unrecognized,
                    isEmpty ? "the file is empty" : "the content is no sound that is known",
                    hint: "expected wav, aiff, flac, mp3, ogg, mp4 or webm")
            }
            // What libav would take memory for is looked at before.
            try contents.withBytes { (bytes) throws(MediaError) in
                switch kind {
                case .mov: try MP4Boxes.check(bytes)
                case .matroska: try ContainerEnd.check(webm: bytes)
                case .ogg: try ContainerEnd.check(ogg: bytes)
                case .wav: try ChunkSizes.check(wav: bytes)
                case .aiff: try ChunkSizes.check(aiff: bytes)
                case .w64, .flac, .mp3: break
                }
            }
            let container = kind.rawValue
            let reader = try LibavSound(contents, container)
            guard (1...Self.mostRate).contains(reader.rate), (1...Self.mostChannels).contains(reader.channels) else {
                throw MediaError(
                    .limitExceeded, "\(reader.channels) channels of \(reader.rate) samples a second",
                    hint: "expected 1 to \(Self.mostChannels) channels, and 1 to \(Self.mostRate) samples a second")
            }
            try reader.decode()
            guard reader.position < reader.end else { throw MediaError(.truncated, "there is no sample in it") }
            (codec, rate, channels) = (reader.codec, reader.rate, reader.channels)
            start = reader.start
            self.contents = contents
            self.container = container
            shelf.put(reader)
        } catch {
            throw error.inFile(contents.name)
        }
    }

    /// Whether a file looks like one that holds sound.
    public static func isReadable(_ contents: FileContents) -> Bool {
        contents.withBytes(SoundContainer.of) != nil
    }

    private static let mostRate = 768_000, mostChannels = 64

    /// Writes the samples of `range`.
    ///
    /// - Throws: `format.malformed` and `format.unsupported`, naming the sample, for what cannot be decoded or changes its rate.
    public func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let reader: LibavSound
        if let kept = shelf.take(before: range.lowerBound) {
            reader = kept
        } else {
            reader = try LibavSound(contents, container)
        }
        do throws(MediaError) {
            let count = try reader.fill(range, into: &samples)
            // Nothing can be decoded behind damage: what fails is not kept.
            shelf.put(reader)
            return count
        } catch {
            throw error.inFile(contents.name).inField("samples[\(range.lowerBound)]")
        }
    }
}

/// The kinds of files that hold sound, by libav's names for what reads them.
enum SoundContainer: String {
    case wav, w64, aiff, flac, mp3, ogg, mov, matroska

    /// What kind of file these bytes begin; `nil` for others.
    static func of(_ bytes: RawSpan) -> SoundContainer? {
        if (bytes.holds("RIFF") || bytes.holds("RF64")) && bytes.holds("WAVE", at: 8) { return .wav }
        if bytes.holds("riff") { return .w64 }
        if bytes.holds("FORM") && (bytes.holds("AIFF", at: 8) || bytes.holds("AIFC", at: 8)) { return .aiff }
        if bytes.holds("fLaC") { return .flac }
        // Either its tags, or the first eleven bits of a frame and its layer.
        if bytes.holds("ID3") { return .mp3 }
        if bytes.byteCount > 1, bytes.byte(at: 0) == 0xFF, bytes.byte(at: 1) & 0xE6 == 0xE2 { return .mp3 }
        switch ClipFormat.of(bytes) {
        case .mp4: return .mov
        case .webm: return .matroska
        case .ogg: return .ogg
        case .gif, .apng, nil: return nil
        }
    }
}

/// Keeps a decoder at the sample that it has come to, for whoever asks for the next ones.
private final class SoundShelf: Sendable {
    private let kept = Mutex<LibavSound?>(nil)

    /// The decoder, when it has not passed that sample; it is the caller's from now on.
    func take(before sample: Int) -> LibavSound? {
        kept.withLock { kept in
            guard let reader = kept, reader.position <= sample else { return nil }
            kept = nil
            return reader
        }
    }

    func put(_ reader: LibavSound) { kept.withLock { $0 = reader } }
}
