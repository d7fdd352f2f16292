import CPeers
import ImageCoding
import MediaCore
import TensorIO
import VideoCoding

/// Frames of noise in one of the forms that tensors have, and planes for them.
struct MadeClip {
    let name: String
    let frames: TensorFrames
    /// Reads the numbers and does nothing with them.
    let read: () -> Void

    /// All forms, of frames of a size.
    static func all(_ width: Int, _ height: Int, _ count: Int) throws -> [MadeClip] {
        var state: UInt32 = 1
        let noise = (0..<width * height * count * 3).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        let gray = Array(noise.prefix(noise.count / 3))
        let packed = [count, height, width, 3], planar = [count, 3, height, width]
        let floats = noise.map { Float($0) / 255 }
        let halves = floats.map { Float16($0) }
        return try [
            MadeClip("uint8, packed", noise, packed, .thwc),
            MadeClip("uint8, planar", noise, planar, .tchw),
            MadeClip("uint8, gray", gray, [count, height, width], .thw),
            MadeClip("float32, packed", floats, packed, .thwc),
            MadeClip("float32, planar", floats, planar, .tchw),
            MadeClip("float16, planar", halves, planar, .tchw),
        ]
    }

    private init<Number: TensorElement>(
        _ name: String, _ numbers: [Number], _ shape: [Int], _ layout: ClipLayout
    ) throws {
        self.name = name
        let tensor = try Tensor(numbers, shape: shape)
        frames = try TensorFrames(
            tensor,
            options: ClipOptions {
                $0.layout = layout
                $0.mapping = tensor.elementType == .uint8 ? .automatic : .unit
            })
        read = { numbers.withUnsafeBytes { _ = peer_read($0.baseAddress, $0.count) } }
    }

    /// Renders all frames into the same planes.
    func renderYUV() throws {
        var renderer = YUVRenderer(
            width: frames.width, height: frames.height, format: frames.format, matrix: .bt601, subsampling: .quarter)
        let (width, height) = (renderer.codedWidth, renderer.codedHeight)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: width * height * 3 / 2)
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: width * height * 3 / 2)
        let planes = YUVPlanes(
            y: memory, u: memory + width * height, v: memory + width * height * 5 / 4, yStride: width,
            chromaStride: width / 2)
        var tally = PixelTally()
        for index in 0..<(frames.frameCount ?? 0) {
            guard let frame = try frames.frame(index) else { return }
            try renderer.render(frame, into: planes, tally: &tally)
        }
    }

    /// Renders all frames as rows, 16 at a time, into the same memory.
    func renderRows() throws {
        let step = 16
        var bytes = [UInt8](repeating: 0, count: step * frames.width * frames.format.channels)
        var tally = PixelTally()
        for index in 0..<(frames.frameCount ?? 0) {
            guard let frame = try frames.frame(index) else { return }
            for row in stride(from: 0, to: frames.height - step + 1, by: step) {
                var span = bytes.mutableSpan
                var band = span.mutableBytes
                try frame.fill(rows: row..<row + step, into: &band, tally: &tally)
            }
        }
    }
}
