import MediaAnnotations
import TestSupport
import Testing

@Suite("Masks from scores")
struct MaskArgmaxTests {
    @Test("argmax is that of numpy, for every type, order of axes and number of classes", .python("numpy", "ml_dtypes"))
    func numpy() throws {
        var random = SeededGenerator(seed: 11)
        let script = """
            a = np.array(given["a"]).reshape(given["shape"])
            result = [a.argmax(axis=0).ravel().tolist(), (a > 0).argmax(axis=0).ravel().tolist()]
            """
        for (classes, height, width) in [(1, 3, 5), (3, 37, 130), (21, 65, 70), (300, 5, 7)] {
            // Few distinct scores: ties everywhere.
            let scores = (0..<classes * height * width).map { _ in random.below(40) }
            let given: JSONValue = ["a": JSONValue(scores), "shape": JSONValue([classes, height, width])]
            let answers = (try python(script, given).array ?? []).map(\.integers)
            try #require(answers.count == 2)
            for type in ElementType.allCases {
                let tensor = try scoresTensor(scores, type, [classes, height, width])
                let expected = answers[type == .bool ? 1 : 0]
                #expect(ids(try SegmentationMask(argmaxOf: tensor)) == expected, "\(type), \(classes) classes")
                let last = try tensor.transposed([1, 2, 0])
                #expect(ids(try SegmentationMask(argmaxOf: last, classAxis: .last)) == expected)
                // Packed, with classes last: the scores of a pixel stand side by side.
                let packed = try Tensor(
                    storage: .array(last.packedBytes()), elementType: type, shape: [height, width, classes])
                #expect(ids(try SegmentationMask(argmaxOf: packed, classAxis: .last)) == expected)
                // Rows with a gap between them.
                let cut = try tensor.slice(axis: 2, 1..<width)
                let columns = (0..<height * width).filter { $0 % width > 0 }.map { expected[$0] }
                #expect(ids(try SegmentationMask(argmaxOf: cut)) == columns)
            }
        }
    }

    private func scoresTensor(_ scores: [Int], _ type: ElementType, _ shape: [Int]) throws -> Tensor {
        if type == .bool { return try Tensor(scores.map { $0 > 0 }, shape: shape) }
        // Below and above 0 where the type has both; the order stays.
        return try wholeNumbers(scores.map { $0 - (type.isSigned ? 20 : 0) }, type, shape)
    }

    @Test("NaN never wins, not even over minus infinity")
    func nan() throws {
        let nan = Float.nan
        // Three classes, five pixels; a column is a pixel.
        let scores: [Float] = [
            nan, nan, -.infinity, 1, nan,
            -.infinity, -5, -.infinity, nan, 2,
            -.infinity, nan, -.infinity, .infinity, 2,
        ]
        let mask = try SegmentationMask(argmaxOf: try Tensor(scores, shape: [3, 1, 5]))
        #expect(ids(mask) == [1, 1, 0, 2, 1])
        #expect(mask.findings.map(\.code) == [.maskScoresNotFinite] && mask.findings.first?.value == "5")
        let wide = try Tensor(scores.map { Double($0) }, shape: [3, 1, 5])
        #expect(ids(try SegmentationMask(argmaxOf: wide)) == [1, 1, 0, 2, 1])
    }

    @Test("a pixel whose scores are all NaN is an error with its place")
    func unclassified() throws {
        var scores = [Float](repeating: 0, count: 2 * 100 * 60)
        for pixel in [4807, 5011] { (scores[pixel], scores[6000 + pixel]) = (.nan, .nan) }
        let tensor = try Tensor(scores, shape: [2, 100, 60])
        let error = try #require(throws: MediaError.self) { try SegmentationMask(argmaxOf: tensor) }
        #expect(error.code == .maskUnclassified && error.location.field == "scores[80][7]")
        #expect(error.message.contains("1 more pixels"))
    }

    @Test("a one-hot encoding has one score of 1 per pixel when that is asked for", arguments: ElementType.allCases)
    func oneHot(type: ElementType) throws {
        var scores = [Int](repeating: 0, count: 3 * 4)
        for (pixel, number) in [2, 0, 1, 1].enumerated() { scores[number * 4 + pixel] = 1 }
        func tensor() throws -> Tensor {
            type == .float32
                ? try Tensor(scores.map { Float($0) }, shape: [3, 2, 2])
                : type == .float16
                    ? try Tensor(scores.map { Float16($0) }, shape: [3, 2, 2])
                    : type == .float64
                        ? try Tensor(scores.map { Double($0) }, shape: [3, 2, 2])
                        : try Tensor(
                            storage: .array(scores.flatMap { packed($0, type) }), elementType: type, shape: [3, 2, 2])
        }
        #expect(ids(try SegmentationMask(argmaxOf: try tensor(), requiresOneHot: true)) == [2, 0, 1, 1])
        scores[1] = 0  // pixel 1 has no class any more
        let error = try #require(throws: MediaError.self) {
            try SegmentationMask(argmaxOf: try tensor(), requiresOneHot: true)
        }
        #expect(error.code == .maskOneHot && error.location.field == "scores[0][1]")
        scores[1] = 1
        scores[0] = 1  // pixel 0 has two
        #expect(throws: MediaError.self) { try SegmentationMask(argmaxOf: try tensor(), requiresOneHot: true) }
    }

    /// The bytes of 0 or 1 in a type.
    private func packed(_ number: Int, _ type: ElementType) -> [UInt8] {
        if type == .bfloat16 { return bytes(of: [UInt16(Float(number).bitPattern >> 16)]) }
        return Array(bytes(of: [UInt64(number).littleEndian]).prefix(type.byteCount))
    }

    @Test("tensors that hold no scores are refused", arguments: [[4, 4], [0, 4, 4], [3, 0, 4], [1, 3, 4, 4]])
    func shapes(shape: [Int]) throws {
        let tensor = try Tensor([UInt8](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        #expect(throws: MediaError.self) { try SegmentationMask(argmaxOf: tensor) }
        let many = try Tensor(
            storage: .array([0 as UInt8]), elementType: .uint8, shape: [70_000, 1, 1], strides: [0, 0, 0])
        #expect(throws: MediaError.self) { try SegmentationMask(argmaxOf: many) }
    }
}
