/// Hands out the elements of a tensor packed, in C order and in the processor's byte order, whatever its strides are.
///
/// The plan is made once: axes that are contiguous with each other become one, so that a row of a picture, or all of it,
/// is one run. Reading allocates nothing.
@safe package struct PackedReader: Sendable {
    /// The tensor.
    package let tensor: Tensor
    /// The lengths of the merged axes; never empty.
    private let shape: [Int]
    private let strides: [Int]
    private let swaps: Bool
    private let width: Int

    package init(_ tensor: Tensor) {
        self.tensor = tensor
        width = tensor.elementType.byteCount
        swaps = !tensor.hasNativeByteOrder
        (shape, strides) = PackedReader.merge(tensor.shape, tensor.strides, width: width)
    }

    /// Whether the elements lie packed, in C order and native byte order, so that no copy is needed.
    package var isPacked: Bool { !swaps && shape.count == 1 && (strides[0] == width || shape[0] <= 1) }

    private static func merge(_ shape: [Int], _ strides: [Int], width: Int) -> ([Int], [Int]) {
        var lengths: [Int] = []
        var distances: [Int] = []
        for (length, stride) in zip(shape, strides) where length != 1 {
            // Empty axes may have strides that overflow; nothing is ever read through them.
            if let last = distances.last, last == stride &* length, let outer = lengths.last {
                lengths[lengths.count - 1] = outer &* length
                distances[distances.count - 1] = stride
            } else {
                lengths.append(length)
                distances.append(stride)
            }
        }
        return lengths.isEmpty ? ([1], [width]) : (lengths, distances)
    }

    /// Copies the elements of `range`, counted in C order, to `destination`, which has room for them.
    ///
    /// The range is cut to the elements there are.
    @unsafe package func copy(_ range: Range<Int>, into destination: UnsafeMutableRawPointer) {
        unsafe tensor.withUnsafeStorage { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe copy(range, from: base, into: destination)
        }
    }

    /// The same, for callers that hold the address of the storage.
    @unsafe package func copy(
        _ range: Range<Int>, from storage: UnsafeRawPointer, into destination: UnsafeMutableRawPointer
    ) {
        let range = range.clamped(to: 0..<tensor.count)
        guard !range.isEmpty else { return }
        let axes = shape.count
        let last = axes - 1
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: axes) { index in
            var rest = range.lowerBound
            var position = tensor.offset
            for axis in (0..<axes).reversed() {
                unsafe index[axis] = rest % shape[axis]
                rest /= shape[axis]
                unsafe position &+= index[axis] &* strides[axis]
            }
            var target = unsafe destination
            var remaining = range.count
            while true {
                let count = unsafe min(remaining, shape[last] &- index[last])
                unsafe copyRun(
                    from: storage + position, stride: strides[last], count: count, width: width, swaps: swaps,
                    into: target)
                remaining &-= count
                guard remaining > 0 else { return }
                unsafe target += count &* width
                // To the beginning of this run, then one step on the next axis outwards that has one.
                unsafe position &-= index[last] &* strides[last]
                unsafe index[last] = 0
                var axis = last &- 1
                while axis >= 0 {
                    unsafe index[axis] &+= 1
                    position &+= strides[axis]
                    if unsafe index[axis] < shape[axis] { break }
                    unsafe position &-= index[axis] &* strides[axis]
                    unsafe index[axis] = 0
                    axis &-= 1
                }
            }
        }
    }

    /// Calls `body` with the address of blocks of elements, in order, each packed and in native byte order, and how many
    /// there are. Packed tensors are handed out where they are; others are copied block by block.
    ///
    /// `body` says whether to go on.
    @unsafe package func forEachBlock(of size: Int = 4096, _ body: (UnsafeRawPointer, Int) -> Bool) {
        let total = tensor.count
        guard total > 0, size > 0 else { return }
        unsafe tensor.withUnsafeStorage { bytes in
            guard let base = bytes.baseAddress else { return }
            if isPacked {
                var start = 0
                while start < total {
                    let count = min(size, total &- start)
                    guard unsafe body(base + (tensor.offset &+ start &* width), count) else { return }
                    start &+= count
                }
                return
            }
            unsafe withUnsafeTemporaryAllocation(byteCount: min(size, total) &* width, alignment: 16) { block in
                guard let address = block.baseAddress else { return }
                var start = 0
                while start < total {
                    let count = min(size, total &- start)
                    unsafe copy(start..<(start &+ count), from: base, into: address)
                    guard unsafe body(address, count) else { return }
                    start &+= count
                }
            }
        }
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Copies `count` elements that stand `stride` bytes apart, swapping their bytes if asked. Nothing need be aligned.
@unsafe package func copyRun(
    from source: UnsafeRawPointer, stride: Int, count: Int, width: Int, swaps: Bool,
    into destination: UnsafeMutableRawPointer
) {
    if stride == width, !swaps {
        unsafe memcpy(destination, source, count &* width)
        return
    }
    unsafe Tensor.gather(source, stride: stride, count: count, width: width, isSwapped: swaps, to: destination)
}
