import Foundation
import MediaAnnotations
import TestSupport
import Testing

@Suite("Run lengths of COCO")
struct RunLengthsTests {
    /// What `pycocotools` makes of a mask.
    private static let script = """
        from pycocotools import mask as coco
        result = []
        for case in given:
            a = (np.frombuffer(case["ids"].encode(), np.uint8) - 48).reshape(case["h"], case["w"])
            text = coco.encode(np.asfortranarray(a))["counts"].decode()
            counts, last, run = [], 0, 0
            for value in a.ravel(order="F").tolist():
                if value != last:
                    counts.append(run); last = value; run = 0
                run += 1
            counts.append(run)
            listed = coco.frPyObjects({"size": [case["h"], case["w"]], "counts": counts}, case["h"], case["w"])
            assert (coco.decode(listed) == a).all()
            result.append({"text": text, "counts": counts, "area": int(coco.area(listed))})
        """

    @Test("1,000 random masks are read and written as pycocotools does", .python("pycocotools"))
    func pycocotools() throws {
        var random = SeededGenerator(seed: 1000)
        var masks: [(width: Int, height: Int, ids: [Int])] = []
        for i in 0..<1000 {
            let (width, height) = (random.integer(1...60), random.integer(1...60))
            let share = i % 10 == 0 ? 0.0 : i % 10 == 1 ? 1 : random.unit()
            let ids =
                i % 2 == 0
                ? randomIDs(width, height, most: 1, using: &random)
                : (0..<width * height).map { _ in random.chance(share) ? 1 : 0 }
            masks.append((width, height, ids))
        }
        // Runs of four signs.
        masks.append((500, 400, (0..<200_000).map { $0 / 500 < 90 ? 0 : 1 }))
        masks.append((400, 500, (0..<200_000).map { $0 % 400 < 390 ? 1 : 0 }))
        let cases = masks.map { mask -> JSONValue in
            [
                "w": JSONValue(mask.width), "h": JSONValue(mask.height),
                "ids": .string(mask.ids.map(String.init).joined()),
            ]
        }
        let answers = try #require(try python(Self.script, .array(cases)).array)
        #expect(answers.count == masks.count)
        for (mask, answer) in zip(masks, answers) {
            let (width, height) = (mask.width, mask.height)
            let text = try #require(answer["text"]?.string)
            let counts = answer["counts"]?.integers ?? []
            let compressed = try RunLengths(compressed: text, width: width, height: height)
            let listed = try RunLengths(counts: counts, width: width, height: height)
            #expect(compressed == listed && listed.compressed == text)
            #expect(listed.area == answer["area"]?.integer.map { Int($0) })
            let decoded = try SegmentationMask(compressed)
            #expect(ids(decoded) == mask.ids, "\(width)×\(height): \(text)")
            #expect(RunLengths(decoded, class: 1) == listed)
        }
    }

    @Test("the vectors in Fixtures/, which pycocotools made")
    func vectors() throws {
        let bytes = try Fixtures.bytes("annotations/run-lengths.json")
        let cases = try #require(try JSONReader.parse(bytes.span.bytes)["cases"]?.array)
        #expect(cases.count >= 20)
        for entry in cases {
            let size = entry["size"]?.integers ?? []
            try #require(size.count == 2)
            let text = try #require(entry["compressed"]?.string)
            let runs = try RunLengths(compressed: text, width: size[1], height: size[0])
            #expect(runs.counts == entry["counts"]?.integers && runs.compressed == text)
            // The rows as text: `.` outside, `#` inside.
            let rows = (entry["rows"]?.array ?? []).compactMap(\.string)
            #expect(ids(try SegmentationMask(runs)) == rows.joined().map { $0 == "#" ? 1 : 0 })
        }
    }

    @Test("runs of any class in a mask of many")
    func classes() throws {
        let numbers = [0, 300, 300, 2, 300, 2]
        let mask = try SegmentationMask(try Tensor(numbers.map { UInt16($0) }, shape: [2, 3]))
        #expect(RunLengths(mask, class: 300).counts == [2, 3, 1])
        #expect(RunLengths(mask, class: 0).counts == [0, 1, 5])
        #expect(RunLengths(mask, class: 5).counts == [6] && RunLengths(mask, class: -1).counts == [6])
        #expect(RunLengths(mask, class: 70_000).area == 0)
    }

    @Test("runs in lists that cannot be those of the picture")
    func lists() throws {
        func code(_ counts: [Int], _ width: Int = 3, _ height: Int = 2) -> String? {
            do throws(MediaError) {
                _ = try RunLengths(counts: counts, width: width, height: height)
                return nil
            } catch { return error.code.rawValue }
        }
        #expect(code([6]) == nil && code([0, 0, 6, 0]) == nil)
        #expect(code([5]) == "rle.length" && code([]) == "rle.length" && code([3, 4]) == "rle.length")
        #expect(code([.max, .max]) == "rle.length")
        #expect(code([7, -1]) == "rle.length" && code([3, -1, 4]) == "rle.negative")
        #expect(code([0], 0, 4) == "argument.invalid" && code([4], -1, -4) == "argument.invalid")
        #expect(code([1], 1 << 40, 1 << 40) == "limit.exceeded")
    }

    @Test(
        "texts that are no runs",
        arguments: [
            ("P", "rle.malformed"), ("6~", "rle.malformed"), ("6 ", "rle.malformed"), ("é", "rle.malformed"),
            ("oooooooooooooooo0", "rle.malformed"), ("O7", "rle.negative"), ("5", "rle.length"), ("", "rle.length"),
            ("33", nil), ("7", "rle.length"), ("ooooooooooo0", "rle.length"), ("111N", "rle.negative"),
        ] as [(String, String?)])
    func texts(text: String, code: String?) {
        do throws(MediaError) {
            _ = try RunLengths(compressed: text, width: 3, height: 2)
            #expect(code == nil)
        } catch { #expect(error.code.rawValue == code, "\(error)") }
    }

    @Test("the union of regions is their or, and regions of several sizes have none")
    func union() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let (width, height) = (random.integer(1...20), random.integer(1...20))
            let masks = (0..<random.integer(1...4)).map { _ in
                (0..<width * height).map { _ in random.chance(0.4) ? 1 : 0 }
            }
            let regions = try masks.map { numbers in
                RunLengths(
                    try SegmentationMask(try Tensor(numbers.map { UInt8($0) }, shape: [height, width])), class: 1)
            }
            let expected = (0..<width * height).map { i in masks.contains { $0[i] == 1 } ? 1 : 0 }
            let mask = try SegmentationMask(try Tensor(expected.map { UInt8($0) }, shape: [height, width]))
            #expect(try RunLengths.union(regions) == RunLengths(mask, class: 1))
        }
        let one = try RunLengths(counts: [6], width: 3, height: 2)
        let other = try RunLengths(counts: [6], width: 2, height: 3)
        #expect(throws: MediaError.self) { try RunLengths.union([one, other]) }
        #expect(throws: MediaError.self) { try RunLengths.union([]) }
    }

    @Test("what is painted later lies above")
    func builder() throws {
        var builder = try MaskBuilder(width: 3, height: 2, background: 9)
        try builder.paint(try RunLengths(counts: [1, 4, 1], width: 3, height: 2), class: 400)
        try builder.paint(try RunLengths(counts: [0, 2, 4], width: 3, height: 2), class: 1)
        #expect(ids(try builder.mask()) == [1, 400, 400, 1, 400, 9])
        let other = try RunLengths(counts: [6], width: 2, height: 3)
        #expect(throws: MediaError.self) { try builder.paint(other, class: 1) }
        let fitting = try RunLengths(counts: [6], width: 3, height: 2)
        #expect(throws: MediaError.self) { try builder.paint(fitting, class: 65_536) }
    }
}
