import MediaCore
import TensorIO

/// What the chunks of an AIFF or AIFF-C file say of its sound.
///
/// Sources: "Audio Interchange File Format 'AIFF'" 1.3, and "AIFF-C" of 26 August 1991.
struct AIFFHeader {
    private(set) var header: SoundFileHeader
    private let name: String
    private let fileSize: Int

    /// What the chunk that describes the sound says.
    private struct Common {
        var channels: Int
        var count: Int
        var bits: Int
        var rate: Double
        /// How numbers are held: four letters, those of AIFF without compression in AIFF files.
        var compression: String
    }

    /// Whether a file begins like one.
    static func isOne(_ bytes: RawSpan) -> Bool {
        bytes.hasBytes("FORM") && (bytes.hasBytes("AIFF", at: 8) || bytes.hasBytes("AIFC", at: 8))
    }

    /// - Throws: `format.truncated` for a chunk that is longer than the file, and for fewer samples than announced;
    ///   `format.malformed` for chunks that are missing, and for a rate that is no whole number of hertz.
    init(_ bytes: RawSpan, name: String) throws(MediaError) {
        self.name = name
        fileSize = bytes.byteCount
        header = SoundFileHeader(kind: .aiff, codec: "", rate: 0, channels: 0)
        let isCompressed = bytes.hasBytes("AIFC", at: 8)
        var common: Common?
        var data: Int?
        var place = 12
        while place + 8 <= fileSize {
            let size = Int(bytes.bigUInt32(at: place + 4) ?? 0)
            guard size <= fileSize - place - 8 else {
                throw MediaError(
                    .truncated, "a chunk says \(size) bytes, \(fileSize - place - 8) are left in the file",
                    hint: "copy it again, or write it again", at: location(place))
            }
            if bytes.hasBytes("COMM", at: place), common == nil {
                common = try Self.common(bytes, place + 8, size, isCompressed, at: location(place))
            } else if bytes.hasBytes("SSND", at: place), size >= 8 {
                data = size - 8
            }
            place += 8 + size + size % 2
        }
        guard let common else { throw malformed("the chunk that describes the sound is missing") }
        try read(common, dataBytes: data)
    }

    private func location(_ offset: Int) -> MediaError.Location { .init(file: name, offset: offset) }

    private func malformed(_ message: String) -> MediaError {
        MediaError(.malformed, message, hint: "write the file again", at: location(0))
    }

    /// Checks what the header says, with the bytes of samples that there are.
    private mutating func read(_ common: Common, dataBytes: Int?) throws(MediaError) {
        guard common.channels > 0, let rate = Int(exactly: common.rate), rate > 0 else {
            throw malformed(
                "the header says \(common.channels) channels and \(short(common.rate)) samples a second")
        }
        header.rate = rate
        header.channels = common.channels
        header.count = common.count
        let (codec, byteCount) = Self.codec(common)
        header.codec = codec
        guard let byteCount, common.count > 0 else { return }
        guard let dataBytes else { throw malformed("the samples are missing") }
        let (needed, overflow) = (common.count * common.channels).multipliedReportingOverflow(by: byteCount)
        guard !overflow, needed <= dataBytes else {
            throw MediaError(
                .truncated,
                "the header says \(common.count) samples, which are \(needed) bytes; there are \(dataBytes)",
                hint: "copy it again, or write it again", at: location(0))
        }
    }

    private static func common(
        _ bytes: RawSpan, _ start: Int, _ size: Int, _ isCompressed: Bool, at location: MediaError.Location
    ) throws(MediaError) -> Common {
        guard size >= (isCompressed ? 22 : 18), let channels = bytes.bigUInt16(at: start),
            let count = bytes.bigUInt32(at: start + 2), let bits = bytes.bigUInt16(at: start + 6),
            let exponent = bytes.bigUInt16(at: start + 8), let mantissa = bytes.uint64(at: start + 10)?.byteSwapped
        else {
            throw MediaError(
                .malformed, "the chunk that describes the sound has \(size) bytes", hint: "write the file again",
                at: location)
        }
        let compression =
            isCompressed ? String(decoding: bytes.copy(start + 18..<start + 22), as: UTF8.self) : "NONE"
        return Common(
            channels: Int(channels), count: Int(count), bits: Int(bits), rate: extended(exponent, mantissa),
            compression: compression)
    }

    /// A number of 80 bits (IEEE 754 extended): a sign and 15 bits of exponent, then 64 bits of which the first is the whole.
    private static func extended(_ exponent: UInt16, _ mantissa: UInt64) -> Double {
        // Rates have no sign; what is absurd is 0, infinite or no whole number, and refused as one.
        guard exponent < 0x7FFF else { return 0 }
        return Double(sign: .plus, exponent: Int(exponent) - 16_383 - 63, significand: Double(mantissa))
    }

    /// How numbers are held, and in how many bytes each; no bytes where they are compressed.
    private static func codec(_ common: Common) -> (String, Int?) {
        switch common.compression {
        case "NONE", "twos", "sowt":
            let byteCount = (common.bits + 7) / 8
            return ("pcm\(byteCount * 8)", byteCount)
        case "raw ": return ("u8", 1)
        case "fl32", "FL32": return ("float32", 4)
        case "fl64", "FL64": return ("float64", 8)
        default:
            // Letters of strangers are shown; others would break a line.
            let isShown = common.compression.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            return (isShown ? common.compression : "unknown", nil)
        }
    }
}

extension RawSpan {
    /// Numbers whose highest byte comes first; `nil` behind the end.
    fileprivate func bigUInt16(at offset: Int) -> UInt16? { uint16(at: offset)?.byteSwapped }
    fileprivate func bigUInt32(at offset: Int) -> UInt32? { uint32(at: offset)?.byteSwapped }
}
