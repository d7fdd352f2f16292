import MediaDrawing
import TestSupport
import Testing

@Suite("Laying colours over pixels")
struct BlendingTests {
    static let drawable: [PixelFormat] = [.rgb, .rgba, .rgb16, .rgba16]

    /// The documented rules, in numpy: levels of random rectangles by exact areas, laid over one after the other.
    private static let reference = """
        import sys
        import numpy as np
        width, height, channels, bits, count = map(int, sys.argv[1:6])
        data = sys.stdin.buffer.read()
        kind = np.uint8 if bits == 8 else np.uint16
        size = width * height * channels * np.dtype(kind).itemsize
        picture = np.frombuffer(data[:size], kind).reshape(height, width, channels).astype(np.int64)
        shapes = np.frombuffer(data[size:], np.float64).reshape(count, 8)
        most = (1 << bits) - 1

        def share(low, high, n):
            places = np.arange(n)
            return np.maximum(0, np.minimum(high, places + 1) - np.maximum(low, places))

        for x0, y0, x1, y1, *color in shapes:
            area = share(y0, y1, height)[:, None] * share(x0, x1, width)[None, :]
            level = np.floor(area * 255 + 0.5).astype(np.int64)
            alpha = int(color[3])
            samples = np.array([int(c) * (most // 255) for c in color[:3]])
            m = ((level * alpha + 127) // 255)[:, :, None]
            if channels == 3:
                picture = (picture * (255 - m) + samples * m + 127) // 255
            else:
                below = picture[:, :, 3:]
                p, q = m * most, below * (255 - m)
                both = p + q
                mixed = (samples * p + picture[:, :, :3] * q + both // 2) // np.maximum(both, 1)
                mixed = np.where((m == 0) | (both == 0), picture[:, :, :3], mixed)
                opacity = np.where((m == 0) | (both == 0), below, (both + 127) // 255)
                picture = np.concatenate([mixed, opacity], axis=2)
        sys.stdout.buffer.write(picture.astype(kind).tobytes())
        """

    @Test("Pixels are those of the documented whole numbers, to the bit", .python("numpy"), arguments: drawable)
    func rectangles(format: PixelFormat) throws {
        var generator = SeededGenerator(seed: UInt64(format.channels * 100 + format.bits))
        var base = ArrayPixels(random: 61, 37, format, using: &generator)
        if format.hasAlpha {
            // Opacities that decide between branches are frequent.
            for pixel in 0..<61 * 37 where generator.chance(0.4) {
                base.samples[4 * pixel + 3] = generator.chance(0.5) ? 0 : UInt16(format.maximum)
            }
        }
        var canvas = try Canvas(over: base)
        var numbers: [Double] = []
        for _ in 0..<60 {
            let x = generator.double(-10, 61), y = generator.double(-10, 37)
            let isWhole = generator.chance(0.5)
            let box = Rectangle(
                x: isWhole ? x.rounded() : x, y: isWhole ? y.rounded() : y, width: Double(generator.integer(0...40)),
                height: generator.double(0, 30))
            let bytes = generator.bytes(3)
            let color = Palette.Color(
                red: bytes[0], green: bytes[1], blue: bytes[2], alpha: UInt8(generator.pick([0, 1, 90, 128, 254, 255])))
            canvas.fill(box, color: color)
            numbers += [box.minX, box.minY, box.maxX, box.maxY]
            numbers += (bytes + [color.alpha]).map { Double($0) }
        }
        let theirs = try PythonTools.run(
            Self.reference, arguments: ["61", "37", "\(format.channels)", "\(format.bits)", "60"],
            input: try render(base) + bytes(of: numbers)
        ).output
        #expect(firstDifference(try render(canvas), theirs) == nil)
    }

    @Test("A canvas has the samples of the picture below: colours, 16 bits, opacity")
    func formats() throws {
        func format(_ picture: ArrayPixels) throws -> PixelFormat { try Canvas(over: picture).format }
        #expect(try format(ArrayPixels(2, 2, .gray, all: [7])) == .rgb)
        #expect(try format(ArrayPixels(2, 2, .bilevel, all: [1])) == .rgb)
        #expect(try format(ArrayPixels(2, 2, .grayAlpha, all: [7, 9])) == .rgba)
        #expect(try format(ArrayPixels(2, 2, .gray16, all: [700])) == .rgb16)
        #expect(try format(ArrayPixels(2, 2, .grayAlpha16, all: [700, 9])) == .rgba16)
        var indexed = ArrayPixels(2, 1, .indexed, all: [1])
        indexed.palette = Palette([.black, .signal])
        #expect(try format(indexed) == .rgb)
        #expect(try samples(Canvas(over: indexed)) == [255, 0, 0, 255, 0, 0])
        indexed.palette = Palette([.black, .clear])
        #expect(try format(indexed) == .rgba)
        var deep = try Canvas(over: ArrayPixels(2, 1, .gray16, all: [701]))
        deep.fill(Rectangle(x: 1, y: 0, width: 1, height: 1), color: .signal)
        #expect(try samples(deep) == [701, 701, 701, 65535, 0, 0])
    }

    @Test("Nothing drawn, nothing changed, and what is below is passed on")
    func empty() throws {
        var generator = SeededGenerator(seed: 3)
        let base = ArrayPixels(random: 9, 5, .rgba16, using: &generator)
        var canvas = try Canvas(over: base)
        canvas.fill(canvas.bounds, color: .clear)
        canvas.fill(Rectangle(x: 20, y: 0, width: 5, height: 5), color: .signal)
        canvas.fill(Path(), color: .signal)
        #expect(try render(canvas) == render(base))
        #expect(canvas.facts.findings.isEmpty)
    }
}
