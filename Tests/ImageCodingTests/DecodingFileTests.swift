import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Decoding files")
struct DecodingFileTests {
    @Test(
        "PNG pixels equal Pillow's", .python("PIL", "numpy"),
        arguments: ["bilevel", "gray", "gray16", "gray-alpha", "palette", "rgb", "rgba"])
    func pillowPNG(name: String) throws {
        let script = """
            import sys
            from PIL import Image
            i = Image.open(sys.argv[1])
            data = i.convert("L").tobytes() if i.mode == "1" else i.tobytes()
            sys.stdout.buffer.write(data)
            """
        let path = Fixtures.path("images/\(name).png")
        let theirs = try PythonTools.run(script, arguments: [path]).output
        let image = try ImageFile.decode(path: path)
        var pixels = image.pixels
        if image.format == .bilevel { pixels = pixels.map { $0 * 255 } }
        #expect(firstDifference(pixels, theirs) == nil)
        #expect(image.fileFormat == .png && image.findings.isEmpty)
    }

    @Test(
        "JPEG pixels are within 2 of Pillow's, whose libjpeg is another", .python("PIL"),
        arguments: ["gray", "rgb-420", "rgb-444-progressive", "restarts"])
    func pillowJPEG(name: String) throws {
        let script = "import sys; from PIL import Image; sys.stdout.buffer.write(Image.open(sys.argv[1]).tobytes())"
        let path = Fixtures.path("images/\(name).jpg")
        let theirs = try PythonTools.run(script, arguments: [path]).output
        let image = try ImageFile.decode(path: path)
        try #require(image.pixels.count == theirs.count)
        #expect(zip(image.pixels, theirs).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
    }

    @Test("a transparent colour becomes opacity; packed gray is spread to 8 bits for it", .python("PIL"))
    func transparentColor() throws {
        let script = """
            import sys, io
            from PIL import Image
            mode, value = sys.argv[1], eval(sys.argv[2])
            i = Image.new(mode, (2, 1)); i.putpixel((1, 0), value)
            b = io.BytesIO(); i.save(b, "PNG", transparency=value); sys.stdout.buffer.write(b.getvalue())
            """
        let gray = try PNGDecoder().decode(try PythonTools.run(script, arguments: ["L", "77"]).output)
        #expect(gray.format == .grayAlpha && gray.pixels == [0, 255, 77, 0])
        let rgb = try PNGDecoder().decode(try PythonTools.run(script, arguments: ["RGB", "(1, 2, 3)"]).output)
        #expect(rgb.format == .rgba && rgb.pixels == [0, 0, 0, 255, 1, 2, 3, 0])
        let bilevel = try PNGDecoder().decode(try PythonTools.run(script, arguments: ["1", "1"]).output)
        #expect(bilevel.format == .grayAlpha && bilevel.pixels == [0, 255, 255, 0])
        let deep = try PNGDecoder().decode(try PythonTools.run(script, arguments: ["I;16", "300"]).output)
        #expect(deep.format == .grayAlpha16 && deep.pixels == bytes(of: [0, 65535, 300, 0] as [UInt16]))
    }

    @Test("texts, density, gamma and cICP come with the pixels", .python("PIL"))
    func metadata() throws {
        let script = """
            import sys, io
            from PIL import Image, PngImagePlugin
            n = PngImagePlugin.PngInfo()
            n.add_text("Title", "caf\\u00e9"); n.add_itxt("Author", "\\u5f20"); n.add_text("Long", "x" * 5000, zip=True)
            b = io.BytesIO(); Image.new("L", (3, 2)).save(b, "PNG", pnginfo=n, dpi=(300, 150))
            sys.stdout.buffer.write(b.getvalue())
            """
        let plain = try PythonTools.run(script).output
        let metadata = try PNGDecoder().decode(plain).metadata
        #expect(metadata.texts.map(\.key) == ["Title", "Author", "Long"])
        #expect(metadata.texts.map(\.value) == ["café", "张", String(repeating: "x", count: 5000)])
        #expect(metadata.density == .init(x: 11811, y: 5906, isPerMetre: true))
        #expect(metadata.colorSpace == .unspecified)
        let gamma = insertingChunk("gAMA", [0, 0, 0xB1, 0x8F], into: plain)
        #expect(try PNGDecoder().decode(gamma).metadata.colorSpace == .gamma(0.45455))
        let sRGB = insertingChunk("sRGB", [0], into: plain)
        #expect(try PNGDecoder().decode(sRGB).metadata.colorSpace == .sRGB)
        let points = insertingChunk("cICP", [9, 16, 0, 1], into: sRGB)
        #expect(
            try PNGDecoder().decode(points).metadata.colorSpace
                == .codePoints(primaries: 9, transfer: 16, matrix: 0, isFullRange: true))
    }

    @Test("a wrong checksum is an error, anywhere, unless it is to be ignored")
    func checksums() throws {
        let sound = try Fixtures.bytes("images/rgb.png")
        let expected = try PNGDecoder().decode(sound).pixels
        let lenient = PNGDecoder(ignoresChecksums: true)
        // The CRC of IHDR, that of the last IDAT, and the Adler-32 in front of it with a CRC made to fit.
        var header = sound
        header[30] ^= 1
        let end = try #require((8..<sound.count).last { sound[$0...].starts(with: Array("IEND".utf8)) })
        var data = sound
        data[end - 6] ^= 1
        var adler = sound
        adler[end - 9] ^= 1
        let type = try #require((8..<end).last { sound[$0...].starts(with: Array("IDAT".utf8)) })
        let crc = CRC32.of(Array(adler[type..<end - 8]).span.bytes)
        for i in 0..<4 { adler[end - 8 + i] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(i))) }
        for (file, name) in [(header, "IHDR"), (data, "IDAT"), (adler, "Adler")] {
            let error = mediaError { () throws(MediaError) in _ = try PNGDecoder().decode(file) }
            #expect(error?.code == .checksumMismatch, "\(name): \(String(describing: error))")
            #expect(try lenient.decode(file).pixels == expected, "\(name)")
        }
    }

    @Test("a PNG cut anywhere is an error")
    func truncatedPNG() throws {
        for name in ["gray.png", "palette.png"] {
            let bytes = try Fixtures.bytes("images/" + name)
            for count in stride(from: 0, to: bytes.count, by: 7) {
                let error = mediaError { () throws(MediaError) in _ = try PNGDecoder().decode(Array(bytes[..<count])) }
                #expect(error?.code == .truncated || (count < 8 && error != nil), "\(name) of \(count) bytes")
            }
        }
    }

    @Test("sizes over the limits and sizes that the file cannot hold are refused before memory is taken")
    func limits() throws {
        let sound = try Fixtures.bytes("images/gray.png")
        func resized(_ width: UInt32, _ height: UInt32) -> [UInt8] {
            var file = sound
            for i in 0..<4 {
                file[16 + i] = UInt8(truncatingIfNeeded: width >> (24 - 8 * UInt32(i)))
                file[20 + i] = UInt8(truncatingIfNeeded: height >> (24 - 8 * UInt32(i)))
            }
            let crc = CRC32.of(Array(file[12..<29]).span.bytes)
            for i in 0..<4 { file[29 + i] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(i))) }
            return file
        }
        func code(_ file: [UInt8], _ limits: Limits = .default) -> MediaError.Code? {
            mediaError { () throws(MediaError) in _ = try ImageFile.decode(file, limits: limits) }?.code
        }
        #expect(code(resized(1_000_001, 1)) == .limitExceeded)
        #expect(code(resized(1_000_000, 1_000_000)) == .limitExceeded)
        #expect(code(resized(30_000, 30_000)) == .truncated)
        #expect(code(resized(0, 1)) == .malformed)
        var small = Limits()
        small.imagePixels = 2399
        #expect(code(sound, small) == .limitExceeded)
        #expect(code(try Fixtures.bytes("images/rgb-420.jpg"), small) == .limitExceeded)
        small.imagePixels = 2400
        #expect(code(sound, small) == nil)
    }

    @Test("an index outside the palette is black and a finding")
    func missingColors() throws {
        let two = try #require(Palette([.init(red: 1, green: 2, blue: 3), .init(red: 4, green: 5, blue: 6)]))
        let source = SampleSource(width: 3, height: 1, format: .indexed, palette: two, bytes: [0, 1, 9])
        let sink = CollectingSink()
        _ = try? ReferencePNGEncoder().encode(source, to: sink)
        let image = try PNGDecoder().decode(sink.bytes)
        #expect(image.pixels == [0, 1, 9] && image.palette?.colors.count == 10)
        #expect(image.findings.contains { $0.code == .valueOutOfRange })
    }

    @Test("other formats are refused with a hint, and a file's name is in the error and in the finding")
    func names() throws {
        for name in ["palette.gif", "rgb.bmp", "lossy.webp"] {
            let error = mediaError { () throws(MediaError) in
                _ = try ImageFile.decode(path: Fixtures.path("images/" + name))
            }
            #expect(error?.code == .unsupported && error?.hint != nil)
            #expect(error?.location.file?.hasSuffix(name) == true)
        }
        let folder = try TemporaryFolder()
        let lying = try folder.write(try Fixtures.bytes("images/gray.png"), to: "gray.jpg")
        #expect(try ImageFile.decode(path: lying).findings.map(\.code) == [.unrecognized])
        let missing = mediaError { () throws(MediaError) in _ = try ImageFile.decode(path: folder.path("none.png")) }
        #expect(missing?.code == .fileNotFound)
    }

    @Test("rows outside the picture and bands of another size are refused")
    func fill() throws {
        let image = try ImageFile.decode(try Fixtures.bytes("images/rgb.png"))
        var bytes = [UInt8](repeating: 0, count: 2 * image.bytesPerRow)
        for rows in [-1..<1, 39..<41, 0..<1] {
            let error = mediaError { () throws(MediaError) in
                var tally = PixelTally()
                var span = bytes.mutableSpan
                var band = span.mutableBytes
                try image.fill(rows: rows, into: &band, tally: &tally)
            }
            #expect(error?.code == .argumentInvalid)
        }
    }

    @Test("ten thousand damaged files per decoder are decoded or refused", arguments: ["png", "jpg"])
    func mutations(kind: String) throws {
        var generator = SeededGenerator(seed: kind == "png" ? 41 : 42)
        let seeds = try Fixtures.files(in: "images", extensions: kind).map { try Fixtures.bytes($0) }
        var limits = Limits()
        limits.imagePixels = 1 << 16
        var decoded = 0
        for i in 0..<10_000 {
            let bytes = mutated(generator.pick(seeds), using: &generator)
            do {
                // Every other one with checks off, so that damage reaches what is behind them.
                let image =
                    kind == "png"
                    ? try PNGDecoder(limits: limits, ignoresChecksums: i % 2 == 0).decode(bytes)
                    : try JPEGDecoder(limits: limits, acceptsTruncated: i % 2 == 0).decode(bytes)
                #expect(image.withPixels { $0.byteCount } == image.height * image.bytesPerRow)
                decoded += 1
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(decoded > 100 && decoded < 9_900)
    }

    @Test("errors of the sink pass through libpng unchanged; sources that fail too")
    func failures() throws {
        let source = SampleSource.smooth(.rgb, width: 200, height: 200)
        for capacity in [0, 8, 40, 5000] {
            let error = mediaError { () throws(MediaError) in
                _ = try ReferencePNGEncoder(level: 0).encode(source, to: CollectingSink(capacity: capacity))
            }
            #expect(error?.code == .writeFailed && error?.location.file == "sink")
        }
        let broken = FailingSource()
        let png = mediaError { () throws(MediaError) in
            _ = try ReferencePNGEncoder().encode(broken, to: CollectingSink())
        }
        let jpeg = mediaError { () throws(MediaError) in _ = try JPEGEncoder().encode(broken, to: CollectingSink()) }
        let bmp = mediaError { () throws(MediaError) in _ = try BMPEncoder().encode(broken, to: CollectingSink()) }
        #expect(png?.code == "test.source" && jpeg?.code == "test.source" && bmp?.code == "test.source")
    }

    @Test("the asynchronous twins write the same bytes, and stop when the task is cancelled")
    func twins() async throws {
        let source = SampleSource.smooth(.rgb, width: 90, height: 70)
        let pool = WorkerPool(threadCount: 1)
        let one = CollectingSink(), other = CollectingSink()
        _ = try JPEGEncoder().encode(source, to: one)
        _ = try await JPEGEncoder().encode(source, to: other, on: pool)
        #expect(one.bytes == other.bytes && !one.bytes.isEmpty)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await BMPEncoder().encode(source, to: CollectingSink(), on: pool)
        }
        let result = await task.result
        #expect(throws: MediaError.self) { try result.get() }
    }
}

/// A source that cannot give its rows.
private struct FailingSource: PixelSource {
    var width: Int { 3000 }
    var height: Int { 500 }
    var format: PixelFormat { .rgb }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        throw MediaError("test.source", "no rows \(rows)")
    }
}
