import MediaCore
import TensorIO

/// The `fmt ` chunk of a WAV file, checked.
struct WAVFormatChunk: Hashable {
    let format: SampleFormat
    let rate: Int
    let channels: Int

    /// - Parameters:
    ///   - bytes: the content of the chunk.
    ///   - place: where it says in errors.
    /// - Throws: `format.malformed` for numbers that contradict each other; `format.unsupported` for what is no plain PCM or
    ///   IEEE float, naming it.
    init(_ bytes: RawSpan, at place: MediaError.Location) throws(MediaError) {
        guard var code = bytes.uint16(at: 0).map(Int.init), let channels = bytes.uint16(at: 2).map(Int.init),
            let rate = bytes.uint32(at: 4).map(Int.init), let block = bytes.uint16(at: 12).map(Int.init),
            let bits = bytes.uint16(at: 14).map(Int.init)
        else {
            throw MediaError(
                .malformed, "the fmt chunk has \(bytes.byteCount) bytes, 16 are the least",
                hint: "write the file again", at: place)
        }
        if code == 0xFFFE {
            guard let inner = bytes.uint16(at: 24), bytes.byteCount >= 40 else {
                throw MediaError(
                    .malformed, "the extensible fmt chunk has \(bytes.byteCount) bytes, 40 are the least",
                    hint: "write the file again", at: place)
            }
            guard bytes.copy(26..<40) == WAVHeaderBytes.waveGUID else {
                throw MediaError(
                    .unsupported, "the samples are of a format with a GUID of its own",
                    hint: "convert it: ffmpeg -i in.wav -c:a pcm_s16le out.wav", at: place)
            }
            code = Int(inner)
        }
        guard code == 1 || code == 3 else {
            throw MediaError(
                .unsupported, "the samples are \(Self.name(code)) (format \(code)), which is not read here",
                hint: "convert it: ffmpeg -i in.wav -c:a pcm_s16le out.wav", at: place)
        }
        guard (1...SoundLayout.mostChannels).contains(channels), rate > 0 else {
            throw MediaError(
                .malformed,
                rate > 0 ? "the file has \(channels) channels" : "the file has 0 samples a second",
                hint: rate > 0 ? "1 to \(SoundLayout.mostChannels) are read" : "write the file again", at: place)
        }
        // Fewer bits than whole bytes have stand in the upper ones.
        let bytesPerNumber = (bits + 7) / 8
        let form: SampleFormat? =
            switch (code, bytesPerNumber) {
            case (1, 1): .u8
            case (1, 2): .pcm16
            case (1, 3): .pcm24
            case (1, 4): .pcm32
            case (3, 4) where bits == 32: .float32
            case (3, 8) where bits == 64: .float64
            default: nil
            }
        guard let form else {
            throw MediaError(
                .unsupported, "the samples are \(Self.name(code)) of \(bits) bits, which is not read here",
                hint: "convert it: ffmpeg -i in.wav -c:a pcm_s16le out.wav", at: place)
        }
        guard block == channels * form.byteCount else {
            throw MediaError(
                .malformed,
                "a sample of \(channels) channels of \(bits) bits would have \(block) bytes, not \(channels * form.byteCount)",
                hint: "write the file again", at: place)
        }
        self.format = form
        self.rate = rate
        self.channels = channels
    }

    /// What a format's number stands for, of those that are met at all (RFC 2361).
    private static func name(_ code: Int) -> String {
        switch code {
        case 1: "PCM"
        case 2: "Microsoft ADPCM"
        case 3: "IEEE floats"
        case 6: "A-law"
        case 7: "µ-law"
        case 0x11: "IMA ADPCM"
        case 0x31: "GSM 6.10"
        case 0x50: "MPEG"
        case 0x55: "MP3"
        case 0xFF, 0x1600...0x1610: "AAC"
        case 0x160...0x163: "Windows Media Audio"
        case 0x674F...0x6771: "Vorbis"
        case 0xF1AC: "FLAC"
        default: "of an unknown kind"
        }
    }
}
