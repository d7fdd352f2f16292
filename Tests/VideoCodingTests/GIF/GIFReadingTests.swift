import TestSupport
import Testing
import VideoCoding

@Suite("Reading GIF files")
struct GIFReadingTests {
    /// A file of ours: 5 × 4 pixels, three frames, played twice.
    private static func bytes() throws -> [UInt8] {
        let clip = MadeClip(
            width: 5, height: 4, channels: 3, bytes: (0..<5 * 4 * 3 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        let sink = MemorySink()
        _ = try GIFEncoder(loops: .times(2)).encode(try clip.frames(try FrameRate(8)), to: sink)
        return sink.bytes
    }

    private static func open(_ bytes: [UInt8]) throws(MediaError) -> GIFDecoder {
        try GIFDecoder(FileContents(bytes: bytes, name: "a.gif"))
    }

    @Test("size, delays, loops and tables are read without decoding")
    func facts() throws {
        let file = try GIFFile(FileContents(bytes: try Self.bytes(), name: "a.gif"))
        #expect(file.width == 5 && file.height == 4)
        #expect(file.frames.map(\.delay) == [13, 12, 13])
        #expect(file.loopCount == 2)
        #expect(file.seconds == 0.38)
        #expect(file.paletteCount == 1)
        #expect(file.frameRate == nil)
    }

    /// Files that Pillow writes, with everything that ours do not have: disposal, offsets, GIF87a, interlaced rows, local tables.
    @Test("frames are those that Pillow sees, in any disposal", .python("numpy", "PIL"))
    func foreignFiles() throws {
        let folder = try TemporaryFolder()
        try PythonTools.run(
            #"""
            import sys, numpy as np
            from PIL import Image, GifImagePlugin
            GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_ALWAYS
            r = np.random.default_rng(3)
            for disposal in (0, 1, 2, 3):
                ims = []
                for i in range(6):
                    a = np.zeros((20, 31, 4), np.uint8)
                    a[i:i+9, i*2:i*2+12] = [*r.integers(0, 256, 3), 255]
                    ims.append(Image.fromarray(a, "RGBA"))
                path = f"{sys.argv[1]}/{disposal}.gif"
                ims[0].save(path, save_all=True, append_images=ims[1:], duration=[30, 50, 70, 90, 110, 130], disposal=disposal, loop=0, transparency=0)
            Image.fromarray(r.integers(0, 256, (33, 18), np.uint8).astype(np.uint8)).save(f"{sys.argv[1]}/interlaced.gif", interlace=1)
            import glob
            for path in glob.glob(sys.argv[1] + "/*.gif"):
                im = Image.open(path)
                out = []
                for i in range(im.n_frames):
                    im.seek(i); out.append(np.asarray(im.convert("RGBA")))
                a = np.stack(out); a = a * (a[..., 3:] == 255)
                a.tofile(path[:-4] + ".rgba")
            """#, arguments: [folder.path])
        for name in ["0", "1", "2", "3", "interlaced"] {
            let decoder = try GIFDecoder(path: folder.path(name + ".gif"))
            var found: [UInt8] = []
            var index = 0
            while let frame = try decoder.frame(index) {
                found += try render(frame)
                index += 1
            }
            #expect(found == (try folder.bytes(name + ".rgba")), "\(name).gif")
            // Back to the beginning.
            if let first = try decoder.frame(0) {
                #expect(try render(first)[...] == found.prefix(decoder.width * decoder.height * 4))
            }
        }
    }

    @Test("a file cut anywhere is an error that names the place")
    func truncation() throws {
        let whole = try Self.bytes()
        for length in 0..<whole.count {
            let error = #expect(throws: MediaError.self) { _ = try Self.open(Array(whole.prefix(length))) }
            #expect(error?.location.file == "a.gif")
            #expect(error?.location.offset != nil, "\(length) bytes")
        }
        #expect(try Self.open(whole + [1, 2]).facts.findings.count == 1)
    }

    @Test("any byte changed is a typed error or pixels, never a crash", arguments: [1, 2])
    func damage(_ seed: UInt64) throws {
        let whole = try Self.bytes()
        var generator = SeededGenerator(seed: seed)
        var failures = 0
        for place in whole.indices {
            var bytes = whole
            bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            do throws(MediaError) {
                let decoder = try Self.open(bytes)
                for index in 0..<(decoder.frameCount ?? 0) { _ = try decoder.frame(index) }
            } catch {
                failures += 1
                #expect([.truncated, .malformed, .unrecognized, .limitExceeded].contains(error.code), "\(error)")
            }
        }
        #expect(failures > 0)
    }

    @Test("a screen that the file is too small for is refused")
    func largeScreen() throws {
        var bytes = try Self.bytes()
        bytes.replaceSubrange(6..<10, with: [0xFF, 0x7F, 0xFF, 0x7F])
        let error = #expect(throws: MediaError.self) { _ = try Self.open(bytes) }
        #expect(error?.code == .limitExceeded)
    }
}
