/// Reads of little-endian integers at any offset, `nil` where the bytes end. For headers, not for hot loops.
extension RawSpan {
    package func uint8(at offset: Int) -> UInt8? { integer(at: offset) }
    package func uint16(at offset: Int) -> UInt16? { integer(at: offset) }
    package func uint32(at offset: Int) -> UInt32? { integer(at: offset) }
    package func uint64(at offset: Int) -> UInt64? { integer(at: offset) }

    private func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value? {
        guard offset >= 0, offset <= byteCount - MemoryLayout<Value>.size else { return nil }
        return unsafe Value(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// Whether the bytes at `offset` are those of `text`.
    package func hasBytes(_ text: StaticString, at offset: Int = 0) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset >= 0, offset <= byteCount - count else { return false }
        for index in 0..<count {
            guard unsafe uint8(at: offset + index) == text.utf8Start[index] else { return false }
        }
        return true
    }

    /// A copy of the bytes of a range, which must lie inside.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else { return [] }
        return unsafe extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
