import CMediaKernels

/// The Adler-32 checksum of zlib streams (RFC 1950, 8.2).
///
/// Twin of the kernel: `checksum(_:after:)`. With AVX2, more than 10 GB/s.
public struct Adler32: Sendable, Hashable {
    private static let modulus: UInt32 = 65521

    /// The checksum of all bytes so far.
    public private(set) var value: UInt32 = 1

    /// The checksum of no bytes yet, which is 1.
    public init() {}

    /// Takes the next bytes in.
    public mutating func update(_ bytes: RawSpan) {
        value = unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return value }
            var checksum = value
            let taken = unsafe tm_adler32(&checksum, base.assumingMemoryBound(to: UInt8.self), bytes.count)
            return unsafe Self.checksum(checksum, after: UnsafeRawBufferPointer(rebasing: bytes[taken...]))
        }
    }

    /// The checksum of `bytes`.
    public static func of(_ bytes: RawSpan) -> UInt32 {
        var checksum = Self()
        checksum.update(bytes)
        return checksum.value
    }

    /// The checksum of two pieces put together, from their checksums alone.
    ///
    /// - Parameters:
    ///   - first: The checksum of the first piece.
    ///   - second: The checksum of the second piece.
    ///   - secondLength: The length of the second piece in bytes, not negative.
    public static func combine(_ first: UInt32, _ second: UInt32, secondLength: Int) -> UInt32 {
        // Every byte of the second piece adds the first piece's a to b once more, less the 1 that both begin with.
        let length = UInt32(max(0, secondLength) % Int(modulus))
        let a1 = first & 0xFFFF
        let b1 = first >> 16
        let a = (a1 + (second & 0xFFFF) + modulus - 1) % modulus
        let grown = UInt64(length) * UInt64((a1 + modulus - 1) % modulus) % UInt64(modulus)
        let b = (b1 + (second >> 16) + UInt32(grown)) % modulus
        return b << 16 | a
    }

    /// The checksum that `checksum` becomes after `bytes`, in plain Swift.
    package static func checksum(_ checksum: UInt32, after bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard var at = bytes.baseAddress else { return checksum }
        var left = bytes.count
        var a = checksum & 0xFFFF
        var b = checksum >> 16
        while left > 0 {
            // RFC 1950: the longest run whose sums stay under 2³² is 5552 bytes; 5536 are whole groups of 32.
            let run = min(left, 5536)
            var groups = run >> 5
            while groups > 0 {
                var sum: UInt32 = 0
                var weighted: UInt32 = 0
                for index in 0..<32 {
                    let byte = UInt32(unsafe at.load(fromByteOffset: index, as: UInt8.self))
                    sum &+= byte
                    weighted &+= byte &* UInt32(truncatingIfNeeded: 32 &- index)
                }
                b = b &+ a &* 32 &+ weighted
                a = a &+ sum
                unsafe at += 32
                groups &-= 1
            }
            for _ in 0..<(run & 31) {
                a = a &+ UInt32(unsafe at.load(as: UInt8.self))
                b = b &+ a
                unsafe at += 1
            }
            a %= modulus
            b %= modulus
            left &-= run
        }
        return b << 16 | a
    }
}
