import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Tensors become pictures as their options say")
struct PictureOptionsTests {
    private func floats(_ values: [Float], _ shape: [Int]) throws -> Tensor { try Tensor(values, shape: shape) }

    // MARK: Strictness

    @Test("Strict rules name the first value that is not finite, in the tensor's own axes and C order")
    func strictNotFinite() throws {
        var values = [Float](repeating: 0.5, count: 2 * 3 * 4 * 5)
        // In the rows of a picture the second comes first; in the tensor's order it is the other.
        values[60 + 20 + 2 * 5 + 1] = .nan
        values[60 + 40 + 1] = .infinity
        let tensor = try floats(values, [2, 3, 4, 5])
        let error = #expect(throws: MediaError.self) {
            try tensor.pictures(
                PictureOptions {
                    $0.layout = .nchw
                    $0.mapping = .unit
                    $0.strictness = .strict
                })
        }
        #expect(error?.code == .valueNotFinite)
        #expect(error?.message.contains("(1, 1, 2, 1)") == true)
        let picture = try #require(try tensor.pictures().last)
        var tally = PixelTally()
        _ = try render(picture, tally: &tally)
        #expect(tally.firstNotFinite == [1, 1, 2, 1])
        #expect(tally.notFinite == 2)
        // Row by row and from below, the answer is the same.
        var rows = PixelTally()
        for row in (0..<4).reversed() {
            var one = PixelTally()
            _ = try render(picture, rows: row..<row + 1, tally: &one)
            rows.add(one)
        }
        #expect(rows == tally)
    }

    @Test("Strict rules name the first value that would be clipped, and let pass what lies inside")
    func strictClipping() throws {
        let options = PictureOptions {
            $0.mapping = .unit
            $0.strictness = .strict
        }
        let error = #expect(throws: MediaError.self) {
            try floats([0, 1, 0.5, 1.5, -3, 0], [2, 3]).picture(options)
        }
        #expect(error?.code == .valueOutOfRange)
        #expect(error?.message.contains("1.5 at (1, 0)") == true)
        #expect(error?.message.contains("0…1") == true)
        _ = try floats([0, 1, 0.5, 0.25], [2, 2]).picture(options)
        #expect(throws: MediaError.self) {
            try Tensor([5, 300] as [Int32], shape: [1, 2]).picture(.init { $0.strictness = .strict })
        }
        // Whoever asks for percentiles asks for clipping.
        _ = try floats([0, 1, 2, 9], [2, 2]).picture(
            PictureOptions {
                $0.mapping = .percentile(10, 90)
                $0.strictness = .strict
            })
    }

    @Test("Strict rules refuse guesses: the range of floats, a mask in integers, narrowing")
    func strictGuesses() throws {
        let strict = PictureOptions { $0.strictness = .strict }
        let narrow = PictureOptions {
            $0.strictness = .strict
            $0.bits = 8
        }
        let cases: [(Tensor, PictureOptions, String)] = [
            (try floats([0, 3000], [1, 2]), strict, "value-range.guessed"),
            (try Tensor([0, 1] as [UInt8], shape: [1, 2]), strict, "value-range.binary"),
            (try Tensor([0, 1] as [UInt16], shape: [1, 2]), narrow, "value-range.narrowed"),
        ]
        for (tensor, options, code) in cases {
            let error = #expect(throws: MediaError.self) { try tensor.picture(options) }
            #expect(error?.code.rawValue == code)
            #expect(error?.hint != nil)
        }
        _ = try floats([0, 1], [1, 2]).picture(strict)
    }

    @Test(
        "Strict rules hold for flow, normals and depth too",
        arguments: [PictureKind.flow, .normals, .logDepth, .inverseDepth])
    func strictFields(kind: PictureKind) throws {
        let channels = kind == .flow ? 2 : kind == .normals ? 3 : 1
        var values = [Float](repeating: 0.5, count: 4 * 5 * channels)
        let options = PictureOptions {
            $0.kind = kind
            $0.strictness = .strict
        }
        _ = try floats(values, [4, 5, channels]).picture(options)
        values[5 * channels] = .nan
        let error = #expect(throws: MediaError.self) { try floats(values, [4, 5, channels]).picture(options) }
        #expect(error?.code == .valueNotFinite)
        #expect(error?.message.contains("(1, 0, 0)") == true)
        if channels > 1 {
            let ambiguous = try floats([Float](repeating: 0, count: channels * 4 * channels), [channels, 4, channels])
            #expect(throws: MediaError.self) { try ambiguous.picture(options) }
        }
    }

    // MARK: Labels

    private static let labels = PictureOptions { $0.kind = .labels }

    @Test("Class ids of every type are indices into a palette without two equal colours")
    func labels() throws {
        func check<Number: TensorElement>(_ values: [Number]) throws {
            let picture = try Tensor(values, shape: [2, 2]).picture(Self.labels)
            #expect(picture.format == .indexed)
            #expect(try samples(picture) == [0, 1, 2, 5])
            let colors = try #require(picture.palette?.colors)
            #expect(colors.count == 6 && Set(colors).count == 6 && colors[0] == .black)
        }
        try check([0, 1, 2, 5] as [UInt8])
        try check([0, 1, 2, 5] as [Int64])
        try check([0, 1, 2, 5] as [Float])
        try check([0, 1, 2, 5] as [UInt16])
        let all = try Tensor((0...255).map { UInt8($0) }, shape: [16, 16]).picture(Self.labels)
        #expect(Set(try #require(all.palette?.colors)).count == 256)
        // 3 ids fit 2 bits a pixel, and the file says so.
        let few = try Tensor([0, 1, 2, 1] as [Int32], shape: [2, 2]).picture(Self.labels)
        let image = try PNGDecoder().decode(PNGEncoder().encode(few))
        #expect(image.format.model == .indexed && image.format.bits == 2)
        #expect(image.pixels == [0, 1, 2, 1])
        #expect(image.palette == few.palette)
    }

    @Test(
        "A value that is no class id is refused, and the first one named",
        arguments: [-1, 256, 0.5, .nan, .infinity, 1e300])
    func wrongLabel(value: Double) throws {
        let tensor = try Tensor([0, 1, 2, value, -7, 3], shape: [2, 3])
        let error = #expect(throws: MediaError.self) { try tensor.picture(Self.labels) }
        #expect(error?.code == .valueOutOfRange)
        #expect(error?.message.contains("(1, 0)") == true)
    }

    @Test("Label maps have no channels: a batch is a batch, an axis of 1 is left out")
    func labelShapes() throws {
        func pictures(_ shape: [Int], _ layout: ImageLayout? = nil) throws -> [any PixelSource] {
            let count = shape.reduce(1, *)
            return try Tensor((0..<count).map { UInt8($0) }, shape: shape).pictures(
                PictureOptions {
                    $0.kind = .labels
                    $0.layout = layout
                })
        }
        #expect(try pictures([3, 4, 5]).count == 3)
        #expect(try pictures([4, 5, 3]).count == 4)
        #expect(try pictures([1, 4, 5]).map { [$0.width, $0.height] } == [[5, 4]])
        #expect(try pictures([4, 5, 1]).map { [$0.width, $0.height] } == [[5, 4]])
        #expect(try pictures([2, 1, 4, 5]).count == 2)
        #expect(try pictures([2, 4, 5, 1], .nhwc).count == 2)
        // One palette for all.
        #expect(try Set(pictures([3, 4, 5]).map { $0.palette?.colors.count }) == [60])
        for shape in [[4], [2, 2, 4, 5]] { #expect(throws: MediaError.self) { try pictures(shape) } }
        #expect(throws: MediaError.self) { try pictures([4, 5, 3], .hwc) }
    }

    @Test("Labels are made smaller by their nearest pixel: no id appears that was not there")
    func labelsMaxSide() throws {
        let ids = (0..<40 * 30).map { UInt8($0 % 30 < 15 ? 3 : 200) }
        var options = Self.labels
        options.maxSide = 10
        let picture = try Tensor(ids, shape: [40, 30]).picture(options)
        #expect((picture.width, picture.height) == (8, 10))
        #expect(picture.format == .indexed)
        #expect(Set(try samples(picture)) == [3, 200])
    }

    // MARK: Flow, normals, depth

    @Test("The range of a mapping is the length of full colour, or the nearest and the farthest depth")
    func fieldRanges() throws {
        let flow = try floats([3, 4, 0, 0], [1, 2, 2])
        func picture(_ kind: PictureKind, _ tensor: Tensor, _ mapping: ValueMapping) throws -> any PixelSource {
            try tensor.picture(
                PictureOptions {
                    $0.kind = kind
                    $0.mapping = mapping
                })
        }
        #expect(try picture(.flow, flow, .automatic).facts.mapping?.high == 5)
        #expect(try picture(.flow, flow, .range(0, 20)).facts.mapping?.high == 20)
        #expect(throws: MediaError.self) { try picture(.flow, flow, .unit) }
        #expect(throws: MediaError.self) { try picture(.flow, flow, .range(1, 20)) }
        let depth = try floats([1, 2, 4, 100], [2, 2])
        let log = try picture(.logDepth, depth, .range(1, 100))
        #expect(log.facts.mapping?.low == 1 && log.facts.mapping?.high == 100)
        #expect(try samples(log).first == 1 && samples(log).last == 255)
        #expect(try picture(.inverseDepth, depth, .minMax).facts.mapping?.high == 100)
        #expect(try picture(.inverseDepth, depth, .percentile(0, 50)).facts.mapping?.high == 3)
        #expect(throws: MediaError.self) { try picture(.logDepth, depth, .byte) }
        #expect(try samples(picture(.normals, floats([0, 0, 1], [1, 1, 3]), .automatic)) == [128, 128, 255])
    }

    @Test("A batch of fields has one scale, and its tally names the picture")
    func fieldBatches() throws {
        func pictures(_ kind: PictureKind, _ values: [Float], _ shape: [Int]) throws -> [any PixelSource] {
            try floats(values, shape).pictures(PictureOptions { $0.kind = kind })
        }
        let flow = try pictures(.flow, [3, 4, 0, 1, 6, 8, .nan, 0], [2, 1, 2, 2])
        #expect(flow.map(\.facts.mapping?.high) == [10, 10])
        #expect(flow.map(\.facts.layout) == ["nhwc", "nhwc"])
        let depth = try pictures(.logDepth, [1, 2, 50, 100], [2, 2, 1])
        #expect(depth.count == 1, "rank 3 with a last axis of 1 is one field")
        let depths = try pictures(.logDepth, [1, 2, 3, 4, 50, 60, 0, 100], [2, 2, 2])
        #expect(Set(depths.map(\.facts.mapping)).count == 1)
        var tally = PixelTally()
        _ = try render(depths[1], tally: &tally)
        #expect(tally.firstNotFinite == [1, 1, 0])
        var flowTally = PixelTally()
        _ = try render(flow[1], tally: &flowTally)
        #expect(flowTally.firstNotFinite == [1, 0, 1, 0])
        let normals = try pictures(.normals, [0, 0, 1, 0, .nan, 0], [2, 1, 1, 3])
        var normalTally = PixelTally()
        _ = try render(normals[1], tally: &normalTally)
        #expect(normalTally.firstNotFinite == [1, 0, 0, 1])
    }

    @Test("A colour map gives a scalar field its colours; colours it refuses")
    func colorMaps() throws {
        let options = PictureOptions { $0.colorMap = .viridis }
        let picture = try floats([0, 0.5, 1, 0.25], [2, 2]).picture(options)
        #expect(picture.format == .indexed && picture.palette == ColorMap.viridis.palette)
        #expect(try samples(picture) == [0, 128, 255, 64])
        // 16-bit integers are mapped from all their bits.
        #expect(
            try samples(Tensor([0, 32768, 65535, 257] as [UInt16], shape: [2, 2]).picture(options)) == [0, 128, 255, 1])
        let error = #expect(throws: MediaError.self) { try floats([0, 0, 0], [1, 1, 3]).picture(options) }
        #expect(error?.location.field == "colorMap")
    }

    // MARK: Grids, sizes, modes

    @Test("A grid lays a batch side by side; a number of rows makes pages")
    func grids() throws {
        let values = (0..<7).flatMap { [UInt8](repeating: UInt8($0 + 1), count: 2) }
        let tensor = try Tensor(values, shape: [7, 1, 2])
        func grids(columns: Int?, rows: Int?) throws -> [any PixelSource] {
            try tensor.pictures(
                PictureOptions {
                    $0.layout = .nhw
                    $0.grid = GridOptions(.init(columns: columns, padding: 0), rows: rows)
                })
        }
        let one = try grids(columns: 3, rows: nil)
        #expect(one.map { [$0.width, $0.height] } == [[6, 3]])
        #expect(try samples(one[0]) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 0, 0, 0, 0])
        let pages = try grids(columns: 2, rows: 2)
        #expect(pages.map { [$0.width, $0.height] } == [[4, 2], [4, 2]])
        #expect(try samples(pages[1]) == [5, 5, 6, 6, 7, 7, 0, 0])
        #expect(try grids(columns: nil, rows: nil).map { [$0.width, $0.height] } == [[6, 3]])
        for (columns, rows) in [(0, 1), (1, 0), (-1, 1), (2, Int.max), (-2, -2)] {
            #expect(throws: MediaError.self) { try grids(columns: columns, rows: rows) }
        }
    }

    @Test("A longest side makes pictures smaller, never larger")
    func maxSide() throws {
        let tensor = try Tensor([UInt8](repeating: 77, count: 40 * 60 * 3), shape: [40, 60, 3])
        let small = try tensor.picture(PictureOptions { $0.maxSide = 30 })
        #expect((small.width, small.height) == (30, 20))
        #expect(Set(try samples(small)) == [77])
        #expect(try tensor.picture(PictureOptions { $0.maxSide = 100 }).width == 60)
        for side in [0, -1] {
            #expect(throws: MediaError.self) { try tensor.picture(PictureOptions { $0.maxSide = side }) }
        }
    }

    @Test("A mode pins the format, whatever the tensor is")
    func modes() throws {
        let gray = try Tensor([0, 100, 255] as [UInt8], shape: [1, 3])
        let colors = try Tensor([255, 0, 0, 0, 255, 0] as [UInt8], shape: [1, 2, 3])
        func drawn(_ tensor: Tensor, _ name: String) throws -> (PixelFormat, [Int]) {
            let mode = try PixelMode(name)
            let picture = try tensor.picture(PictureOptions { $0.mode = mode })
            return (picture.format, try samples(picture))
        }
        #expect(try drawn(gray, "rgb") == (.rgb, [0, 0, 0, 100, 100, 100, 255, 255, 255]))
        #expect(try drawn(gray, "gray-alpha") == (.grayAlpha, [0, 255, 100, 255, 255, 255]))
        #expect(try drawn(gray, "gray16") == (.gray16, [0, 25700, 65535]))
        #expect(try drawn(colors, "gray") == (.gray, [76, 150]))
        #expect(try drawn(colors, "rgba") == (.rgba, [255, 0, 0, 255, 0, 255, 0, 255]))
        // Floats get all 16 bits, not 8 of them twice.
        #expect(try drawn(floats([0, 0.5, 1], [1, 3]), "gray16") == (.gray16, [0, 32768, 65535]))
        #expect(
            try drawn(Tensor([0, 1000, 65535] as [UInt16], shape: [1, 3]), "gray16") == (.gray16, [0, 1000, 65535]))
        // The modes of the Python imaging library keep numbers: 255 stays 255.
        #expect(try drawn(gray, "I") == (.gray16, [0, 100, 255]))
        #expect(
            try drawn(Tensor([0, 1000, 65535] as [UInt16], shape: [1, 3]), "I;16") == (.gray16, [0, 1000, 65535]))
    }

    @Test("Samples have 8 or 16 bits", arguments: [-8, 0, 1, 2, 4, 7, 12, 32])
    func bits(bits: Int) throws {
        for type in ElementType.allCases {
            let tensor = try Tensor(
                storage: .array([UInt8](repeating: 200, count: 32)), elementType: type, shape: [2, 2])
            let error = #expect(throws: MediaError.self) { try tensor.picture(PictureOptions { $0.bits = bits }) }
            #expect(error?.location.field == "bits")
        }
    }

    // MARK: Damage

    @Test("Random tensors with random options end in a picture or an error", arguments: 0..<4)
    func anything(part: Int) throws {
        var generator = SeededGenerator(seed: 900 + UInt64(part))
        var pictures = 0
        for _ in 0..<2500 { pictures += try RandomOptions.draw(using: &generator) }
        #expect(pictures > 500)
    }
}
