import Foundation
import VideoCoding

/// The frames of a clip as a codec takes them.
enum Planes {
    /// Writes all frames as 4:2:0 planes, one behind the other, in the colours that ``VideoEncoder`` takes.
    static func write(_ clip: String, layout: String, to path: String) throws {
        let frames = try TensorFrames(
            try TensorFile.open(clip).onlyTensor(), options: ClipOptions { $0.layout = ClipLayout(rawValue: layout) })
        var renderer = YUVRenderer(
            width: frames.width, height: frames.height, format: frames.format,
            matrix: frames.height + frames.height % 2 < 720 ? .bt601 : .bt709, subsampling: .quarter)
        let (width, height) = (renderer.codedWidth, renderer.codedHeight)
        let count = width * height * 3 / 2
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: count)
        let planes = YUVPlanes(
            y: memory, u: memory + width * height, v: memory + width * height * 5 / 4, yStride: width,
            chromaStride: width / 2)
        FileManager.default.createFile(atPath: path, contents: nil)
        guard let file = FileHandle(forWritingAtPath: path) else { throw Complaint("cannot write \(path)") }
        var tally = PixelTally()
        for index in 0..<(frames.frameCount ?? 0) {
            guard let frame = try frames.frame(index) else { return }
            try renderer.render(frame, into: planes, tally: &tally)
            try file.write(contentsOf: Data(bytes: memory, count: count))
        }
        print("{\"width\": \(width), \"height\": \(height)}")
    }

    /// A number that depends on all pixels of a clip: its pages are in memory then.
    static func sum(of tensor: Tensor, layout: String) throws -> Int {
        let frames = try TensorFrames(
            tensor,
            options: ClipOptions {
                $0.layout = ClipLayout(rawValue: layout)
                $0.mapping = .unit
            })
        var bytes = [UInt8](repeating: 0, count: frames.width * frames.height * frames.format.channels)
        var tally = PixelTally()
        var sum = 0
        for index in 0..<(frames.frameCount ?? 0) {
            guard let frame = try frames.frame(index) else { break }
            var span = bytes.mutableSpan
            var band = span.mutableBytes
            try frame.fill(rows: 0..<frames.height, into: &band, tally: &tally)
            sum += Int(bytes[0])
        }
        return sum
    }
}
