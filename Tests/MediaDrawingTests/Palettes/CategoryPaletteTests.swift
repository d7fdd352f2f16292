import Foundation
import ImageCoding
import MediaDrawing
import TestSupport
import Testing

@Suite("Colours of categories") struct CategoryPaletteTests {
    /// Simulates eyes without one kind of cones (Machado, Oliveira, Fernandes 2009) and gives the least CIEDE2000 of each.
    private static let leastDifferences = """
        import sys
        import numpy as np
        from skimage.color import deltaE_ciede2000, rgb2lab
        rgb = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(-1, 3) / 255
        light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        visions = [np.eye(3),
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]]
        for vision in visions:
            seen = np.clip(light @ np.array(vision).T, 0, 1)
            lab = rgb2lab(np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055))
            pairs = deltaE_ciede2000(lab[:, None], lab[None])
            print(pairs[np.triu_indices(len(lab), 1)].min())
        """

    private static func samples(_ colors: [Palette.Color]) -> [UInt8] {
        colors.flatMap { [$0.red, $0.green, $0.blue] }
    }

    @Test(
        "The first colours can be told apart without any one kind of cones", .python("numpy", "skimage"),
        arguments: [(8, 14.0), (12, 9.0)])
    func distinct(count: Int, least: Double) throws {
        let colors = (0..<count).map(CategoryPalette.distinct.color(for:))
        let lines = try PythonTools.run(Self.leastDifferences, input: Self.samples(colors)).lines
        let differences = lines.compactMap { Double($0) }
        #expect(differences.count == 4)
        #expect(differences.allSatisfy { $0 >= least }, "\(differences)")
    }

    @Test("The first twelve show on white and on dark pictures") func contrast() {
        for id in 0..<12 {
            let luminance = Self.luminance(CategoryPalette.distinct.color(for: id))
            #expect(1.05 / (luminance + 0.05) >= 1.2, "\(id)")
            #expect((luminance + 0.05) / 0.06 >= 1.8, "\(id)")
        }
    }

    @Test("An id has its colour whatever others there are; ids of 16 bits hardly ever share one") func stable() {
        let palette = CategoryPalette.distinct
        #expect(Set(palette.colors).count == 256)
        #expect(palette.colors == (0...255).map(palette.color(for:)))
        let all = (0...0xFFFF).map(palette.color(for:))
        #expect(Set(all).count > 64_000)
        #expect(all.allSatisfy { $0.alpha == 255 })
        #expect(palette.color(for: 0x1_0007) == palette.color(for: 7))
        for id in [Int.min, -1, Int.max] { #expect(palette.color(for: id) == palette.color(for: id & 0xFFFF)) }
        // Neighbours in number are no neighbours in colour, in the rounds beyond the table too.
        for round in [1, 2, 17, 200] {
            let here = palette.color(for: 256 * round + 5), next = palette.color(for: 256 * (round + 1) + 5)
            #expect(Self.distance(here, next) > 30, "\(round)")
        }
    }

    /// From the label pictures of the challenge itself: aeroplane, bicycle, bird, bottle, television, and the border.
    @Test("The Pascal colours are those of its label pictures") func pascal() {
        let known: [(Int, [UInt8])] = [
            (0, [0, 0, 0]), (1, [128, 0, 0]), (2, [0, 128, 0]), (3, [128, 128, 0]), (5, [128, 0, 128]),
            (20, [0, 64, 128]),
            (255, [224, 224, 192]),
        ]
        for (id, samples) in known { #expect(Self.samples([CategoryPalette.pascalVOC.color(for: id)]) == samples) }
        #expect(Set((0...0xFFFF).map(CategoryPalette.pascalVOC.color(for:))).count == 65536)
    }

    @Test("Palettes have names; shorter ones go on with other colours") func named() throws {
        #expect(CategoryPalette.all.map(\.name) == ["distinct", "okabe-ito", "ten-hues", "pascal-voc", "cityscapes"])
        for palette in CategoryPalette.all { #expect(CategoryPalette.named(palette.name) == palette) }
        #expect(CategoryPalette.named("rainbow") == nil)
        #expect(Set((0..<40).map(CategoryPalette.okabeIto.color(for:))).count == 40)
        #expect(CategoryPalette.cityscapes.color(for: 18) == Palette.Color(red: 119, green: 11, blue: 32))
        #expect(CategoryPalette(name: "none", colors: []) == nil)
        let own = try #require(
            CategoryPalette(name: "own", colors: [Palette.Color(red: 1, green: 2, blue: 3, alpha: 4)]))
        #expect(own.color(for: 0) == Palette.Color(red: 1, green: 2, blue: 3))
        #expect(own.color(for: 1) != own.color(for: 0))
    }

    @Test("Ink has the greater contrast of black and white on every colour") func ink() {
        for red in stride(from: 0, through: 255, by: 15) {
            for green in stride(from: 0, through: 255, by: 15) {
                for blue in stride(from: 0, through: 255, by: 15) {
                    let color = Palette.Color(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
                    let luminance = Self.luminance(color)
                    let white = 1.05 / (luminance + 0.05), black = (luminance + 0.05) / 0.05
                    let ink = color.readableInk
                    #expect(ink == Palette.Color(gray: black > white ? 0 : 255) || abs(black - white) < 0.001)
                }
            }
        }
    }

    /// Relative luminance by WCAG 2.2.
    private static func luminance(_ color: Palette.Color) -> Double {
        func light(_ sample: UInt8) -> Double {
            let s = Double(sample) / 255
            return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * light(color.red) + 0.7152 * light(color.green) + 0.0722 * light(color.blue)
    }

    private static func distance(_ a: Palette.Color, _ b: Palette.Color) -> Int {
        abs(Int(a.red) - Int(b.red)) + abs(Int(a.green) - Int(b.green)) + abs(Int(a.blue) - Int(b.blue))
    }
}
