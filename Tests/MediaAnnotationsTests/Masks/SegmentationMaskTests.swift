import MediaAnnotations
import TestSupport
import Testing

@Suite("Segmentation masks")
struct SegmentationMaskTests {
    private static let numbers = [0, 3, 3, 1, 0, 200]

    private func tensor(_ type: ElementType, _ numbers: [Int] = Self.numbers) throws -> Tensor {
        try wholeNumbers(numbers, type, [2, numbers.count / 2])
    }

    @Test("every type of whole numbers makes the same mask", arguments: ElementType.allCases)
    func types(type: ElementType) throws {
        let mask = try SegmentationMask(try tensor(type))
        var expected = Self.numbers
        if type == .bool { expected = expected.map { min($0, 1) } }
        if type == .int8 { expected = expected.map { min($0, 127) } }
        #expect(ids(mask) == expected)
        #expect(mask.width == 3 && mask.height == 2 && mask.tensor.elementType == .uint8)
        let counts = Dictionary(grouping: expected) { $0 }.mapValues(\.count)
        #expect(mask.classes.map(\.id) == counts.keys.sorted())
        #expect(mask.classes.allSatisfy { counts[$0.id] == $0.pixelCount })
        #expect(mask.labels == .defaults(for: counts.keys.sorted()) && mask.hasDefaultLabels)
    }

    @Test("ids above 255 take 16 bits")
    func wide() throws {
        let numbers = [0, 256, 65535, 7, 7, 300]
        for type in [ElementType.uint16, .int32, .float32, .float64, .uint64] {
            let mask = try SegmentationMask(try tensor(type, numbers))
            #expect(ids(mask) == numbers && mask.tensor.elementType == .uint16 && mask.greatestID == 65535)
        }
    }

    @Test("bytes and packed rows are looked at where they are, other views are copied")
    func views() throws {
        let wide = try Tensor((0..<40).map { UInt8($0 % 7) }, shape: [5, 8])
        let cut = try SegmentationMask(try wide.slice(axis: 1, 2..<6))
        #expect(cut.tensor.storage === wide.storage)
        #expect(ids(cut) == (0..<20).map { ($0 / 4 * 8 + 2 + $0 % 4) % 7 })
        let turned = try SegmentationMask(try wide.transposed([1, 0]))
        #expect(turned.tensor.storage !== wide.storage)
        #expect(ids(turned) == (0..<40).map { ($0 % 5 * 8 + $0 / 5) % 7 })
        let large = try Tensor((0..<40).map { UInt16($0 * 1000) }, shape: [5, 8])
        #expect(try SegmentationMask(large).tensor.storage === large.storage)
        let swapped = try Tensor(
            storage: .array((0..<40).map { UInt16($0 * 1000).byteSwapped }), elementType: .uint16, shape: [5, 8],
            byteOrder: ByteOrder.native == .little ? .big : .little)
        #expect(ids(try SegmentationMask(swapped)) == (0..<40).map { $0 * 1000 })
        // One byte off its type's address: nothing may read it as it lies there.
        let shifted = try Tensor(
            storage: .array([0] + bytes(of: (0..<40).map { UInt16($0 * 1000) })), elementType: .uint16, shape: [5, 8],
            offset: 1)
        #expect(ids(try SegmentationMask(shifted)) == (0..<40).map { $0 * 1000 })
    }

    @Test("a boolean that is stored as 2 is true")
    func oddBools() throws {
        let tensor = try Tensor(storage: .array([0, 2, 1, 255] as [UInt8]), elementType: .bool, shape: [2, 2])
        #expect(ids(try SegmentationMask(tensor)) == [0, 1, 1, 1])
    }

    @Test("of each kind of wrong numbers there is one finding with the first place and how many there are")
    func wrongNumbers() throws {
        var numbers = [Double](repeating: 1, count: 10_000)
        numbers[205] = .nan
        numbers[9_000] = -.infinity
        numbers[307] = -2
        numbers[408] = 2.5
        for i in 500..<700 { numbers[i] = 65_536 + Double(i) }
        let report = SegmentationMask.validate(try Tensor(numbers, shape: [100, 100]))
        #expect(report.findings.map(\.code) == [.maskNotFinite, .maskNegative, .maskFractional, .maskIDRange])
        #expect(
            report.findings.map(\.path) == [
                "mask_data[2][5]", "mask_data[3][7]", "mask_data[4][8]", "mask_data[5][0]",
            ])
        #expect(report.findings.map(\.value) == ["nan", "-2.0", "2.5", "66036.0"])
        #expect(report.findings[3].message.contains("and 199 more"))
        #expect(throws: MediaError.self) { try SegmentationMask(try Tensor(numbers, shape: [100, 100])) }
        let negative = try Tensor([0, 5, -1, -9_000_000_000] as [Int64], shape: [2, 2])
        let findings = SegmentationMask.validate(negative).findings
        #expect(findings.map(\.path) == ["mask_data[1][0]"] && findings.map(\.value) == ["-1"])
        let huge = try Tensor([0, UInt64.max], shape: [1, 2])
        #expect(SegmentationMask.validate(huge).findings.map(\.value) == ["18446744073709551615"])
    }

    @Test(
        "shapes that are no mask",
        arguments: [
            ([35], "mask.rank"), ([1, 5, 7], "mask.rank"), ([5, 7, 1], "mask.rank"), ([0, 4], "mask.empty"),
            ([4, 0], "mask.empty"), ([], "mask.rank"),
        ])
    func shapes(shape: [Int], code: String) throws {
        let tensor = try Tensor([UInt8](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        #expect(SegmentationMask.validate(tensor).findings.map(\.code.rawValue) == [code])
        let error = try #require(throws: MediaError.self) { try SegmentationMask(tensor) }
        #expect(error.code.rawValue == code && error.hint != nil)
    }

    @Test("a tensor that repeats one number is not copied out before its size is looked at")
    func hugeView() throws {
        let tensor = try Tensor(
            storage: .array([1 as Float]), elementType: .float32, shape: [1 << 20, 1 << 20], strides: [0, 0])
        #expect(SegmentationMask.validate(tensor).findings.map(\.code) == [.limitExceeded])
        #expect(throws: MediaError.self) { try SegmentationMask(tensor) }
    }

    @Test("classes without a label are warnings where labels are given")
    func labels() throws {
        let labels = try ClassLabels([ImageClass(id: 0, name: "sky"), ImageClass(id: 9, name: "cow")])
        let mask = try SegmentationMask(try tensor(.uint8), labels: labels)
        #expect(mask.labels == labels && !mask.hasDefaultLabels)
        #expect(mask.findings.map(\.path) == ["class_labels[1]", "class_labels[3]", "class_labels[200]"])
        #expect(mask.findings.allSatisfy { $0.severity == .warning && $0.code == .maskUnlabelled })
        let many = try Tensor((0..<1000).map { UInt16($0) }, shape: [10, 100])
        let report = SegmentationMask.validate(many, labels: labels)
        #expect(report.count == 33 && report.findings.last?.message == "966 more classes have no label")
    }

    @Test("the size is compared with that of a picture")
    func size() throws {
        let mask = try SegmentationMask(try tensor(.uint8))
        try mask.checkSize(width: 3, height: 2)
        let error = try #require(throws: MediaError.self) { try mask.checkSize(width: 2, height: 3) }
        #expect(error.code == .maskSize && error.message.contains("3×2") && error.message.contains("2×3"))
        #expect(error.hint?.contains("resize: .nearest") == true)
        let report = SegmentationMask.validate(try tensor(.uint8), imageWidth: 4)
        #expect(report.findings.map(\.code) == [.maskSize])
        #expect(throws: MediaError.self) { try mask.fitted(width: 6, height: 4) }
        #expect(try mask.fitted(width: 6, height: 4, resize: .nearest).width == 6)
    }

    @Test("each pixel takes the class of the pixel in which its middle lies", .python("numpy"))
    func resizing() throws {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<12 {
            let (width, height) = (random.integer(1...40), random.integer(1...40))
            let (newWidth, newHeight) = (random.integer(1...90), random.integer(1...90))
            let numbers = (0..<width * height).map { _ in random.below(256) }
            let mask = try SegmentationMask(try Tensor(numbers.map { UInt8($0) }, shape: [height, width]))
            let script = """
                from fractions import Fraction
                from math import floor
                def places(size, wanted):
                    return [floor((i + Fraction(1, 2)) * Fraction(size, wanted)) for i in range(wanted)]
                a = np.array(given["ids"], np.uint8).reshape(given["h"], given["w"])
                columns, rows = places(given["w"], given["to"][0]), places(given["h"], given["to"][1])
                result = a[np.ix_(rows, columns)].ravel().tolist()
                """
            let given: JSONValue = [
                "ids": JSONValue(numbers), "w": JSONValue(width), "h": JSONValue(height),
                "to": JSONValue([newWidth, newHeight]),
            ]
            let resized = try mask.resized(width: newWidth, height: newHeight)
            #expect(
                ids(resized) == (try python(script, given)).integers, "\(width)×\(height) to \(newWidth)×\(newHeight)")
        }
        let mask = try SegmentationMask(try tensor(.uint8))
        #expect(throws: MediaError.self) { try mask.resized(width: 0, height: 1) }
        #expect(throws: MediaError.self) { try mask.resized(width: .max, height: .max) }
    }
}
