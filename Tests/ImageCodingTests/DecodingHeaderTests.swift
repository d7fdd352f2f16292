import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Image headers")
struct DecodingHeaderTests {
    /// What the samples are, as their maker describes them.
    static let samples: [(String, ImageHeader.FileFormat, Int, Int, Bool)] = [
        ("alpha.webp", .webp, 8, 4, true), ("bilevel.bmp", .bmp, 1, 1, false), ("bilevel.png", .png, 1, 1, false),
        ("cmyk.jpg", .jpeg, 8, 4, false), ("gray-alpha.png", .png, 8, 2, true), ("gray.bmp", .bmp, 8, 1, false),
        ("gray.jpg", .jpeg, 8, 1, false), ("gray16.png", .png, 16, 1, false), ("lossless.webp", .webp, 8, 3, false),
        ("lossy.webp", .webp, 8, 3, false), ("palette.gif", .gif, 8, 1, false), ("palette.png", .png, 8, 1, false),
        ("restarts.jpg", .jpeg, 8, 3, false), ("rgb-444-progressive.jpg", .jpeg, 8, 3, false),
        ("rgb.bmp", .bmp, 8, 3, false), ("rgb.png", .png, 8, 3, false), ("rgba.png", .png, 8, 4, true),
    ]

    @Test("format, size, depth and channels of every sample", arguments: samples)
    func fields(
        name: String, format: ImageHeader.FileFormat, bitDepth: Int, channels: Int, hasAlpha: Bool
    ) throws {
        let header = try ImageHeader.read(try Fixtures.bytes("images/" + name), name: name)
        #expect(header.fileFormat == format && header.width == 60 && header.height == 40)
        #expect(header.channels == channels && header.hasAlpha == hasAlpha)
        // A GIF or BMP of fewer colours may have fewer bits.
        #expect(header.bitDepth == bitDepth || header.isIndexed)
        #expect(!header.isAnimated && header.findings.isEmpty && header.extensionMatches(name))
    }

    @Test("two frames are an animation; EXIF orientation is read in JPEG and PNG")
    func animationAndOrientation() throws {
        #expect(try ImageHeader.read(try Fixtures.bytes("images/two-frames.gif")).isAnimated)
        for name in ["exif-turned.jpg", "exif-turned.png"] {
            let header = try ImageHeader.read(try Fixtures.bytes("images/" + name))
            #expect(header.orientation == .right && header.orientedWidth == header.height, "\(name)")
        }
    }

    @Test("sizes equal Pillow's for what Pillow writes: animations, opacity, odd sides", .python("PIL"))
    func pillow() throws {
        let script = """
            import sys, io
            from PIL import Image
            mode, kind, w, h, frames = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
            ims = [Image.new(mode, (w, h), i * 9) if mode in "LP" else Image.effect_noise((w, h), 30 + i).convert(mode)
                   for i in range(frames)]
            if mode == "RGBA":
                for i in ims: i.putalpha(Image.effect_noise((w, h), 60))
            o = dict(save_all=True, append_images=ims[1:]) if frames > 1 else {}
            if len(sys.argv) > 6: o.update(eval(sys.argv[6]))
            b = io.BytesIO(); ims[0].save(b, kind, **o); sys.stdout.buffer.write(b.getvalue())
            """
        let cases: [(String, String, Int, Int, Int, String, ImageHeader.FileFormat)] = [
            ("RGB", "WEBP", 17, 301, 3, "{}", .webp), ("RGBA", "WEBP", 33, 5, 2, "dict(lossless=True)", .webp),
            ("RGBA", "WEBP", 3, 1001, 1, "dict(lossless=True)", .webp),
            (
                "RGB", "WEBP", 5, 6, 1,
                "dict(exif=b'Exif\\0\\0MM\\0*\\0\\0\\0\\x08\\0\\x01\\x01\\x12\\0\\x03\\0\\0\\0\\x01\\0\\x08\\0\\0\\0\\0\\0\\0')",
                .webp
            ),
            ("RGB", "PNG", 30, 20, 4, "{}", .png), ("P", "GIF", 300, 2, 1, "{}", .gif),
            ("P", "PNG", 2, 3, 1, "dict(bits=2)", .png),
            ("RGBA", "BMP", 7, 3, 1, "{}", .bmp), ("L", "JPEG", 1000, 1, 1, "dict(progressive=True)", .jpeg),
            ("RGB", "GIF", 21, 22, 3, "{}", .gif),
        ]
        for (mode, kind, width, height, frames, options, format) in cases {
            let file = try PythonTools.run(
                script, arguments: [mode, kind, "\(width)", "\(height)", "\(frames)", options]
            ).output
            let header = try ImageHeader.read(file)
            #expect(header.fileFormat == format && header.width == width && header.height == height)
            #expect(header.isAnimated == (frames > 1), "\(mode) \(kind)")
            #expect(header.hasAlpha == (mode == "RGBA" && kind != "BMP") || kind == "GIF", "\(mode) \(kind)")
            #expect(header.findings.isEmpty, "\(mode) \(kind): \(header.findings)")
            #expect(header.orientation == (options.contains("exif") ? .left : .up))
        }
    }

    @Test("a lying extension is a finding that names the right one")
    func extensions() throws {
        let png = try Fixtures.bytes("images/rgb.png")
        let header = try ImageHeader.read(png, name: "photos/holiday.JPG")
        #expect(header.findings.map(\.code) == [.unrecognized])
        #expect(header.findings.first?.hint?.contains(".png") == true && header.pathExtension == "png")
        for name in ["a.png", "a.PNG", "a", "dir.jpg/a", ".jpg", "a.apng", "a."] {
            #expect(header.extensionMatches(name))
        }
        for name in ["a.jpg", "a.png.gif", "x/.a.webp"] { #expect(!header.extensionMatches(name)) }
        let jpeg = try ImageHeader.read(try Fixtures.bytes("images/gray.jpg"))
        for name in ["a.jpg", "a.jpeg", "a.JPE", "a.jfif"] { #expect(jpeg.extensionMatches(name)) }
        #expect(jpeg.pathExtension == "jpg")
    }

    @Test("every sample cut short is an error or has a finding, and never more pixels than stated")
    func cut() throws {
        for (name, _, _, _, _) in Self.samples {
            let bytes = try Fixtures.bytes("images/" + name)
            for count in Array(0..<64) + stride(from: 64, to: bytes.count, by: 97) where count < bytes.count - 2 {
                do {
                    let header = try ImageHeader.read(Array(bytes[..<count]))
                    #expect(header.width == 60 && header.height == 40)
                    #expect(header.findings.contains { $0.code == .truncated }, "\(name) of \(count) bytes")
                } catch {
                    #expect([.truncated, .unrecognized, .malformed].contains(error.code), "\(name): \(error)")
                }
            }
        }
    }

    @Test("what is not an image is refused with a hint; a size of zero is malformed")
    func refused() {
        let cases: [[UInt8]] = [
            [], [0x89, 0x50], Array("hello world, this is text".utf8), Array("BM, said the man".utf8),
        ]
        for bytes in cases {
            let error = mediaError { () throws(MediaError) in _ = try ImageHeader.read(bytes) }
            #expect(error?.code == .unrecognized && error?.hint != nil)
            #expect(mediaError { () throws(MediaError) in _ = try ImageFile.decode(bytes) }?.code == .unrecognized)
        }
        let gif = Array("GIF89a".utf8) + [0, 0, 5, 0, 0, 0, 0, 0x3B]
        #expect(mediaError { () throws(MediaError) in _ = try ImageHeader.read(gif) }?.code == .malformed)
    }

    @Test("ten thousand damaged files of every format are read or refused")
    func mutations() throws {
        var generator = SeededGenerator(seed: 31)
        let seeds = try Fixtures.files(in: "images").map { try Fixtures.bytes($0) }
        for formats in [[ImageHeader.FileFormat.png], [.jpeg], [.gif], [.bmp], [.webp]] {
            let chosen = seeds.filter { formats.contains(ImageHeader.FileFormat.of($0.span.bytes) ?? .png) }
            #expect(!chosen.isEmpty)
            for _ in 0..<10_000 {
                let bytes = mutated(generator.pick(chosen), using: &generator)
                guard let header = try? ImageHeader.read(bytes) else { continue }
                #expect(header.width > 0 && header.height > 0)
            }
        }
    }
}
