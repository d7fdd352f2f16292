import Foundation
import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Pictures in the terminal")
struct TerminalPictureTests {
    private func text(_ source: any PixelSource, _ options: TerminalPicture.Options) throws -> [UInt8] {
        let sink = MemorySink()
        try TerminalPicture(options).write(source, to: sink)
        return sink.bytes
    }

    private func noise(_ width: Int, _ height: Int, _ format: PixelFormat, seed: UInt64 = 1) -> ArrayPixels {
        var generator = SeededGenerator(seed: seed)
        return ArrayPixels(random: width, height, format, using: &generator)
    }

    private func decode(_ png: [UInt8]) throws -> DecodedImage { try PNGDecoder().decode(png.span.bytes) }

    /// Red, green, blue of each pixel.
    private func colors(_ source: any PixelSource) throws -> [[UInt8]] {
        let bytes = try render(try ConvertedSource(source, to: .rgb))
        return stride(from: 0, to: bytes.count, by: 3).map { Array(bytes[$0..<$0 + 3]) }
    }

    @Test("Half blocks hold every pixel, two to a character", arguments: [(1, 1), (7, 4), (80, 9), (13, 48)])
    func blocks(width: Int, height: Int) throws {
        for format in [PixelFormat.rgb, .gray, .rgb16, .bilevel] {
            let source = noise(width, height, format)
            let bytes = try text(source, .init(method: .blocks, columns: 80, rows: 24))
            let picture = try TerminalScreen.blocks(String(decoding: bytes, as: UTF8.self))
            #expect(picture.width == width)
            #expect(Array(picture.pixels.prefix(width * height)) == (try colors(source)))
            // Below an odd last row there is nothing.
            #expect(picture.pixels.dropFirst(width * height).allSatisfy { $0 == nil })
            #expect(bytes.suffix(5) == Array("\u{1B}[0m\n".utf8))
        }
    }

    @Test("Without 24 bits the nearest of xterm's colours is taken") func palette() throws {
        let source = noise(60, 30, .rgb, seed: 9)
        let bytes = try text(source, .init(method: .blocks, hasTrueColor: false))
        let picture = try TerminalScreen.blocks(String(decoding: bytes, as: UTF8.self))
        func distance(_ number: Int, _ color: [UInt8]) -> Int {
            zip(TerminalScreen.xterm(number), color).reduce(0) { $0 + ($1.0 - Int($1.1)) * ($1.0 - Int($1.1)) }
        }
        for (number, color) in zip(picture.pixels, try colors(source)) {
            let least = (16...255).map { distance($0, color) }.min() ?? 0
            #expect(distance(Int(number?.first ?? 0), color) == least)
        }
    }

    @Test("Opacity lies on a checkerboard, and stays where the terminal knows it") func opacity() throws {
        let source = ArrayPixels(
            width: 12, height: 12, format: .rgba, samples: (0..<144).flatMap { _ in [255, 0, 0, 0] as [UInt16] })
        let bytes = try text(source, .init(method: .blocks))
        let board = try TerminalScreen.blocks(String(decoding: bytes, as: UTF8.self))
        let expected = (0..<144).map { ($0 % 12 / 4 + $0 / 12 / 4) % 2 == 0 ? 153 : 102 as UInt8 }
        #expect(board.pixels == expected.map { [$0, $0, $0] })
        let png = try TerminalScreen.kitty(try text(noise(200, 100, .rgba), .init(method: .kitty)))
        let decoded = try decode(png)
        #expect(decoded.format == .rgba)
    }

    @Test(
        "kitty and iTerm get a PNG of the pixels, in pieces of 4096", arguments: [TerminalPicture.Method.kitty, .iterm])
    func files(method: TerminalPicture.Method) throws {
        let source = noise(150, 90, .rgb)
        let bytes = try text(source, .init(method: method))
        let file: [UInt8]
        if method == .kitty {
            file = try TerminalScreen.kitty(bytes)
            #expect(bytes.count > 8192)
        } else {
            let image = try TerminalScreen.iterm(bytes)
            file = image.file
            #expect(image.arguments["inline"] == "1")
            #expect(image.arguments["size"] == "\(file.count)")
            #expect(image.arguments["width"] == "150px" && image.arguments["height"] == "90px")
        }
        let decoded = try decode(file)
        #expect(try colors(decoded) == colors(source))
        #expect(bytes.last == UInt8(ascii: "\n"))
    }

    @Test("Sixels of few colours are exact to the hundredth", arguments: [(130, 7), (131, 64), (160, 6)])
    func fewColors(width: Int, height: Int) throws {
        var generator = SeededGenerator(seed: 4)
        let colors = (0..<256).map { _ in
            Palette.Color(red: generator.pick(0...255), green: generator.pick(0...255), blue: generator.pick(0...255))
        }
        let source = ArrayPixels(
            random: width, height, .indexed, palette: Palette(colors), using: &generator)
        let (picture, palette) = try TerminalScreen.sixel(try text(source, .init(method: .sixel)))
        #expect(palette.count <= 256)
        #expect(picture.width == width && picture.height == height)
        for (pixel, color) in zip(picture.pixels, try self.colors(source)) {
            let pixel = try #require(pixel)
            #expect(zip(pixel, color).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
        }
    }

    @Test("A photograph takes 256 colours, looks alike, and gives the same bytes each time") func photograph() throws {
        let source = try ImageFile.decode(path: Fixtures.path("images/rgb-444-progressive.jpg"))
        let large = try ResizedSource(source, width: 180, height: 120)
        let bytes = try text(large, .init(method: .sixel))
        #expect(bytes == (try text(large, .init(method: .sixel))))
        let (picture, palette) = try TerminalScreen.sixel(bytes)
        #expect(palette.count == 256)
        let drawn = ArrayPixels(
            width: 180, height: 120, format: .rgb, samples: picture.pixels.flatMap { ($0 ?? []).map(UInt16.init) })
        let comparison = try PictureComparison(large, drawn)
        #expect(comparison.peakSignalToNoise > 30)
    }

    @Test("Pictures fit the room; small ones are enlarged where pixels are shown")
    func sizes() throws {
        func size(_ width: Int, _ height: Int, _ options: TerminalPicture.Options) throws -> String {
            let bytes = try text(noise(width, height, .gray), options)
            switch options.method {
            case .blocks:
                let picture = try TerminalScreen.blocks(String(decoding: bytes, as: UTF8.self))
                return "\(picture.width)×\(picture.height)"
            default:
                let file =
                    options.method == .kitty ? try TerminalScreen.kitty(bytes) : try TerminalScreen.iterm(bytes).file
                let image = try decode(file)
                return "\(image.width)×\(image.height)"
            }
        }
        #expect(try size(400, 100, .init(method: .blocks, columns: 80, rows: 24)) == "80×20")
        #expect(try size(100, 400, .init(method: .blocks, columns: 80, rows: 24)) == "12×48")
        #expect(try size(20, 10, .init(method: .blocks, columns: 80, rows: 24)) == "20×10")
        #expect(try size(3000, 1, .init(method: .blocks, columns: 2, rows: 1)) == "2×2")
        #expect(try size(28, 28, .init(method: .kitty, columns: 80, rows: 24)) == "140×140")
        #expect(try size(28, 28, .init(method: .kitty, columns: 10, rows: 3)) == "28×28")
        #expect(try size(3000, 1500, .init(method: .iterm, columns: 200, rows: 90)) == "1024×512")
        #expect(try size(300, 150, .init(method: .kitty, columns: 10, rows: 40, cellWidth: 9)) == "90×45")
    }

    @Test("Any picture in any room is written so that it can be read", arguments: 0..<80 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let palette = Palette([.black, .white, .clear, Palette.Color(red: 200, green: 10, blue: 30, alpha: 99)])
        let format = generator.pick([
            PixelFormat.bilevel, .gray2, .gray, .gray16, .grayAlpha, .grayAlpha16, .rgb, .rgb16, .rgba, .rgba16,
            .indexed,
        ])
        let source = ArrayPixels(
            random: 1 + generator.below(generator.pick([3, 60, 700])),
            1 + generator.below(generator.pick([3, 60, 90])), format,
            palette: format == .indexed ? palette : nil, using: &generator)
        let options = TerminalPicture.Options(
            method: generator.pick(TerminalPicture.Method.allCases), columns: generator.below(100),
            rows: generator.below(30),
            cellWidth: generator.below(12), cellHeight: generator.below(24), hasTrueColor: generator.chance(0.5))
        let bytes = try text(source, options)
        let size: (width: Int, height: Int)
        var room = (width: options.columns * options.cellWidth, height: options.rows * options.cellHeight)
        switch options.method {
        case .blocks:
            let picture = try TerminalScreen.blocks(String(decoding: bytes, as: UTF8.self))
            size = (picture.width, picture.height)
            room = (options.columns, 2 * options.rows)
        case .kitty:
            let picture = try decode(try TerminalScreen.kitty(bytes))
            size = (picture.width, picture.height)
        case .iterm:
            let picture = try decode(try TerminalScreen.iterm(bytes).file)
            size = (picture.width, picture.height)
        case .sixel:
            let picture = try TerminalScreen.sixel(bytes).picture
            size = (picture.width, picture.height)
            #expect(picture.pixels.allSatisfy { $0 != nil })
        }
        #expect(size.width <= room.width && size.height <= room.height)
        #expect(size.width >= min(room.width, 1) && size.height >= 1)
    }
}
