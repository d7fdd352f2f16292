import CMediaKernels
import MediaCore
import TestSupport
import Testing

/// Each kernel against its twin, at every CPU level, on bytes that end or begin at a forbidden page.
@Suite struct DigestKernelTests {
    /// Around every size at which a kernel changes its way: 16, 32, 64, 256 bytes, and Adler's chunk of 5,504.
    static let counts =
        Array(0...300) + [
            319, 320, 511, 512, 513, 1023, 1024, 1279, 4097, 5503, 5504, 5505, 5567, 5568, 11_008, 20_011,
        ]

    /// Runs `check` with random, all-zero and all-255 bytes of every count, at the places and starts that matter.
    static func forEachMessage(_ check: (UnsafeRawBufferPointer, CPULevel) -> Void) {
        var random = SeededGenerator(seed: 3)
        let noise = random.bytes(20_100)
        CPULevel.forEachAvailable { level in
            for count in counts {
                for place in GuardedBytes.Place.allCases {
                    let bytes = GuardedBytes(count: count, place: place, contents: noise)
                    check(UnsafeRawBufferPointer(bytes.buffer), level)
                }
            }
            for start in 0..<65 {
                noise.withUnsafeBytes { check(UnsafeRawBufferPointer(rebasing: $0[start..<(start + 6_001)]), level) }
            }
            let loudest = GuardedBytes(count: 20_000, place: .beforeGuard, contents: repeatElement(255, count: 20_000))
            check(UnsafeRawBufferPointer(loudest.buffer), level)
            withholding {
                for count in [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 4097, 20_011] {
                    let bytes = GuardedBytes(count: count, place: .beforeGuard, contents: noise)
                    check(UnsafeRawBufferPointer(bytes.buffer), level)
                }
            }
            CPULevel.force(level)
        }
    }

    /// Runs `body` without each combination of the single instructions of the current level that digests use: what is then
    /// left to run is what processors without them run.
    private static func withholding(_ body: () -> Void) {
        let optional = tm_cpu_features() & ~UInt32(TM_CPU_HAS_AVX512VNNI | TM_CPU_HAS_GFNI)
        let level = CPULevel.current
        var withheld = optional
        while withheld != 0 {
            CPULevel.force(level)
            #expect(tm_cpu_withhold(withheld) & optional == optional & ~withheld)
            body()
            withheld = (withheld &- 1) & optional
        }
    }

    @Test("CRC-32") func crc32() {
        Self.forEachMessage { bytes, level in
            #expect(
                CRC32.of(bytes.bytes) == ~CRC32.register(~0, after: bytes), "\(bytes.count) bytes, \(level)")
        }
    }

    @Test("CRC-32C") func crc32c() {
        Self.forEachMessage { bytes, level in
            #expect(
                CRC32C.of(bytes.bytes) == ~CRC32C.register(~0, after: bytes), "\(bytes.count) bytes, \(level)")
        }
    }

    @Test("Adler-32, from the first value and from the largest") func adler32() {
        Self.forEachMessage { bytes, level in
            #expect(
                Adler32.of(bytes.bytes) == Adler32.checksum(1, after: bytes), "\(bytes.count) bytes, \(level)")
            guard let base = bytes.baseAddress else { return }
            let largest: UInt32 = 65520 << 16 | 65520
            var checksum = largest
            let taken = tm_adler32(&checksum, base.assumingMemoryBound(to: UInt8.self), bytes.count)
            let front = UnsafeRawBufferPointer(rebasing: bytes[..<taken])
            #expect(checksum == Adler32.checksum(largest, after: front), "\(bytes.count) bytes, \(level)")
        }
    }

    @Test("SHA-256") func sha256() {
        Self.forEachMessage { bytes, level in
            guard let base = bytes.baseAddress else { return }
            let blocks = bytes.count / 64
            var words: SHA256.State = [1, 2, 3, 5, 8, 13, 21, 0xFFFF_FFFF]
            var twin = words
            SHA256.compress(&twin, base, count: blocks)
            var span = words.mutableSpan
            let done = span.withUnsafeMutableBufferPointer {
                tm_sha256_blocks($0.baseAddress, base.assumingMemoryBound(to: UInt8.self), blocks)
            }
            guard done != 0 else { return }
            #expect((0..<8).allSatisfy { words[$0] == twin[$0] }, "\(blocks) blocks, \(level)")
        }
    }

    @Test("A forced level is what kernels use, and no more than that") func levels() {
        CPULevel.forEachAvailable { level in
            #expect(CPULevel.current == level)
            if level == .portable { #expect(tm_cpu_features() == 0) }
            if level == .avx2 { #expect(tm_cpu_features() & UInt32(TM_CPU_HAS_VPCLMUL) == 0) }
            let features = tm_cpu_features()
            #expect(tm_cpu_withhold(~0) == 0)
            #expect(CPULevel.current == level)
            CPULevel.force(level)
            #expect(tm_cpu_features() == features)
            var value: UInt32 = 1
            let bytes = [UInt8](repeating: 1, count: 4096)
            if level == .portable {
                #expect(tm_adler32(&value, bytes, bytes.count) == 0)
                #expect(tm_crc32(&value, bytes, bytes.count) == 0)
                #expect(tm_crc32c(&value, bytes, bytes.count) == 0)
            } else {
                #expect(tm_adler32(&value, bytes, bytes.count) == 4096)
            }
        }
        #expect(CPULevel.current == CPULevel.detected)
    }

    @Test("A level that the machine does not have is not taken") func impossibleLevel() {
        CPULevel.forEachAvailable { level in
            for other in CPULevel.allCases where !CPULevel.available.contains(other) {
                CPULevel.force(other)
                #expect(CPULevel.current == level)
            }
        }
    }
}
