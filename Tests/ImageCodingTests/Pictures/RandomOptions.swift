import ImageCoding
import MediaCore
import TensorIO
import TestSupport

/// Tensors and options that nobody would ask for.
enum RandomOptions {
    /// Makes the pictures of a random tensor with random options and draws them. An error is as good as a picture.
    ///
    /// - Returns: how many pictures were drawn.
    static func draw(using generator: inout SeededGenerator) throws -> Int {
        let type = generator.pick(ElementType.allCases)
        let shape = (0..<generator.pick([2, 3, 3, 4, generator.below(6)])).map { _ in
            generator.chance(0.02) ? 0 : generator.pick([1, 1, 2, 3, 3, 4, 5, 6])
        }
        let count = shape.reduce(1, *)
        // Any bits, so that every number that a type has may come up; small numbers as well.
        let tensor: Tensor
        if generator.chance(0.3) {
            tensor = try Tensor(
                storage: .array(generator.bytes(count * type.byteCount)), elementType: type, shape: shape,
                byteOrder: generator.chance(0.5) ? .big : .little)
        } else {
            let values = RandomTensor.numbers(count, type, using: &generator)
            tensor = try RandomTensor(type, shape: shape, values: values, using: &generator).tensor
        }
        let options = try options(using: &generator)
        do throws(MediaError) {
            let pictures = try tensor.pictures(options)
            for picture in pictures { try encode(picture, using: &generator) }
            return pictures.count
        } catch {
            return 0
        }
    }

    private static func encode(_ picture: any PixelSource, using generator: inout SeededGenerator) throws(MediaError) {
        try PNGEncoder(preset: generator.pick(EncodingPreset.allCases)).encode(picture, to: MemorySink())
    }

    private static func options(using generator: inout SeededGenerator) throws -> PictureOptions {
        let numbers: [Double] = [
            0, 1, -1, 0.5, 255, 1e300, -1e300, 0x1p-1074, .nan, .infinity, -.infinity, 99, 100, 101,
        ]
        var options = PictureOptions()
        options.kind = generator.chance(0.5) ? .image : generator.pick(PictureKind.allCases)
        if generator.chance(0.4) { options.layout = generator.pick(ImageLayout.allCases) }
        switch generator.below(6) {
        case 0: options.mapping = .range(generator.pick(numbers), generator.pick(numbers))
        case 1: options.mapping = .percentile(generator.pick(numbers), generator.pick(numbers))
        case 2: options.mapping = .wandb(generator.pick(WandbVersion.allCases))
        case 3: options.mapping = generator.pick([ValueMapping.unit, .signedUnit, .byte, .minMax])
        default: break
        }
        if generator.chance(0.3) { options.mode = try PixelMode(generator.pick(PixelMode.names)) }
        if generator.chance(0.1) { options.bits = generator.pick([8, 16, 16, 8, 1, 0, -1, 64]) }
        if generator.chance(0.2) { options.colorMap = generator.pick(ColorMap.all) }
        if generator.chance(0.2) { options.maxSide = generator.pick([1, 2, 3, 100, 0, -5, Int.max, Int.min]) }
        if generator.chance(0.2) {
            let sides = [nil, 1, 2, 3, 0, -1, Int.max]
            options.grid = GridOptions(
                .init(columns: generator.pick(sides), padding: generator.pick([0, 1, 2, -1])),
                rows: generator.pick(sides))
        }
        options.strictness = generator.chance(0.1) ? .strict : .report
        if generator.chance(0.2) { options.compatibility = .wandb(generator.pick(WandbVersion.allCases)) }
        return options
    }
}
