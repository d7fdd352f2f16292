import MediaCore

/// Chunks of PNG, one behind the other: those in front of the pixels, and those of frames.
package struct PNGChunkBytes {
    /// What is written so far.
    private(set) var bytes: [UInt8] = []

    /// Nothing yet.
    package init() {}

    /// Forgets everything, and keeps the memory.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Begins again, with the signature, in the memory of before.
    mutating func begin() {
        removeAll()
        bytes += PNGChunks.signature
    }

    /// Appends a chunk whose data `body` appends.
    package mutating func append(
        _ type: StaticString, _ body: (inout [UInt8]) throws(MediaError) -> Void
    ) throws(MediaError) {
        let start = bytes.count
        Self.append(0, to: &bytes)
        for index in 0..<4 { bytes.append(unsafe type.utf8Start[index]) }
        try body(&bytes)
        let length = bytes.count - start - 8
        guard length <= Int(Int32.max) else {
            throw MediaError(.limitExceeded, "a \(type) chunk of \(length) bytes is too long for PNG")
        }
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
        let checksum = unsafe CRC32.of(bytes.span.extracting((start + 4)...).bytes)
        Self.append(checksum, to: &bytes)
    }

    /// Hands out what is written so far.
    package func withBytes(_ body: (RawSpan) throws(MediaError) -> Void) throws(MediaError) {
        try unsafe body(bytes.span.bytes)
    }

    /// Appends four bytes, the highest first.
    package static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
