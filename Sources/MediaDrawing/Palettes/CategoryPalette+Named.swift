public import ImageCoding

extension CategoryPalette {
    /// Colours that eyes of all kinds can tell apart, and that show on white and on dark pictures: the default.
    ///
    /// The first eight are at least 14 apart by CIEDE2000, the first twelve 9, with normal vision and without any one of the
    /// three kinds of cones; `Scripts/make_category_palette.py` says how the 256 were found.
    public static let distinct = CategoryPalette("distinct", hexadecimal: CategoryTable.colors)

    /// Eight colours of Masataka Okabe and Kei Ito, "Color Universal Design" (2008), black first.
    public static let okabeIto = CategoryPalette(
        "okabe-ito", hexadecimal: "000000 e69f00 56b4e9 009e73 f0e442 0072b2 d55e00 cc79a7")

    /// Ten plain hues in the order that charts have made familiar: blue, orange, green, red, purple, brown, pink, gray, olive,
    /// cyan.
    public static let tenHues = CategoryPalette(
        "ten-hues", hexadecimal: "2878b8 f5841f 32a03c d23232 9060b8 8a5a48 e078b8 808080 b4b428 20b8c8")

    /// The colours of the Pascal visual object classes challenge: 0 is black.
    public static let pascalVOC = CategoryPalette(bits: "pascal-voc")

    /// The colours of the Cityscapes data set by train id: road, sidewalk, building, wall, fence, pole, traffic light, traffic
    /// sign, vegetation, terrain, sky, person, rider, car, truck, bus, train, motorcycle, bicycle.
    public static let cityscapes = CategoryPalette(
        "cityscapes",
        hexadecimal: """
            804080 f423e8 464646 66669c be9999 999999 faaa1e dcdc00 6b8e23 98fb98 4682b4 dc143c ff0000 00008e 000046 003c64 \
            005064 0000e6 770b20
            """)

    /// Every built-in palette.
    public static let all: [CategoryPalette] = [distinct, okabeIto, tenHues, pascalVOC, cityscapes]

    /// The built-in palette of this name; `nil` when there is none.
    public static func named(_ name: String) -> CategoryPalette? { all.first { $0.name == name } }
}

extension Palette.Color {
    /// Black or white, whichever is easier to read on this colour: the one of greater contrast by WCAG 2.2, at least 4.58.
    ///
    /// Black has the greater contrast from a relative luminance of √(1.05·0.05) − 0.05 on. Opacity is ignored.
    public var readableInk: Palette.Color {
        let light = CategoryTable.light
        guard light.count == 256 else { return Palette.Color(gray: 0) }
        // 0.2126, 0.7152 and 0.0722 of 2¹⁶, of light 0…65535.
        let luminance = 13_933 * Int(light[Int(red)]) + 46_871 * Int(light[Int(green)]) + 4_732 * Int(light[Int(blue)])
        return Palette.Color(gray: luminance >> 16 >= 11_740 ? 0 : 255)
    }
}
