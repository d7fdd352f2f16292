import ImageCoding
import MediaCore
import Testing

@testable import VideoCoding

/// Planes for a renderer, with a margin of known bytes behind every row and every plane.
final class BorrowedPlanes {
    static let margin = 5
    static let untouched: UInt8 = 0xA5

    let sizes: [(width: Int, height: Int)]
    private let memory: [UnsafeMutableBufferPointer<UInt8>]

    /// Planes of a size; with 2 as `step`, chroma has half of it.
    init(width: Int, height: Int, step: Int, hasAlpha: Bool = false) {
        let chroma = (width / step, height / step)
        sizes = [(width, height), chroma, chroma] + (hasAlpha ? [(width, height)] : [])
        memory = sizes.map { width, height in
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: (width + Self.margin) * height + 64)
            buffer.initialize(repeating: Self.untouched)
            return buffer
        }
    }

    deinit { for buffer in memory { buffer.deallocate() } }

    var planes: YUVPlanes {
        get throws {
            let bases = try memory.map { try #require($0.baseAddress) }
            return YUVPlanes(
                y: bases[0], u: bases[1], v: bases[2], alpha: bases.count > 3 ? bases[3] : nil,
                yStride: sizes[0].width + Self.margin, chromaStride: sizes[1].width + Self.margin,
                alphaStride: sizes[0].width + Self.margin)
        }
    }

    /// The bytes of a plane without its margins.
    func bytes(_ plane: Int) -> [UInt8] {
        let (width, height) = sizes[plane]
        return (0..<height).flatMap { row in
            memory[plane][row * (width + Self.margin)..<row * (width + Self.margin) + width]
        }
    }

    /// Whether the bytes behind rows and planes are as they were.
    var marginsAreIntact: Bool {
        zip(memory, sizes).allSatisfy { buffer, size in
            buffer.indices.allSatisfy { index in
                let isPixel =
                    index % (size.width + Self.margin) < size.width
                    && index < size.height * (size.width + Self.margin)
                return isPixel || buffer[index] == Self.untouched
            }
        }
    }
}

/// A frame as planes.
func yuv(
    _ frame: any PixelSource, _ matrix: YUVMatrix = .bt601, _ subsampling: YUVSubsampling = .quarter, scale: Int = 1,
    hasAlpha: Bool = false, tally: inout PixelTally
) throws -> BorrowedPlanes {
    var renderer = YUVRenderer(
        width: frame.width, height: frame.height, format: frame.format, matrix: matrix, subsampling: subsampling,
        scale: scale)
    let planes = BorrowedPlanes(
        width: renderer.codedWidth, height: renderer.codedHeight, step: subsampling == .quarter ? 2 : 1,
        hasAlpha: hasAlpha)
    try renderer.render(frame, into: planes.planes, tally: &tally)
    return planes
}
