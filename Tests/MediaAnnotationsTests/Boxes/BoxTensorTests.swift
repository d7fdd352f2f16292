import MediaAnnotations
import TensorIO
import TestSupport
import Testing

@Suite("Tensors of boxes")
struct BoxTensorTests {
    @Test("rows are boxes in each format, with scores and classes")
    func rows() throws {
        let tensor = try Tensor([10, 20, 30, 40, 0.5, 7] as [Float], shape: [1, 6])
        let expected: [BoxTensorFormat.Corners: BoundingBox.Position] = [
            .xyxy: .minMax(minX: 10, maxX: 30, minY: 20, maxY: 40),
            .xywh: .minMax(minX: 10, maxX: 40, minY: 20, maxY: 60),
            .cxcywh: .middle(x: 10, y: 20, width: 30, height: 40),
        ]
        for corners in BoxTensorFormat.Corners.allCases {
            let boxes = try BoundingBox.boxes(from: tensor, format: BoxTensorFormat(corners, domain: .pixel))
            #expect(boxes.map(\.position) == [expected[corners]])
            #expect(boxes[0].classID == 7 && boxes[0].scores["score"] == 0.5)
        }
        let integers = try Tensor([1, 2, 3, 4, 9] as [Int64], shape: [1, 5])
        let format = BoxTensorFormat(.xyxy, domain: .pixel, columns: [.classID])
        #expect(try BoundingBox.boxes(from: integers, format: format).first?.classID == 9)
    }

    @Test("all rows that are no boxes are reported")
    func wrongRows() throws {
        let values: [Double] = [0, 0, 1, 1, 0.5, 1, 0, 0, 1, 2, .nan, 1, 1, 0, 0, 1, 0.5, 1.5]
        let error = try #require(throws: MediaError.self) {
            try BoundingBox.boxes(
                from: Tensor(values, shape: [3, 6]), format: BoxTensorFormat(.xyxy, domain: .percentage))
        }
        #expect(
            error.report?.findings.map(\.path) == [
                "boxes[1].position.maxY", "boxes[1].scores[\"score\"]", "boxes[2].class_id", "boxes[2].position.maxX",
            ])
        for shape in [[4], [1, 3], [1, 7], [2, 2, 4]] {
            let tensor = try Tensor([Double](repeating: 1, count: shape.reduce(1, *)), shape: shape)
            let error = #expect(throws: MediaError.self) {
                try BoundingBox.boxes(from: tensor, format: BoxTensorFormat(.xyxy, domain: .pixel))
            }
            #expect(error?.code == .shapeInvalid)
        }
    }

    @Test("NumPy's arithmetic gives the same positions", .python("numpy"))
    func numpy() throws {
        var random = SeededGenerator(seed: 9)
        let size = try ImageSize(width: 640, height: 481)
        let boxes = try (0..<500).map { _ in try randomBox(.pixel, .minMax, size, &random) }
        let xyxy = try BoundingBox.tensor(of: boxes, format: BoxTensorFormat(.xyxy, domain: .pixel), in: size)
        let script = """
            import sys, numpy as np
            a = np.frombuffer(sys.stdin.buffer.read()).reshape(-1, 4)
            side = np.array([640, 481])
            yolo = np.hstack([(a[:, :2] + a[:, 2:]) / 2 / side, (a[:, 2:] - a[:, :2]) / side])
            sys.stdout.buffer.write(np.hstack([yolo, a[:, :2], a[:, 2:] - a[:, :2]]).tobytes())
            """
        let bytes = try PythonTools.run(script, input: xyxy.packedBytes()).output
        let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        let yolo = try BoundingBox.tensor(of: boxes, format: BoxTensorFormat(.cxcywh, domain: .percentage), in: size)
        let coco = try BoundingBox.tensor(of: boxes, format: BoxTensorFormat(.xywh, domain: .pixel), in: size)
        for (row, (a, b)) in zip(yolo.values().chunks(of: 4), coco.values().chunks(of: 4)).enumerated() {
            let expected = numbers[row * 8..<row * 8 + 8]
            #expect(zip(a + b, expected).allSatisfy { abs($0 - $1) <= max($1.ulp * 2, 2e-16) })
        }
    }
}

extension [Double] {
    fileprivate func chunks(of size: Int) -> [[Double]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
    }
}
