/// Reads of a file's bytes that cannot leave the file: what is not there is zero.
extension RawSpan {
    /// The byte at `offset`.
    package func byte(at offset: Int) -> UInt8 {
        guard offset >= 0, offset < byteCount else { return 0 }
        return unsafeLoad(offset)
    }

    private func unsafeLoad(_ offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Two bytes, the higher first.
    package func bigEndian16(at offset: Int) -> UInt16 { UInt16(byte(at: offset)) << 8 | UInt16(byte(at: offset + 1)) }

    /// Two bytes, the lower first.
    package func littleEndian16(at offset: Int) -> UInt16 {
        UInt16(byte(at: offset + 1)) << 8 | UInt16(byte(at: offset))
    }

    /// Four bytes, the highest first.
    package func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }

    /// Four bytes, the lowest first.
    package func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian16(at: offset + 2)) << 16 | UInt32(littleEndian16(at: offset))
    }

    /// Whether the bytes at `offset` are these.
    package func holds(_ expected: [UInt8], at offset: Int = 0) -> Bool {
        guard offset >= 0, expected.count <= byteCount - offset else { return false }
        for (i, value) in expected.enumerated() where byte(at: offset + i) != value { return false }
        return true
    }

    /// Whether the bytes at `offset` are the ASCII text.
    package func holds(_ text: String, at offset: Int = 0) -> Bool { holds([UInt8](text.utf8), at: offset) }
}
