import MediaCore

/// The bytes of a WAV file in front of its samples, and where sizes stand in them.
struct WAVHeaderBytes {
    /// The header. Sizes are those of the samples that were announced.
    private(set) var bytes: [UInt8]
    /// Where the number of samples stands in a `fact` chunk.
    private var factPlace: Int?
    /// Whether sizes have 64 bits.
    private(set) var isRF64 = false
    /// Where the sizes of 64 bits stand, or would.
    private var widePlace: Int?
    private let bytesPerSample: Int
    private let largestPlainSize: Int

    /// - Parameters:
    ///   - sound: what is written.
    ///   - encoder: how.
    init(_ sound: SoundDescription, encoder: WAVEncoder) throws(MediaError) {
        let format = encoder.sampleFormat
        bytesPerSample = sound.channels * format.byteCount
        largestPlainSize = encoder.largestPlainSize
        let (byteRate, overflow) = sound.rate.multipliedReportingOverflow(by: bytesPerSample)
        guard !overflow, byteRate <= Int(UInt32.max) else {
            throw MediaError(
                .argumentInvalid, "\(sound.rate) samples a second of \(bytesPerSample) bytes do not fit the header",
                hint: "\(Int(UInt32.max) / bytesPerSample) is the highest rate", at: .init(field: "rate"))
        }
        let tail = try Self.formatChunk(sound, format, byteRate: byteRate, isPlain: encoder.compatibility.isWandb)
        let texts = try encoder.metadata.chunk()
        let fact = format.isFloatingPoint ? Self.chunk("fact", Self.little(0, 4)) : []

        // With a known length the kind is known as well; otherwise room is kept for the sizes of 64 bits.
        let known = sound.count
        let plain = 12 + tail.count + fact.count + texts.count + 8
        var dataBytes = 0
        if let known {
            let (size, overflow) = known.multipliedReportingOverflow(by: bytesPerSample)
            guard !overflow, size < Int.max / 2 else {
                throw MediaError(
                    .argumentInvalid, "\(known) samples of \(bytesPerSample) bytes do not fit a file",
                    hint: "give fewer", at: .init(field: "count"))
            }
            dataBytes = size
        }
        let needsRoom = known == nil || plain + dataBytes + dataBytes % 2 - 8 > largestPlainSize
        bytes = Array("RIFF".utf8) + Self.little(0, 4) + Array("WAVE".utf8)
        if needsRoom {
            widePlace = bytes.count
            bytes += Self.chunk("JUNK", [UInt8](repeating: 0, count: 28))
        }
        bytes += tail
        if !fact.isEmpty {
            factPlace = bytes.count + 8
            bytes += fact
        }
        bytes += texts + Array("data".utf8) + Self.little(0, 4)
        setSizes(dataBytes: dataBytes)
    }

    /// Writes the sizes for so many bytes of samples.
    mutating func setSizes(dataBytes: Int) {
        let riffSize = bytes.count + dataBytes + dataBytes % 2 - 8
        let samples = dataBytes / bytesPerSample
        isRF64 = riffSize > largestPlainSize && widePlace != nil
        let none = Int(UInt32.max)
        put(Array((isRF64 ? "RF64" : "RIFF").utf8), at: 0)
        put(Self.little(isRF64 ? none : riffSize, 4), at: 4)
        put(Self.little(isRF64 ? none : dataBytes, 4), at: bytes.count - 4)
        if let factPlace { put(Self.little(min(samples, none), 4), at: factPlace) }
        if isRF64, let widePlace {
            put(Array("ds64".utf8), at: widePlace)
            put(Self.little(riffSize, 8) + Self.little(dataBytes, 8) + Self.little(samples, 8), at: widePlace + 8)
        }
    }

    private mutating func put(_ new: [UInt8], at place: Int) {
        bytes.replaceSubrange(place..<place + new.count, with: new)
    }

    /// The chunk that says how numbers are held.
    ///
    /// - Parameter isPlain: whether 16 bytes have to do for any number of channels.
    private static func formatChunk(
        _ sound: SoundDescription, _ format: SampleFormat, byteRate: Int, isPlain: Bool
    ) throws(MediaError) -> [UInt8] {
        guard (1...SoundLayout.mostChannels).contains(sound.channels) else {
            throw MediaError(
                .argumentInvalid, "a file of \(sound.channels) channels",
                hint: "1 to \(SoundLayout.mostChannels) are written", at: .init(field: "channels"))
        }
        let kind = format.isFloatingPoint ? 3 : 1
        // More than two channels or 16 bits of PCM ask for the longer form.
        let isExtensible = !isPlain && (sound.channels > 2 || (!format.isFloatingPoint && format.bits > 16))
        var content =
            little(isExtensible ? 0xFFFE : kind, 2) + little(sound.channels, 2) + little(sound.rate, 4)
            + little(byteRate, 4) + little(sound.channels * format.byteCount, 2) + little(format.bits, 2)
        if isExtensible {
            // Where the loudspeakers stand is known of one and two channels alone: front centre, front left and right.
            let mask = sound.channels == 1 ? 4 : sound.channels == 2 ? 3 : 0
            content += little(22, 2) + little(format.bits, 2) + little(mask, 4) + little(kind, 2) + waveGUID
        } else if format.isFloatingPoint {
            content += little(0, 2)
        }
        return chunk("fmt ", content)
    }

    /// What follows the code of a format in its GUID, xxxx-0000-0010-8000-00AA00389B71.
    static let waveGUID: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// A chunk with its name and size, filled up to an even length.
    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(content.count, 4) + content + (content.count % 2 == 0 ? [] : [0])
    }

    /// The lowest bytes of a number, least significant first.
    static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
