import TestSupport
import Testing
import VideoCoding

@Suite("Times of GIF frames")
struct GIFTimingTests {
    /// Frames of 2 × 2 pixels, each unlike the one before.
    private static func clip(_ count: Int) -> MadeClip {
        var bytes: [UInt8] = []
        for frame in 0..<count { bytes += [UInt8(frame % 251), UInt8(frame / 251), 7, UInt8(255 - frame % 200)] }
        return MadeClip(width: 2, height: 2, channels: 1, bytes: bytes)
    }

    private static let counts = [1, 2, 3, 7, 50, 100, 300]

    /// Encodes a clip at each rate and count, and asks ffprobe how many frames and what durations it sees.
    private func probe(_ rates: [(name: String, rate: FrameRate)]) throws -> [String: (frames: Int, delays: [Int])] {
        let folder = try TemporaryFolder()
        for (name, rate) in rates {
            for count in Self.counts {
                let sink = MemorySink()
                _ = try GIFEncoder().encode(try Self.clip(count).frames(rate), to: sink)
                try folder.write(sink.bytes, to: "\(name)-\(count).gif")
            }
        }
        // ffprobe gives the duration of a packet in hundredths of a second.
        let script = #"""
            import glob, os, subprocess, sys
            for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.gif"))):
                run = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-ignore_loop", "1", "-min_delay", "0", "-show_entries", "packet=duration", "-of", "csv=p=0", path], capture_output=True, text=True)
                print(os.path.basename(path)[:-4], " ".join(run.stdout.split()), run.stderr.strip())
            """#
        var found: [String: (frames: Int, delays: [Int])] = [:]
        for line in try PythonTools.run(script, arguments: [folder.path], timeout: 1200).lines {
            let parts = line.split(separator: " ")
            guard let name = parts.first else { continue }
            let delays = parts.dropFirst().compactMap { Int($0.split(separator: ",")[0]) }
            found[String(name)] = (parts.count - 1, delays)
        }
        return found
    }

    @Test("whole rates of 1 to 50 and four others are right to half a hundredth", .python())
    func rates() throws {
        var rates = try (1...50).map { (name: "\($0)", rate: try FrameRate($0)) }
        rates += [
            ("23.976", try FrameRate(24000, per: 1001)), ("29.97", try FrameRate(30000, per: 1001)),
            ("12.5", try FrameRate(25, per: 2)), ("third", try FrameRate(1, per: 3)),
        ]
        let found = try probe(rates)
        #expect(found.count == rates.count * Self.counts.count)
        for (name, rate) in rates {
            for count in Self.counts {
                guard let file = found["\(name)-\(count)"] else { continue }
                #expect(file.frames == count && file.delays.count == count, "\(name) fps, \(count) frames")
                #expect(file.delays.allSatisfy { $0 >= 2 }, "\(name) fps: \(file.delays)")
                // Every frame ends when it should, not the last alone.
                var sum = 0
                for (index, delay) in file.delays.enumerated() {
                    sum += delay
                    let end = Double(index + 1) * 100 / rate.framesPerSecond
                    #expect((Double(sum) - end).magnitude <= 0.5 + 1e-9, "\(name) fps: frame \(index) ends at \(sum)")
                }
            }
        }
    }

    @Test(
        "above 50 frames per second every frame stays, for 0.02 s, and the report says so",
        arguments: 51...120)
    func fastRates(_ rate: Int) throws {
        let sink = MemorySink()
        let report = try GIFEncoder().encode(try Self.clip(300).frames(try FrameRate(rate)), to: sink)
        #expect(report.frameCount == 300)
        #expect(report.seconds == 6)
        #expect(report.findings.map(\.message).contains { $0.hasPrefix("retimed \(rate) → 50 fps") })
        #expect(throws: MediaError.self) {
            _ = try GIFEncoder(strictness: .strict).encode(
                try Self.clip(300).frames(try FrameRate(rate)), to: MemorySink())
        }
    }

    @Test("equal frames are merged when asked, with their time, across groups of frames too")
    func merging() throws {
        // 64 frames of these make a group: the long run reaches over two of its ends.
        let levels = [3, 3, 5, 5, 5] + Array(repeating: 7, count: 150) + [3, 9, 9]
        let clip = MadeClip(
            width: 2, height: 2, channels: 1, bytes: levels.flatMap { Array(repeating: UInt8($0), count: 4) })
        let frames = try clip.frames(try FrameRate(7))
        func read(_ encoder: GIFEncoder) throws -> (ClipReport, GIFFile) {
            let sink = MemorySink()
            let report = try encoder.encode(frames, to: sink)
            return (report, try GIFFile(FileContents(bytes: sink.bytes, name: "a.gif")))
        }
        let (report, merged) = try read(GIFEncoder(mergesEqualFrames: true))
        let (_, whole) = try read(GIFEncoder())
        #expect(whole.frames.count == levels.count)
        #expect(merged.frames.count == 5 && report.frameCount == 5)
        #expect(merged.seconds == whole.seconds)
        var places = [2, 5, 155, 156, 158]
        var sum = 0
        for frame in merged.frames {
            sum += frame.delay
            let end = whole.frames.prefix(places.removeFirst()).reduce(0) { $0 + $1.delay }
            #expect(sum == end)
        }
    }
}
