import CDeflate
import MediaCore

/// Deflates a stream of any length in memory that does not grow with it.
///
/// libdeflate compresses whole buffers. The stream is cut into chunks; each becomes a deflate stream of its own, of which
/// all but the last lose the mark of their last block and end in an empty stored block, which brings them to a whole
/// byte: a sync flush, as zlib calls it. Chunks do not see each other, which costs less than a hundredth of the size.
@safe struct DeflateStream: ~Copyable {
    private static let chunkByteCount = 1 << 20

    private let sink: any ByteSink
    private let compressor: OpaquePointer
    private var chunk: [UInt8] = []
    private var output: [UInt8]

    init(to sink: any ByteSink, level: Int) throws(MediaError) {
        guard let compressor = unsafe libdeflate_alloc_compressor(Int32(clamping: max(0, min(12, level)))) else {
            throw MediaError(.outOfMemory, "no memory for a compressor", hint: "close programs")
        }
        self.sink = sink
        unsafe self.compressor = compressor
        chunk.reserveCapacity(Self.chunkByteCount)
        output = unsafe [UInt8](
            repeating: 0, count: libdeflate_deflate_compress_bound(compressor, Self.chunkByteCount) + 8)
    }

    deinit { unsafe libdeflate_free_compressor(compressor) }

    mutating func write(_ bytes: RawSpan) throws(MediaError) {
        var start = 0
        while start < bytes.byteCount {
            // A full chunk waits for the next byte: the last one is marked as such.
            if chunk.count == Self.chunkByteCount { try flush(isLast: false) }
            let count = min(bytes.byteCount - start, Self.chunkByteCount - chunk.count)
            unsafe bytes.extracting(start..<(start + count)).withUnsafeBytes { unsafe chunk.append(contentsOf: $0) }
            start += count
        }
    }

    mutating func finish() throws(MediaError) { try flush(isLast: true) }

    private mutating func flush(isLast: Bool) throws(MediaError) {
        let count = unsafe chunk.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                unsafe libdeflate_deflate_compress(
                    compressor, input.baseAddress, input.count, output.baseAddress, output.count)
            }
        }
        guard count > 0 else { throw DeflateStream.failed }
        chunk.removeAll(keepingCapacity: true)
        guard !isLast else {
            try unsafe sink.write(output.span.bytes.extracting(0..<count))
            return
        }
        var piece = Array(output[..<count])
        let last: (header: Int, end: Int)
        do throws(DeflateScanner.Failure) {
            last = try DeflateScanner.lastBlock(of: piece)
        } catch {
            throw DeflateStream.failed
        }
        piece[last.header >> 3] &= ~(1 << UInt8(last.header & 7))
        // Three bits for "stored, not the last", then zeros up to a whole byte, then the length 0 and its complement.
        let byteCount = (last.end + 3 + 7) >> 3
        if byteCount > piece.count { piece.append(0) }
        piece += [0, 0, 0xFF, 0xFF]
        try unsafe sink.write(piece.span.bytes)
    }

    private static var failed: MediaError { MediaError(.libraryFailed, "libdeflate could not compress a chunk") }
}
