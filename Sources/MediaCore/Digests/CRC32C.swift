import CMediaKernels

/// The CRC-32C checksum of the wandb transaction log, iSCSI and ext4 (RFC 3720, B.4).
///
/// Twin of the kernel: `register(_:after:)`. Where the CPU multiplies without carries, more than 10 GB/s.
public struct CRC32C: Sendable, Hashable {
    private var register: UInt32 = 0xFFFF_FFFF

    /// The checksum of no bytes yet.
    public init() {}

    /// Takes the next bytes in.
    public mutating func update(_ bytes: RawSpan) {
        register = unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return register }
            var value = register
            let taken = unsafe tm_crc32c(&value, base.assumingMemoryBound(to: UInt8.self), bytes.count)
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[taken...])
            return unsafe Self.register(value, after: rest)
        }
    }

    /// The checksum of all bytes so far.
    public var value: UInt32 { ~register }

    /// The checksum of `bytes`.
    public static func of(_ bytes: RawSpan) -> UInt32 {
        var checksum = Self()
        checksum.update(bytes)
        return checksum.value
    }

    /// The checksum of two pieces put together, from their checksums alone, in time that grows with the logarithm of the
    /// length.
    ///
    /// - Parameters:
    ///   - first: The checksum of the first piece.
    ///   - second: The checksum of the second piece.
    ///   - secondLength: The length of the second piece in bytes, not negative.
    public static func combine(_ first: UInt32, _ second: UInt32, secondLength: Int) -> UInt32 {
        CRCTables.crc32c.combined(first, second, secondLength: secondLength)
    }

    /// The register (the complement of the checksum) after `bytes`, in plain Swift.
    package static func register(_ register: UInt32, after bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe bytes.isEmpty ? register : CRCTables.crc32c.register(register, after: bytes)
    }
}
