import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Colour maps")
struct ColorMapTests {
    /// matplotlib.colormaps[name](i, bytes=True) for i = 0, 100, 255; matplotlib 3.11
    @Test(
        "The maps are matplotlib's",
        arguments: [
            ("viridis", [[68, 1, 84], [42, 118, 142], [253, 231, 36]]),
            ("magma", [[0, 0, 3], [137, 40, 129], [251, 252, 191]]),
            ("inferno", [[0, 0, 3], [144, 36, 104], [252, 254, 164]]),
            ("plasma", [[12, 7, 134], [174, 39, 145], [239, 248, 33]]),
            ("turbo", [[48, 18, 59], [63, 245, 138], [122, 4, 2]]),
        ])
    func tables(name: String, colors: [[UInt8]]) throws {
        let map = try #require(ColorMap.named(name))
        for (index, color) in zip([0, 100, 255], colors) {
            let entry = map.palette.colors[index]
            #expect([entry.red, entry.green, entry.blue] == color, "entry \(index)")
        }
    }

    @Test("Every map has 256 opaque colours and its name; a reversed one begins at the other end")
    func complete() throws {
        for map in ColorMap.all {
            #expect(map.palette.colors.count == 256)
            #expect(map.palette.colors.allSatisfy { $0.alpha == 255 })
            #expect(ColorMap.named(map.name) == map)
            #expect(map.reversed.palette.colors.first == map.palette.colors.last)
        }
        #expect(ColorMap.named("rainbow") == nil)
    }

    @Test("The diverging map runs from blue over a neutral light gray to red, lightest in the middle")
    func diverging() {
        let colors = ColorMap.diverging.palette.colors
        #expect(colors[0] == Palette.Color(red: 59, green: 76, blue: 192))
        #expect(colors[255] == Palette.Color(red: 180, green: 4, blue: 38))
        let spread =
            Int(max(colors[127].red, colors[127].green, colors[127].blue))
            - Int(min(colors[127].red, colors[127].green, colors[127].blue))
        #expect(spread <= 3)
        let lightness = colors.map { 0.2126 * Double($0.red) + 0.7152 * Double($0.green) + 0.0722 * Double($0.blue) }
        #expect(lightness.max() == lightness[126...129].max())
        #expect(zip(lightness[0..<127], lightness[1...127]).allSatisfy { $0 <= $1 + 1 })
        #expect(zip(lightness[128..<255], lightness[129...255]).allSatisfy { $0 >= $1 - 1 })
    }

    @Test("Own colours are stretched to 256")
    func custom() throws {
        let map = try #require(ColorMap(name: "two", colors: [.black, .white]))
        #expect(map.palette == ColorMap.gray.palette)
        let three = try #require(ColorMap(name: "three", colors: [.white, .black, .clear]))
        #expect(three.palette.colors.first == .white)
        #expect(three.palette.colors.last == .clear)
        #expect(ColorMap(name: "none", colors: [.black]) == nil)
    }

    @Test("A gray picture becomes indices into the map, or its colours on request")
    func mapped() throws {
        let gray = ArrayPixels(width: 3, height: 1, format: .gray, samples: [0, 100, 255])
        let indexed = try ColorMappedSource(gray, map: .viridis)
        #expect(indexed.format == .indexed)
        #expect(indexed.palette == ColorMap.viridis.palette)
        #expect(try samples(indexed) == [0, 100, 255])
        #expect(try samples(ColorMappedSource.rgb(gray, map: .viridis)) == [68, 1, 84, 42, 118, 142, 253, 231, 36])
        let deep = ArrayPixels(width: 3, height: 1, format: .gray16, samples: [0, 25700, 65535])
        #expect(try samples(ColorMappedSource(deep, map: .turbo)) == [0, 100, 255])
        let few = ArrayPixels(width: 2, height: 1, format: .bilevel, samples: [0, 1])
        #expect(try samples(ColorMappedSource(few, map: .turbo)) == [0, 255])
        let colors = ArrayPixels(width: 1, height: 1, format: .rgb, samples: [1, 2, 3])
        #expect(throws: MediaError.self) { try ColorMappedSource(colors, map: .turbo) }
    }
}
