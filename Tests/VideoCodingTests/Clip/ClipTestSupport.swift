import ImageCoding
import MediaCore
import TensorIO
import TestSupport

/// The bytes of a picture of up to 8 bits.
func render(_ source: any PixelSource) throws -> [UInt8] {
    var tally = PixelTally()
    return try render(source, tally: &tally)
}

func render(_ source: any PixelSource, tally: inout PixelTally) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: source.height * source.bytesPerRow)
    var span = bytes.mutableSpan
    var band = span.mutableBytes
    try source.fill(rows: 0..<source.height, into: &band, tally: &tally)
    return bytes
}

/// The bytes of all frames, one after the other.
func render(_ source: any FrameSource) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    while let frame = try source.frame(index) {
        bytes += try render(frame)
        index += 1
    }
    return bytes
}

/// A tensor of bytes that look random and are the same every time.
func noise(_ shape: [Int]) throws -> Tensor {
    var state: UInt32 = 7
    return try Tensor(
        (0..<shape.reduce(1, *)).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }, shape: shape)
}

/// What NumPy makes of tensors: they are `arrays` in the script, which leaves arrays in the list `results`.
func numpy(_ script: String, _ tensors: [Tensor]) throws -> [[UInt8]] {
    let folder = try TemporaryFolder()
    for (index, tensor) in tensors.enumerated() {
        let sink = MemorySink()
        try NPYWriter().write(tensor, to: sink)
        try folder.write(sink.bytes, to: "\(index).npy")
    }
    let head = """
        import sys
        import numpy as np
        folder, count = sys.argv[1], int(sys.argv[2])
        arrays = [np.load(f"{folder}/{i}.npy") for i in range(count)]
        results = []

        """
    let tail = """

        for i, result in enumerate(results):
            with open(f"{folder}/{i}.out", "wb") as file:
                file.write(np.ascontiguousarray(result).astype(np.uint8).tobytes())
        print(len(results))
        """
    let outcome = try PythonTools.run(head + script + tail, arguments: [folder.path, "\(tensors.count)"])
    let count = Int(outcome.text.split(separator: "\n").first ?? "") ?? 0
    return try (0..<count).map { try folder.bytes("\($0).out") }
}
