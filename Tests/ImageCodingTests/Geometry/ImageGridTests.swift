import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Grids, crops and padding")
struct ImageGridTests {
    private func gray(_ width: Int, _ height: Int, _ value: UInt16, _ format: PixelFormat = .gray) -> ArrayPixels {
        ArrayPixels(
            width: width, height: height, format: format,
            samples: [UInt16](repeating: value, count: width * height * format.channels))
    }

    @Test("Pictures stand in reading order with padding between and a border around")
    func order() throws {
        let cells = (1...3).map { gray(2, 1, UInt16($0)) }
        let grid = try ImageGrid(cells, options: .init(columns: 2, padding: 1, border: 1, background: .white))
        let w = 255
        #expect([grid.width, grid.height, grid.columns, grid.rows] == [7, 5, 2, 2])
        #expect(
            try samples(grid) == [
                w, w, w, w, w, w, w,
                w, 1, 1, w, 2, 2, w,
                w, w, w, w, w, w, w,
                w, 3, 3, w, w, w, w,
                w, w, w, w, w, w, w,
            ])
    }

    @Test("Left to itself a grid is about square", arguments: [(1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4)])
    func square(count: Int, columns: Int) throws {
        #expect(try ImageGrid((0..<count).map { _ in gray(1, 1, 0) }).columns == columns)
    }

    @Test("Smaller pictures are refused, or stand in the middle or at the top left")
    func sizes() throws {
        let cells = [gray(3, 3, 9), gray(1, 2, 5)]
        let error = #expect(throws: MediaError.self) { try ImageGrid(cells) }
        #expect(error?.message.contains("1×2") == true)
        #expect(error?.location.field == "sources[1]")
        var options = ImageGrid.Options(columns: 2, padding: 0, sizePolicy: .padToLargest)
        #expect(
            try samples(ImageGrid(cells, options: options)) == [9, 9, 9, 0, 5, 0, 9, 9, 9, 0, 5, 0, 9, 9, 9, 0, 0, 0])
        options.alignment = .topLeft
        #expect(
            try samples(ImageGrid(cells, options: options)) == [9, 9, 9, 5, 0, 0, 9, 9, 9, 5, 0, 0, 9, 9, 9, 0, 0, 0])
    }

    @Test("Different formats meet in the one that holds all of them")
    func formats() throws {
        func format(_ formats: [PixelFormat], background: Palette.Color = .black, count: Int? = nil) throws
            -> PixelFormat
        {
            let cells = formats.map { gray(1, 1, 1, $0) }
            return try ImageGrid(
                cells, options: .init(columns: count ?? cells.count, padding: 1, background: background)
            ).format
        }
        #expect(try format([.gray, .gray]) == .gray)
        #expect(try format([.gray, .rgb]) == .rgb)
        #expect(try format([.grayAlpha, .rgb]) == .rgba)
        #expect(try format([.gray16, .rgb]) == .rgb16)
        #expect(try format([.bilevel, .bilevel]) == .bilevel)
        #expect(try format([.bilevel, .bilevel], background: Palette.Color(gray: 100)) == .gray)
        #expect(try format([.bilevel, .gray]) == .gray)
        #expect(try format([.gray, .gray], background: Palette.Color(red: 1, green: 2, blue: 3)) == .rgb)
        #expect(try format([.gray, .gray], background: .clear) == .grayAlpha)
    }

    @Test("Equal palettes are kept, and the background finds room in them")
    func palettes() throws {
        let palette = try #require(Palette([.black, Palette.Color(red: 200, green: 0, blue: 0)]))
        let cell = ArrayPixels(width: 1, height: 1, format: .indexed, palette: palette, samples: [1])
        let grid = try ImageGrid([cell, cell], options: .init(columns: 2, padding: 1, background: .white))
        #expect(grid.palette?.colors == palette.colors + [.white])
        #expect(try samples(grid) == [1, 2, 1])
        let full = ArrayPixels(width: 1, height: 1, format: .indexed, palette: ColorMap.viridis.palette, samples: [0])
        let wide = try ImageGrid([full, full], options: .init(columns: 2, padding: 1))
        #expect(try samples(wide) == [68, 1, 84, 0, 0, 0, 68, 1, 84])
        #expect(try ImageGrid([full, full], options: .init(columns: 2, padding: 0)).format == .indexed)
    }

    @Test("Sizes that cannot be are refused before memory is taken")
    func limits() throws {
        #expect(throws: MediaError.self) { try ImageGrid([]) }
        for options in [
            ImageGrid.Options(columns: 0), .init(padding: -1), .init(border: -1), .init(padding: Int.max),
            .init(border: .max),
        ] {
            #expect(throws: MediaError.self) { try ImageGrid([gray(1, 1, 0)], options: options) }
        }
        let long = ImageGrid.Options(columns: 1, padding: 1 << 30)
        let error = #expect(throws: MediaError.self) { try ImageGrid([gray(1, 1, 0), gray(1, 1, 0)], options: long) }
        #expect(error?.code == .limitExceeded)
    }

    @Test("A grid of random pictures equals what NumPy puts together", .python("numpy", "PIL"), arguments: 0..<4)
    func numpy(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cells = (0..<7).map { _ in ArrayPixels(random: 13, 11, .rgb, using: &generator) }
        let grid = try ImageGrid(
            cells,
            options: .init(columns: 3, padding: 2, border: 4, background: Palette.Color(red: 1, green: 2, blue: 3)))
        let theirs = try pythonPicture(
            """
            result = np.zeros((4 + 3 * 11 + 2 * 2 + 4, 4 + 3 * 13 + 2 * 2 + 4, 3), np.uint8) + np.array([1, 2, 3], np.uint8)
            for i, picture in enumerate(pictures):
                y, x = 4 + i // 3 * 13, 4 + i % 3 * 15
                result[y:y + 11, x:x + 13] = picture
            """, cells)
        #expect(firstDifference(try render(grid), theirs) == nil)
        try expectRowsInAnyOrder(grid, seed: seed)
    }

    @Test("Losses of every cell are counted")
    func tallies() throws {
        var cell = gray(2, 3, 0)
        cell.losesOnePerRow = true
        var tally = PixelTally()
        _ = try render(ImageGrid([cell, cell, cell]), tally: &tally)
        #expect(tally.clippedLow == 9)
    }

    @Test("A crop is the rows and columns asked for, in every format", arguments: 0..<12)
    func crop(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let format = generator.pick([PixelFormat.gray, .rgb, .rgba16, .bilevel, .gray16])
        let source = ArrayPixels(random: 2 + generator.below(30), 2 + generator.below(30), format, using: &generator)
        let left = generator.below(source.width), top = generator.below(source.height)
        let columns = left..<left + 1 + generator.below(source.width - left)
        let rows = top..<top + 1 + generator.below(source.height - top)
        let crop = try CroppedSource(source, columns: columns, rows: rows)
        let expected = rows.flatMap { row in
            columns.flatMap { column in
                let start = (row * source.width + column) * format.channels
                return source.samples[start..<start + format.channels].map(Int.init)
            }
        }
        #expect(try samples(crop) == expected)
        try expectRowsInAnyOrder(crop, seed: seed)
    }

    @Test("Crops that leave the picture are refused")
    func badCrops() {
        let source = gray(4, 3, 0)
        for (columns, rows) in [(0..<5, 0..<3), (0..<4, 0..<4), (2..<2, 0..<1), (-1..<2, 0..<1)] {
            #expect(throws: MediaError.self) { try CroppedSource(source, columns: columns, rows: rows) }
        }
    }

    @Test("Padding is a colour or the nearest pixel")
    func padding() throws {
        let source = ArrayPixels(width: 2, height: 2, format: .gray16, samples: [1, 2, 3, 4])
        let insets = EdgeInsets(top: 1, left: 2, bottom: 0, right: 1)
        let white = 65535
        let colored = try PaddedSource(source, insets: insets, with: .color(.white))
        #expect(
            try samples(colored) == [
                white, white, white, white, white, white, white, 1, 2, white, white, white, 3, 4, white,
            ])
        let edge = try PaddedSource(source, insets: insets, with: .edge)
        #expect(try samples(edge) == [1, 1, 1, 2, 2, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4])
        try expectRowsInAnyOrder(colored)
        try expectRowsInAnyOrder(edge)
        #expect(throws: MediaError.self) { try PaddedSource(source, insets: EdgeInsets(left: -1), with: .edge) }
        let palette = Palette([.black])
        let indexed = ArrayPixels(width: 1, height: 1, format: .indexed, palette: palette, samples: [0])
        #expect(throws: MediaError.self) { try PaddedSource(indexed, insets: insets, with: .color(.white)) }
    }

    @Test("Rows repeated by edge padding are counted once")
    func paddingTally() throws {
        var source = gray(2, 2, 0)
        source.losesOnePerRow = true
        var tally = PixelTally()
        _ = try render(PaddedSource(source, insets: EdgeInsets(all: 3), with: .edge), tally: &tally)
        #expect(tally.clippedLow == 2)
    }
}
