/// Cuts a stream into the 64-byte blocks that SHA-256 and MD5 work on, and pads its end.
struct BlockBuffer: Sendable {
    static let blockBytes = 64

    /// What takes blocks into a digest: its state, the first block, how many there are.
    typealias Compression<State> = (inout State, UnsafeRawPointer, Int) -> Void

    /// How many bytes the stream has had.
    private(set) var byteCount: UInt64 = 0
    private var pending = InlineArray<64, UInt8>(repeating: 0)
    private var pendingCount = 0

    /// Takes `bytes` in, and hands over all blocks that are now whole: a pointer to the first, and how many follow it.
    mutating func append<State>(
        _ bytes: UnsafeRawBufferPointer, into state: inout State, by compress: Compression<State>
    ) {
        guard var at = bytes.baseAddress else { return }
        var left = bytes.count
        byteCount &+= UInt64(left)
        if pendingCount > 0 {
            let taken = min(left, Self.blockBytes - pendingCount)
            unsafe keep(at, taken)
            unsafe at += taken
            left -= taken
            guard pendingCount == Self.blockBytes else { return }
            unsafe flush(into: &state, by: compress)
        }
        let blocks = left / Self.blockBytes
        if blocks > 0 { unsafe compress(&state, at, blocks) }
        unsafe keep(at + blocks * Self.blockBytes, left - blocks * Self.blockBytes)
    }

    /// Hands over the last blocks: a single 1 bit, zeros, and the length in bits (FIPS 180-4, 5.1.1; RFC 1321, 3.1, 3.2).
    mutating func finish<State>(bigEndian: Bool, into state: inout State, by compress: Compression<State>) {
        let bits = bigEndian ? (byteCount &* 8).byteSwapped : byteCount &* 8
        pending[pendingCount] = 0x80
        for index in (pendingCount + 1)..<Self.blockBytes { pending[index] = 0 }
        if pendingCount >= 56 {
            unsafe flush(into: &state, by: compress)
            for index in 0..<56 { pending[index] = 0 }
        }
        for index in 0..<8 { pending[56 + index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)) }
        unsafe flush(into: &state, by: compress)
    }

    private mutating func keep(_ bytes: UnsafeRawPointer, _ count: Int) {
        for index in 0..<count {
            pending[pendingCount + index] = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
        }
        pendingCount += count
    }

    private mutating func flush<State>(into state: inout State, by compress: Compression<State>) {
        unsafe pending.span.bytes.withUnsafeBytes { block in
            if let base = block.baseAddress { unsafe compress(&state, base, 1) }
        }
        pendingCount = 0
    }
}
