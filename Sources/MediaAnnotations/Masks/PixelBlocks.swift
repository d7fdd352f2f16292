import CMediaKernels
import TensorIO

/// Pieces of the planes of a tensor, packed and in native byte order: where they are when they lie so, else copied.
///
/// float16 and bfloat16 come out as float32.
struct PixelBlocks {
    /// How many pixels a piece has at the most.
    let size: Int
    private let tensor: Tensor
    private let width: Int
    private let bytes: Int
    private let isDirect: Bool
    private let swaps: Bool

    /// - Parameter tensor: planes × rows × columns, not empty.
    init(_ tensor: Tensor, size: Int) {
        self.tensor = tensor
        self.size = min(size, tensor.shape[1] * tensor.shape[2])
        width = tensor.shape[2]
        bytes = tensor.elementType.byteCount
        swaps = !tensor.hasNativeByteOrder
        isDirect =
            !swaps && (width == 1 || tensor.strides[2] == bytes)
            && (tensor.shape[1] == 1 || tensor.strides[1] == width * bytes)
    }

    /// The pixels from `start` on, counted row by row, of one plane.
    ///
    /// - Parameters:
    ///   - storage: the storage of the tensor.
    ///   - scratch: 8 bytes for each pixel of a piece.
    @unsafe func load(
        _ plane: Int, _ start: Int, _ count: Int, from storage: UnsafeRawPointer, scratch: UnsafeMutableRawPointer
    ) -> UnsafeRawPointer {
        let first = unsafe storage + tensor.offset + plane * tensor.strides[0]
        let isHalf = tensor.elementType == .float16 || tensor.elementType == .bfloat16
        var packed = unsafe first
        if isDirect {
            unsafe packed += start * bytes
        } else {
            // What is widened afterwards waits in the second half.
            let target = unsafe isHalf ? scratch + 4 * size : scratch
            unsafe gather(start, count, from: first, to: target)
            unsafe packed = UnsafeRawPointer(target)
        }
        guard isHalf else { return unsafe packed }
        let floats = unsafe scratch.assumingMemoryBound(to: Float.self)
        if tensor.elementType == .float16 {
            unsafe tm_widen_f16(packed, floats, count)
        } else {
            unsafe tm_widen_bf16(packed, floats, count)
        }
        return UnsafeRawPointer(scratch)
    }

    @unsafe private func gather(
        _ start: Int, _ count: Int, from first: UnsafeRawPointer, to target: UnsafeMutableRawPointer
    ) {
        var (row, column) = (start / width, start % width)
        var done = 0
        while done < count {
            let piece = min(count - done, width - column)
            unsafe copyRun(
                from: first + row * tensor.strides[1] + column * tensor.strides[2], stride: tensor.strides[2],
                count: piece, width: bytes, swaps: swaps, into: target + done * bytes)
            done += piece
            row += 1
            column = 0
        }
    }
}
