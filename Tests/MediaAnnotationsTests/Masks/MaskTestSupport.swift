import Foundation
import MediaAnnotations
import TestSupport

/// The ids of a mask, row by row.
func ids(_ mask: SegmentationMask) -> [Int] { mask.tensor.values().map { Int($0) } }

/// The bytes of a whole picture, asked for in bands of `rows` rows from the last to the first.
func render(_ source: any PixelSource, rows: Int = 3) throws -> [UInt8] {
    let pitch = source.bytesPerRow
    var all = [UInt8](repeating: 0xA5, count: pitch * source.height)
    var tally = PixelTally()
    for first in stride(from: 0, to: source.height, by: rows).reversed() {
        let range = first..<min(source.height, first + rows)
        try all.withUnsafeMutableBytes { bytes in
            var band = UnsafeMutableRawBufferPointer(
                rebasing: bytes[range.lowerBound * pitch..<range.upperBound * pitch]
            ).mutableBytes
            try source.fill(rows: range, into: &band, tally: &tally)
        }
    }
    return all
}

/// A tensor of any type, its numbers cut to what the type holds; truth values are those that are not 0.
func wholeNumbers(_ numbers: [Int], _ type: ElementType, _ shape: [Int]) throws -> Tensor {
    switch type {
    case .bool: try Tensor(numbers.map { $0 != 0 }, shape: shape)
    case .int8: try Tensor(numbers.map { Int8(clamping: $0) }, shape: shape)
    case .uint8: try Tensor(numbers.map { UInt8(clamping: $0) }, shape: shape)
    case .int16: try Tensor(numbers.map { Int16(clamping: $0) }, shape: shape)
    case .uint16: try Tensor(numbers.map { UInt16(clamping: $0) }, shape: shape)
    case .int32: try Tensor(numbers.map { Int32(clamping: $0) }, shape: shape)
    case .uint32: try Tensor(numbers.map { UInt32(clamping: $0) }, shape: shape)
    case .int64: try Tensor(numbers.map { Int64($0) }, shape: shape)
    case .uint64: try Tensor(numbers.map { UInt64(clamping: $0) }, shape: shape)
    case .float16: try Tensor(numbers.map { Float16($0) }, shape: shape)
    case .bfloat16:
        try Tensor(
            storage: .array(numbers.map { UInt16(Float($0).bitPattern >> 16) }), elementType: .bfloat16, shape: shape)
    case .float32: try Tensor(numbers.map { Float($0) }, shape: shape)
    case .float64: try Tensor(numbers.map { Double($0) }, shape: shape)
    }
}

/// A mask of blobs and noise.
func randomIDs(_ width: Int, _ height: Int, most: Int, using random: inout SeededGenerator) -> [Int] {
    let seeds = (0..<6).map { _ in
        (random.unit() * Double(width), random.unit() * Double(height), random.below(most + 1))
    }
    let noise = random.unit() * 0.2
    return (0..<width * height).map { i in
        if random.chance(noise) { return random.below(most + 1) }
        let (x, y) = (Double(i % width), Double(i / width))
        func distance(_ seed: (Double, Double, Int)) -> Double {
            (seed.0 - x) * (seed.0 - x) + (seed.1 - y) * (seed.1 - y)
        }
        return seeds.min { distance($0) < distance($1) }?.2 ?? 0
    }
}

/// What a script makes of JSON: it finds it decoded in `given` and leaves a value in `result`.
func python(_ script: String, _ given: JSONValue) throws -> JSONValue {
    let head = "import sys, json\nimport numpy as np\ngiven = json.load(sys.stdin.buffer)\n"
    let tail = "\njson.dump(result, sys.stdout)\n"
    let output = try PythonTools.run(head + script + tail, input: Array(try JSONWriter.string(given).utf8)).output
    return try JSONReader.parse(output.span.bytes)
}

extension JSONValue {
    init(_ numbers: [Int]) { self = .array(numbers.map { JSONValue($0) }) }
    init(_ numbers: [Double]) { self = .array(numbers.map { .number($0) }) }
    /// The integers of an array.
    var integers: [Int] { (array ?? []).compactMap { $0.integer.map { Int($0) } } }
}
