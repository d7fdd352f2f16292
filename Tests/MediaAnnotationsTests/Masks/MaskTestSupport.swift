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
