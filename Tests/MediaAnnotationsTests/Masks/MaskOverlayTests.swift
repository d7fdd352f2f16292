import MediaAnnotations
import TestSupport
import Testing

@Suite("Masks over pictures")
struct MaskOverlayTests {
    private static let colors: [Palette.Color] = (0..<40).map { (id: Int) -> Palette.Color in
        let (red, green) = (UInt8(id * 61 % 256), UInt8(id * 97 % 256))
        return Palette.Color(red: red, green: green, blue: UInt8(255 - id * 5))
    }

    private func mask(_ numbers: [Int], _ width: Int, _ height: Int) throws -> SegmentationMask {
        try SegmentationMask(try Tensor(numbers.map { UInt16($0) }, shape: [height, width]))
    }

    /// The formula and the definition of the outline, in numpy and in another way.
    private static let script = """
        h, w, c, reach, a = given["h"], given["w"], given["c"], given["reach"], given["a"]
        base = np.array(given["base"], np.int64).reshape(h, w, c)
        ids = np.array(given["ids"], np.int64).reshape(h, w)
        colors = np.array(given["colors"], np.int64)
        if c == 4:
            colors = np.concatenate([colors, np.full((len(colors), 1), 255)], axis=1)
        own = colors[ids % len(colors)]
        shown = np.isin(ids, given["shown"])
        out = np.where(shown[..., None], (base * (255 - a) + own * a + 127) // 255, base)
        if reach:
            edge = np.zeros((h, w), bool)
            for dy in range(-reach, reach + 1):
                for dx in range(-reach, reach + 1):
                    for y in range(max(0, -dy), min(h, h - dy)):
                        x0, x1 = max(0, -dx), min(w, w - dx)
                        edge[y, x0:x1] |= ids[y, x0:x1] != ids[y + dy, x0 + dx:x1 + dx]
            out = np.where((edge & shown)[..., None], own, out)
        result = out.ravel().tolist()
        """

    @Test("pixels are those of the formula in numpy, with edges and without", .python("numpy"), arguments: 0..<12)
    func numpy(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (width, height) = (random.integer(1...90), random.integer(1...40))
        let channels = seed % 2 == 0 ? 3 : 4
        let most = seed % 3 == 0 ? 300 : 39
        let numbers = randomIDs(width, height, most: most, using: &random)
        let bytes = random.bytes(width * height * channels)
        let base = try Tensor(bytes, shape: [height, width, channels]).picture()
        let reach = [0, 1, 3, 7][Int(seed) % 4]
        let opacity = random.pick([0, 0.25, 0.5, 1])
        let hidden = Set(numbers.prefix(2))
        let overlay = try MaskOverlay(
            base, mask: try mask(numbers, width, height),
            style: .init(opacity: opacity, outline: reach, classes: .except(hidden)), colors: Self.colors)
        let colors = Self.colors.map { JSONValue([Int($0.red), Int($0.green), Int($0.blue)]) }
        // With an opacity of 0 nothing shows, edges neither.
        let shown = opacity == 0 ? [] : Set(numbers).subtracting(hidden).sorted()
        let given: JSONValue = [
            "h": JSONValue(height), "w": JSONValue(width), "c": JSONValue(channels), "reach": JSONValue(reach),
            "a": JSONValue(Int((opacity * 255).rounded())), "base": JSONValue(bytes.map(Int.init)),
            "ids": JSONValue(numbers), "colors": .array(colors), "shown": JSONValue(shown),
        ]
        let expected = try python(Self.script, given).integers.map { UInt8($0) }
        #expect(overlay.format == (channels == 4 ? .rgba : .rgb))
        for rows in [1, 5, height] {
            #expect(firstDifference(try render(overlay, rows: rows), expected) == nil, "bands of \(rows)")
        }
    }

    @Test("the pixels are the same at every level of instructions")
    func levels() throws {
        var random = SeededGenerator(seed: 5)
        let (width, height) = (333, 47)
        let numbers = randomIDs(width, height, most: 39, using: &random)
        let base = try Tensor(random.bytes(width * height * 3), shape: [height, width, 3]).picture()
        let overlay = try MaskOverlay(
            base, mask: try mask(numbers, width, height), style: .init(outline: 2), colors: Self.colors)
        var results: Set<[UInt8]> = []
        try CPULevel.forEachAvailable { _ in results.insert(try render(overlay)) }
        #expect(results.count == 1)
    }

    @Test("which classes show, and how many pixels do not")
    func hidden() throws {
        let numbers = [0, 0, 0, 1, 2, 2]
        let black = try Tensor([UInt8](repeating: 0, count: 18), shape: [2, 3, 3]).picture()
        func shown(_ labels: ClassLabels?, _ classes: MaskOverlay.Classes) throws -> ([Int], Int) {
            let mask = try SegmentationMask(try Tensor(numbers.map { UInt8($0) }, shape: [2, 3]), labels: labels)
            let overlay = try MaskOverlay(
                black, mask: mask, style: .init(opacity: 1, classes: classes),
                color: { Palette.Color(red: UInt8($0 + 10), green: 0, blue: 0) })
            let red = try stride(from: 0, to: 18, by: 3).map { Int(try render(overlay)[$0]) }
            return (red.map { $0 == 0 ? -1 : $0 - 10 }, overlay.hiddenPixels)
        }
        let names = { (name: String) in try ClassLabels([ImageClass(id: 0, name: name), ImageClass(id: 1, name: "x")]) }
        #expect(try shown(nil, .automatic) == ([-1, -1, -1, 1, 2, 2], 3))
        #expect(try shown(try names("Background"), .automatic) == ([-1, -1, -1, 1, 2, 2], 3))
        #expect(try shown(try names("sky"), .automatic) == ([0, 0, 0, 1, 2, 2], 0))
        #expect(try shown(nil, .all) == ([0, 0, 0, 1, 2, 2], 0))
        #expect(try shown(nil, .only([1, 7])) == ([-1, -1, -1, 1, -1, -1], 5))
        #expect(try shown(nil, .except([2])) == ([0, 0, 0, 1, -1, -1], 2))
    }

    @Test("gray, indexed and 16-bit pictures become colours of 8 bits")
    func formats() throws {
        let numbers = [0, 1, 1, 0]
        let small = try mask(numbers, 2, 2)
        let gray = try Tensor([10, 20, 30, 40] as [UInt8], shape: [2, 2]).picture()
        let red = [Palette.Color(red: 255, green: 0, blue: 0)]
        let overlay = try MaskOverlay(gray, mask: small, style: .init(opacity: 1), colors: red)
        #expect(overlay.format == .rgb)
        #expect(try render(overlay) == [10, 10, 10, 255, 0, 0, 255, 0, 0, 40, 40, 40])
        let wide = try Tensor([257, 514, 771, 1028] as [UInt16], shape: [2, 2]).picture()
        #expect(try Array(render(try MaskOverlay(wide, mask: small, colors: red)).prefix(3)) == [1, 1, 1])
        let clear = try Tensor([UInt8](repeating: 0, count: 16), shape: [2, 2, 4]).picture()
        let blended = try render(try MaskOverlay(clear, mask: small, style: .init(opacity: 0.5), colors: red))
        #expect(Array(blended[4..<8]) == [128, 0, 0, 128] && Array(blended[..<4]) == [0, 0, 0, 0])
    }

    @Test("what cannot be drawn is refused")
    func refused() throws {
        let base = try Tensor([UInt8](repeating: 0, count: 12), shape: [2, 2, 3]).picture()
        let fitting = try mask([0, 1, 1, 0], 2, 2)
        let other = try mask([0, 1, 1], 3, 1)
        let error = try #require(throws: MediaError.self) { try MaskOverlay(base, mask: other, colors: Self.colors) }
        #expect(error.code == .maskSize)
        for style in [
            MaskOverlay.Style(opacity: 1.5), .init(opacity: .nan), .init(outline: -1), .init(outline: 65),
        ] {
            #expect(throws: MediaError.self) { try MaskOverlay(base, mask: fitting, style: style, colors: Self.colors) }
        }
        #expect(throws: MediaError.self) { try MaskOverlay(base, mask: fitting, colors: []) }
    }
}
