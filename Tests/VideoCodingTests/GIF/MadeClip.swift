import TestSupport
import VideoCoding

/// A clip that a test made: its pixels, as gray, RGB or RGBA bytes.
struct MadeClip {
    var width: Int
    var height: Int
    var channels: Int
    /// Frame after frame, row after row.
    var bytes: [UInt8]

    var frameCount: Int { bytes.count / (width * height * channels) }

    func frames(_ rate: FrameRate) throws -> ArrayFrames {
        let tensor = try Tensor(bytes, shape: [frameCount, height, width, channels])
        let pictures = try tensor.pictures(PictureOptions { $0.layout = .nhwc })
        return try ArrayFrames(pictures, frameRate: rate)
    }

    /// The pixels as RGB.
    var rgb: [UInt8] {
        guard channels == 1 else { return bytes }
        return bytes.flatMap { [$0, $0, $0] }
    }

    /// A clip with a random size, number of frames, number of colours and manner of change.
    ///
    /// - Parameter colors: at most so many in the whole clip; `nil` for any.
    static func random(_ seed: UInt64, colors: Int?) -> MadeClip {
        var generator = SeededGenerator(seed: seed)
        let width = generator.integer(1...70), height = generator.integer(1...50)
        let channels = generator.below(4) == 0 ? 1 : 3
        let frames = generator.integer(1...12)
        let palette = (0..<max(1, colors ?? 1)).map { _ in (0..<channels).map { _ in UInt8(generator.below(256)) } }
        func pixel() -> [UInt8] {
            colors == nil
                ? (0..<channels).map { _ in UInt8(generator.below(256)) } : palette[generator.below(palette.count)]
        }
        var frame = [UInt8](repeating: 0, count: width * height * channels)
        func draw(_ columns: Range<Int>, _ rows: Range<Int>, _ noise: Bool) {
            let plain = pixel()
            for row in rows {
                for column in columns {
                    let place = (row * width + column) * channels
                    frame.replaceSubrange(place..<place + channels, with: noise ? pixel() : plain)
                }
            }
        }
        draw(0..<width, 0..<height, generator.below(2) == 0)
        var bytes = frame
        for _ in 1..<max(frames, 1) {
            switch generator.below(5) {
            case 0: break  // Nothing changes.
            case 1: draw(0..<width, 0..<height, true)
            case 2:
                let column = generator.below(width), row = generator.below(height)
                draw(column..<column + 1, row..<row + 1, true)
            default:
                let left = generator.below(width), top = generator.below(height)
                draw(
                    left..<generator.integer(left + 1...width), top..<generator.integer(top + 1...height),
                    generator.below(2) == 0)
            }
            bytes += frame
        }
        return MadeClip(width: width, height: height, channels: channels, bytes: frames > 0 ? bytes : frame)
    }
}
