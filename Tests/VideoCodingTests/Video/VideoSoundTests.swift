import Foundation
import MediaCore
import Synchronization
import TensorIO
import TestSupport
import Testing
import VideoCoding

/// A tone whose pitch rises, so that a shift shows; each channel begins elsewhere.
private struct Sweep: SampleSource {
    var rate = 48_000
    var channels = 1
    var length = 48_000
    /// Numbers that are put in place of others, by sample.
    var odd: [Int: Float] = [:]
    var saysCount = true

    var count: Int? { saysCount ? length : nil }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let end = min(range.upperBound, length)
        guard range.lowerBound < end else { return 0 }
        for index in range.lowerBound..<end {
            for channel in 0..<channels {
                samples[(index - range.lowerBound) * channels + channel] = odd[index] ?? value(index, channel)
            }
        }
        return end - range.lowerBound
    }

    func value(_ index: Int, _ channel: Int) -> Float {
        let time = Double(index) / Double(rate)
        return Float(0.5 * sin(2 * .pi * (200 + 150 * Double(channel) + 300 * time) * time))
    }
}

@Suite("Sound of videos") struct VideoSoundTests {
    /// A second and a half of frames.
    private static func frames() throws -> any FrameSource {
        let bytes = (0..<15).flatMap { frame in (0..<64 * 48).map { UInt8(truncatingIfNeeded: $0 * (frame + 3)) } }
        return try MadeClip(width: 64, height: 48, channels: 1, bytes: bytes).frames(FrameRate(10))
    }

    private static func encode(
        _ track: SoundTrack, _ format: ClipFormat, strictness: Strictness = .report
    ) throws -> (bytes: [UInt8], report: ClipReport) {
        try VideoProbe.encode(
            try frames(), VideoEncoder(format: format, preset: .fastest, sound: track, strictness: strictness))
    }

    /// The samples as ffmpeg decodes them, where they belong by the times of the file: what begins later has zeros in front.
    private static func decode(_ bytes: [UInt8], _ format: ClipFormat, rate: Int) throws -> [Float] {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "clip." + format.rawValue)
        let outcome = try Program(
            "/usr/bin/env",
            [
                "ffmpeg", "-v", "error", "-xerror", "-copyts", "-i", path, "-map", "0:a:0", "-af",
                "aresample=async=1:first_pts=0",
                "-f", "f32le", "-ar", "\(rate)", "-",
            ]
        ).run()
        guard outcome.status == 0, outcome.errorText.isEmpty else { throw ProgramFailure(outcome.errorText) }
        return outcome.output.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private static let kinds: [(ClipFormat, SoundCodec?, Int, Int, String)] = [
        (.mp4, nil, 48_000, 1, "aac"), (.mp4, nil, 44_100, 2, "aac"), (.mp4, nil, 8000, 1, "aac"),
        (.mp4, .opus, 48_000, 2, "opus"), (.webm, nil, 48_000, 2, "opus"), (.webm, nil, 16_000, 1, "opus"),
        (.webm, nil, 44_100, 2, "vorbis"), (.webm, .vorbis, 48_000, 1, "vorbis"), (.ogg, nil, 48_000, 1, "opus"),
        (.ogg, nil, 22_050, 2, "vorbis"), (.mp4, nil, 48_000, 6, "aac"), (.webm, nil, 48_000, 6, "opus"),
        (.ogg, nil, 11_025, 3, "vorbis"),
    ]

    @Test("Sound begins with the first frame, to one tick, and lasts as long as it was", arguments: kinds)
    func sync(format: ClipFormat, codec: SoundCodec?, rate: Int, channels: Int, name: String) throws {
        let sweep = Sweep(rate: rate, channels: channels, length: rate * 3 / 2 - 77)
        let (bytes, report) = try Self.encode(SoundTrack(sweep, codec: codec), format)
        #expect(report.sound?.codec.rawValue == name && report.sound?.sampleCount == sweep.length)
        #expect(report.sound?.rate == rate && report.sound?.channels == channels)
        #expect(report.findings.isEmpty)
        let file = try VideoDecoder(FileContents(bytes: bytes, name: "clip")).file
        #expect(file.sound?.codec == name && file.sound?.rate == (name == "opus" ? 48_000 : rate))
        #expect(file.sound?.channels == channels)
        let decoded = try Self.decode(bytes, format, rate: rate)
        let count = decoded.count / channels
        // Millisecond times of webm, and a whole packet at the end where a file cannot say that it is cut.
        #expect(count >= sweep.length - rate / 500 && count <= sweep.length + 2048, "\(count) for \(sweep.length)")
        // The shift at which both are most alike.
        func likeness(_ shift: Int) -> Double {
            var sum = 0.0
            for index in stride(from: sweep.length / 2, to: sweep.length / 2 + 2000, by: 3)
            where (0..<count).contains(index + shift) {
                sum += Double(sweep.value(index, 0)) * Double(decoded[(index + shift) * channels])
            }
            return sum
        }
        let best = (-1500...1500).max { likeness($0) < likeness($1) } ?? .min
        let tick = format == .webm ? rate / 1000 + 1 : 1
        #expect(abs(best) <= tick, "\(best) samples late")
        let middle = sweep.length / 2
        var error = 0.0, power = 0.0
        for index in middle..<middle + 4096 where (0..<count).contains(index + best) {
            let wanted = Double(sweep.value(index, 0))
            error += pow(Double(decoded[(index + best) * channels]) - wanted, 2)
            power += wanted * wanted
        }
        #expect(power > 0 && 10 * log10(power / error) > 12, "\(10 * log10(power / error)) dB")
    }

    @Test("Frames and their times are those of a file without sound", arguments: ClipFormat.videos)
    func frames(format: ClipFormat) throws {
        let (silent, _) = try VideoProbe.encode(try Self.frames(), VideoEncoder(format: format, preset: .fastest))
        let (bytes, _) = try Self.encode(SoundTrack(Sweep(length: 72_000)), format)
        #expect(try VideoProbe.decode(bytes, as: format) == VideoProbe.decode(silent, as: format))
        let with = try VideoDecoder(FileContents(bytes: bytes, name: "with")).file
        let without = try VideoDecoder(FileContents(bytes: silent, name: "without")).file
        #expect(with.times == without.times && with.timeBase == without.timeBase)
        // An ogg ends with the last sample that is decoded, what Opus begins with among them.
        let seconds = try VideoProbe(bytes, as: format).seconds
        #expect(abs(seconds - 1.5) <= (format == .ogg ? 0.0066 : 0.0011), "\(seconds) s")
        #expect(try Self.encode(SoundTrack(Sweep(length: 72_000)), format).bytes == bytes)
    }

    @Test("A sound that does not say how long it is, is taken to its end") func unknownLength() throws {
        let sweep = Sweep(length: 71_999, saysCount: false)
        let (bytes, report) = try Self.encode(SoundTrack(sweep), .mp4)
        #expect(report.sound?.sampleCount == 71_999)
        #expect(try bytes == Self.encode(SoundTrack(Sweep(length: 71_999)), .mp4).bytes)
    }

    @Test("What a file cannot hold is clipped or silent, counted, and an error when strict")
    func values() throws {
        let sweep = Sweep(length: 72_000, odd: [10: 1.5, 11: -.infinity, 20: -2, 30: .nan, 40: 1])
        let report = try Self.encode(SoundTrack(sweep), .mp4).report
        let tally = try #require(report.sound?.tally)
        #expect(tally.clippedHigh == 1 && tally.clippedLow == 1 && tally.notFinite == 2)
        #expect(tally.firstClipped == SoundPlace(sample: 10, channel: 0) && tally.firstClippedValue == 1.5)
        #expect(tally.firstNotFinite == SoundPlace(sample: 11, channel: 0))
        #expect(report.findings.map(\.code) == [.valueNotFinite, .valueOutOfRange])
        let error = try #require(throws: MediaError.self) {
            _ = try Self.encode(SoundTrack(sweep), .mp4, strictness: .strict)
        }
        #expect(error.code == .valueOutOfRange && error.message.contains("sample 10 of channel 0 is 1.5"))
    }

    @Test("A sound that is not as long as the frames is told of") func lengths() throws {
        let report = try Self.encode(SoundTrack(Sweep(length: 96_000)), .webm).report
        #expect(report.findings.map(\.message) == ["the sound lasts 2 s, the frames 1.5 s"])
        #expect(report.seconds == 1.5)
    }

    private static let bad: [(SoundTrack, ClipFormat, String)] = [
        (SoundTrack(Sweep(rate: 44_100), codec: .opus), .webm, "opus has no rate of 44100"),
        (SoundTrack(Sweep(rate: 50_000)), .mp4, "aac has no rate of 50000"),
        (SoundTrack(Sweep(rate: 4000)), .ogg, "vorbis has no rate of 4000"),
        (SoundTrack(Sweep(), codec: .aac), .webm, "aac does not go into webm"),
        (SoundTrack(Sweep(), codec: .vorbis), .mp4, "vorbis does not go into mp4"),
        (SoundTrack(Sweep(channels: 9)), .mp4, "a sound of 9 channels"),
        (SoundTrack(Sweep(), bitrate: 0), .mp4, "0 bits per second"),
        (SoundTrack(Sweep(length: 0)), .mp4, "a sound of no samples"),
    ]

    @Test("What cannot be written is refused, saying what there is", arguments: bad)
    func refusals(track: SoundTrack, format: ClipFormat, message: String) throws {
        let error = try #require(throws: MediaError.self) { _ = try Self.encode(track, format) }
        #expect(error.code == .argumentInvalid && error.message.contains(message), "\(error)")
        #expect(error.hint != nil)
    }

    @Test("A source that fails is an error of the clip, and its own") func failure() throws {
        struct Broken: SampleSource {
            let rate = 48_000, channels = 1
            let count: Int? = nil
            func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
                if range.lowerBound > 20_000 { throw MediaError(.truncated, "no more") }
                for index in 0..<range.count { samples[index] = 0 }
                return range.count
            }
        }
        let error = try #require(throws: MediaError.self) { _ = try Self.encode(SoundTrack(Broken()), .mp4) }
        #expect(error.code == .truncated && error.message == "no more")
    }
}
