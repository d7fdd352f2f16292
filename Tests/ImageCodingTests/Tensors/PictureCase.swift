import ImageCoding
import MediaCore
import TensorIO
import TestSupport

/// A random tensor with random options, and what must come of it.
struct PictureCase: CustomStringConvertible {
    let tensor: RandomTensor
    let layout: ImageLayout
    let options: PictureOptions
    let preset: EncodingPreset
    let expected: [ReferencePicture]
    /// The palette when the picture is colour-mapped.
    let palette: Palette?

    var type: ElementType { tensor.tensor.elementType }
    var shape: [Int] { tensor.tensor.shape }
    /// Whether the tensor's samples are the file's: no other mode, no colours.
    var isDirect: Bool { options.mode == nil && options.colorMap == nil }

    var description: String {
        "\(type) \(shape) \(layout) strides \(tensor.tensor.strides) \(tensor.tensor.byteOrder), \(options.mapping), "
            + "mode \(options.mode?.name ?? "-"), bits \(options.bits ?? 0), map \(options.colorMap?.name ?? "-"), \(preset)"
    }

    init(isLarge: Bool, using generator: inout SeededGenerator) throws {
        let type = generator.pick(ElementType.allCases)
        let layout = generator.pick(ImageLayout.allCases)
        let channels = layout.axis("c") == nil ? 1 : generator.pick([1, 2, 3, 3, 3, 4])
        let side = isLarge ? 200...240 : generator.chance(0.1) ? 1...90 : 1...14
        let shape = layout.rawValue.map { letter in
            letter == "c"
                ? channels : letter == "n" ? generator.integer(isLarge ? 1...1 : 1...3) : generator.integer(side)
        }
        let values = RandomTensor.numbers(shape.reduce(1, *), type, using: &generator)
        tensor = try RandomTensor(type, shape: shape, values: values, isPlain: generator.chance(0.3), using: &generator)
        self.layout = layout

        var options = PictureOptions()
        options.mapping = generator.pick(Self.mappings)
        if generator.chance(0.2) { options.bits = generator.pick([8, 16]) }
        if generator.chance(0.25) { options.mode = try PixelMode(generator.pick(Self.modes)) }
        if channels == 2, options.mode == nil {
            options.mode = try PixelMode(options.bits == 16 ? "gray-alpha16" : "gray-alpha")
        }
        if channels == 1, options.mode == nil, generator.chance(0.15) {
            options.colorMap = generator.pick(ColorMap.all)
        }
        if generator.chance(0.6) || Self.inferred(shape, options.mode) != layout { options.layout = layout }
        self.options = options
        preset = generator.pick(EncodingPreset.allCases)
        palette = options.colorMap?.palette

        let mode = options.mode?.format
        let bits = mode.map { $0.bits == 16 ? 16 : 8 } ?? (options.colorMap == nil ? options.bits : 8)
        var pictures = ReferencePicture.pictures(
            tensor.values, type, shape: shape, layout: layout, mapping: options.mapping, bits: bits)
        for i in pictures.indices {
            if let mode { pictures[i] = pictures[i].converted(to: mode) }
            if options.colorMap != nil { pictures[i].format = .indexed }
        }
        expected = pictures
    }

    /// The documented rule for shapes whose layout is not given; `nil` where there is an error instead.
    private static func inferred(_ shape: [Int], _ mode: PixelMode?) -> ImageLayout? {
        let counts = mode?.format.model == .grayAlpha ? [1, 2, 3, 4] : [1, 3, 4]
        switch shape.count {
        case 2: return .hw
        case 3: return counts.contains(shape[2]) ? .hwc : counts.contains(shape[0]) ? .chw : nil
        default: return counts.contains(shape[3]) ? .nhwc : counts.contains(shape[1]) ? .nchw : nil
        }
    }

    private static let mappings: [ValueMapping] = [
        .automatic, .automatic, .automatic, .automatic, .unit, .signedUnit, .byte, .minMax, .minMax,
        .percentile(1, 99), .percentile(0, 62.5), .range(0.2, 0.7), .range(10, -3), .range(-5, 1000),
        .range(1e6, 1e6 + 10), .range(0.1, 0.3), .range(-0x1p53, 0x1p53),
    ]
    private static let modes = [
        "gray", "gray-alpha", "rgb", "rgba", "gray16", "gray-alpha16", "rgb16", "rgba16", "bilevel",
    ]
}

extension ImageLayout {
    /// Which axis has the letter.
    func axis(_ letter: Character) -> Int? { Array(rawValue).firstIndex(of: letter) }
}
