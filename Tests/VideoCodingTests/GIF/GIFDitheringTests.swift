import TestSupport
import Testing
import VideoCoding

/// Frames of more than 256 colours: how they are shown, and with what loss.
@Suite("dithering and losses of GIF files")
struct GIFDitheringTests {
    /// Smooth colours, thousands of them; in later frames every pixel has noise of a level.
    private func ramps(frames: Int = 1, size: Int = 160) -> MadeClip {
        var bytes: [UInt8] = []
        var generator = SeededGenerator(seed: 4)
        for frame in 0..<frames {
            for row in 0..<size {
                for column in 0..<size {
                    let noise = frame == 0 ? 0 : generator.integer(-1...1)
                    bytes += [
                        UInt8(20 + column + noise), UInt8(20 + row - noise), UInt8(20 + (column + row) / 2 + noise),
                    ]
                }
            }
        }
        return MadeClip(width: size, height: size, channels: 3, bytes: bytes)
    }

    private func encoded(_ clip: MadeClip, _ encoder: GIFEncoder) throws -> [UInt8] {
        let sink = MemorySink()
        let report = try encoder.encode(try clip.frames(try FrameRate(10)), to: sink)
        #expect(report.exactFrameCount == 0)
        return sink.bytes
    }

    /// The frames of a file as RGB.
    private func shown(_ file: [UInt8]) throws -> [[UInt8]] {
        let decoder = try GIFDecoder(FileContents(bytes: file, name: "a.gif"))
        return try (0..<decoder.file.frames.count).map { index in
            let rgba = try render(try #require(try decoder.frame(index)))
            return stride(from: 0, to: rgba.count, by: 4).flatMap { Array(rgba[$0..<$0 + 3]) }
        }
    }

    /// The mean difference of means over blocks of 8×8 pixels: what is left of an error from some way off.
    private func blockError(_ shown: [UInt8], _ clip: MadeClip) -> Double {
        var sum = 0.0
        let blocks = clip.width / 8
        for block in 0..<blocks * blocks * 3 {
            let (channel, column, row) = (block % 3, block / 3 % blocks * 8, block / 3 / blocks * 8)
            var difference = 0
            for pixel in 0..<64 {
                let place = ((row + pixel / 8) * clip.width + column + pixel % 8) * 3 + channel
                difference += Int(shown[place]) - Int(clip.bytes[place])
            }
            sum += Double(abs(difference)) / 64
        }
        return sum / Double(blocks * blocks * 3)
    }

    @Test("both ways of dithering bring the means of small areas nearer to what they were")
    func means() throws {
        let clip = ramps()
        func error(_ dithering: GIFEncoder.Dithering) throws -> Double {
            blockError(try shown(try encoded(clip, GIFEncoder(dithering: dithering)))[0], clip)
        }
        let plain = try error(.none)
        #expect(plain > 0.5)
        #expect(try error(.diffusion(strength: 1)) < plain / 3)
        #expect(try error(.ordered(strength: 1)) < plain / 2)
        #expect(try error(.diffusion(strength: 0)) == plain)
        #expect(try error(.ordered(strength: 0)) == plain)
    }

    @Test("ordered dithering is at rest where a clip has noise of a level: less changes than with diffusion")
    func rest() throws {
        let clip = ramps(frames: 2)
        func changes(_ dithering: GIFEncoder.Dithering) throws -> Int {
            let frames = try shown(try encoded(clip, GIFEncoder(dithering: dithering)))
            return zip(frames[0], frames[1]).count { $0 != $1 }
        }
        let (ordered, diffused) = try (changes(.ordered(strength: 1)), changes(.diffusion(strength: 1)))
        #expect(ordered < diffused)
    }

    @Test("the preset best draws what is at rest again, when later palettes have its colours")
    func refinement() throws {
        // A ramp at rest, and a square of noise that moves over its upper edge.
        let frames = 12
        var clip = ramps()
        let still = clip.bytes
        var generator = SeededGenerator(seed: 9)
        for frame in 1..<frames {
            var bytes = still
            for row in 0..<20 {
                for column in frame * 8..<frame * 8 + 20 {
                    for channel in 0..<3 { bytes[(row * 160 + column) * 3 + channel] = UInt8(generator.below(256)) }
                }
            }
            clip.bytes += bytes
        }
        /// The mean error of the lower part, which is at rest.
        func error(_ frame: [UInt8]) -> Double {
            let places = 40 * 160 * 3..<still.count
            return places.reduce(0.0) { $0 + Double(abs(Int(frame[$1]) - Int(still[$1]))) } / Double(places.count)
        }
        let best = try shown(try encoded(clip, GIFEncoder(preset: .best))).map(error)
        #expect(best[frames - 1] < best[0] * 2 / 3, "\(best)")
        #expect(zip(best, best.dropFirst()).allSatisfy { $1 <= $0 }, "\(best)")
        let balanced = try shown(try encoded(clip, GIFEncoder(preset: .balanced))).map(error)
        #expect(balanced[frames - 1] == balanced[0])
    }

    @Test("exact clips are the same, however they are dithered")
    func exact() throws {
        let clip = MadeClip.random(31, colors: 200)
        let files = try [
            GIFEncoder.Dithering.automatic, .none, .diffusion(strength: 1), .ordered(strength: 1),
        ].map { dithering in
            let sink = MemorySink()
            let encoder = GIFEncoder(preset: .smallest, dithering: dithering)
            _ = try encoder.encode(try clip.frames(try FrameRate(10)), to: sink)
            return sink.bytes
        }
        #expect(files.allSatisfy { $0 == files[0] })
    }

    @Test("a strength outside 0…1 is refused", arguments: [-0.01, 1.01, .nan, .infinity])
    func strengths(_ strength: Double) throws {
        for dithering in [GIFEncoder.Dithering.diffusion(strength: strength), .ordered(strength: strength)] {
            let error = #expect(throws: MediaError.self) {
                try encoded(ramps(), GIFEncoder(dithering: dithering))
            }
            #expect(error?.code == .argumentInvalid)
            #expect(error?.location.field == "dithering")
        }
    }

    /// Codes of which the decoder makes another string than the encoder meant would put any colour anywhere.
    @Test("the smallest files stay near what they show, pixel by pixel")
    func losses() throws {
        // A walk along a line of colours, so that 255 of them are enough to come near all.
        var generator = SeededGenerator(seed: 12)
        var bytes: [UInt8] = []
        var place = 500
        for _ in 0..<200 * 200 {
            place = min(max(place + generator.integer(-9...9), 0), 999)
            let jitter = (0..<3).map { _ in generator.below(3) }
            bytes += [
                UInt8(place / 4 + jitter[0]), UInt8(place / 5 + jitter[1]), UInt8(250 - place / 4 + jitter[2]),
            ]
        }
        let clip = MadeClip(width: 200, height: 200, channels: 3, bytes: bytes)
        let balanced = try encoded(clip, GIFEncoder(dithering: .none))
        let smallest = try encoded(clip, GIFEncoder(preset: .smallest))
        #expect(smallest.count < balanced.count * 2 / 3)
        var worst = 0.0
        let pixels = try shown(smallest)[0]
        for pixel in stride(from: 0, to: bytes.count, by: 3) {
            let d = (0..<3).map { Double(pixels[pixel + $0]) - Double(bytes[pixel + $0]) }
            worst = max(worst, (0.3 * d[0] * d[0] + 0.6 * d[1] * d[1] + 0.1 * d[2] * d[2]).squareRoot())
        }
        // √120 for a pixel, half of as much again and again for those before it, and the nearest colour's own distance.
        #expect(worst < 36, "a pixel is \(worst) levels off")
    }
}
