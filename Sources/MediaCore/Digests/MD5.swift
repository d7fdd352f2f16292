/// The MD5 digest (RFC 1321), which wandb's artifact manifests ask for. It protects against accidents, not against people.
public struct MD5: Sendable {
    private var state: InlineArray<4, UInt32> = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    private var buffer = BlockBuffer()

    /// The digest of no bytes yet.
    public init() {}

    /// Takes the next bytes in.
    public mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe buffer.append(bytes, into: &state, by: Self.compress)
        }
    }

    /// The digest of all bytes.
    public consuming func finalize() -> Digest {
        var state = state
        unsafe buffer.finish(bigEndian: false, into: &state, by: Self.compress)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for index in state.indices {
            for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: state[index] >> shift)) }
        }
        return Digest(bytes: bytes)
    }

    /// The digest of `bytes`.
    public static func of(_ bytes: RawSpan) -> Digest {
        var digest = Self()
        digest.update(bytes)
        return digest.finalize()
    }

    private static func compress(_ state: inout InlineArray<4, UInt32>, _ blocks: UnsafeRawPointer, count: Int) {
        let constants = constants
        for block in 0..<count {
            let words = unsafe blocks + 64 &* block
            func word(_ index: Int) -> UInt32 {
                UInt32(littleEndian: unsafe words.loadUnaligned(fromByteOffset: 4 &* (index & 15), as: UInt32.self))
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for step in stride(from: 0, to: 16, by: 4) {
                a = turned(a, b, d ^ b & (c ^ d), word(step), constants[step], 7)
                d = turned(d, a, c ^ a & (b ^ c), word(step &+ 1), constants[step &+ 1], 12)
                c = turned(c, d, b ^ d & (a ^ b), word(step &+ 2), constants[step &+ 2], 17)
                b = turned(b, c, a ^ c & (d ^ a), word(step &+ 3), constants[step &+ 3], 22)
            }
            for step in stride(from: 16, to: 32, by: 4) {
                a = turned(a, b, c ^ d & (b ^ c), word(5 &* step &+ 1), constants[step], 5)
                d = turned(d, a, b ^ c & (a ^ b), word(5 &* (step &+ 1) &+ 1), constants[step &+ 1], 9)
                c = turned(c, d, a ^ b & (d ^ a), word(5 &* (step &+ 2) &+ 1), constants[step &+ 2], 14)
                b = turned(b, c, d ^ a & (c ^ d), word(5 &* (step &+ 3) &+ 1), constants[step &+ 3], 20)
            }
            for step in stride(from: 32, to: 48, by: 4) {
                a = turned(a, b, b ^ c ^ d, word(3 &* step &+ 5), constants[step], 4)
                d = turned(d, a, a ^ b ^ c, word(3 &* (step &+ 1) &+ 5), constants[step &+ 1], 11)
                c = turned(c, d, d ^ a ^ b, word(3 &* (step &+ 2) &+ 5), constants[step &+ 2], 16)
                b = turned(b, c, c ^ d ^ a, word(3 &* (step &+ 3) &+ 5), constants[step &+ 3], 23)
            }
            for step in stride(from: 48, to: 64, by: 4) {
                a = turned(a, b, c ^ (b | ~d), word(7 &* step), constants[step], 6)
                d = turned(d, a, b ^ (a | ~c), word(7 &* (step &+ 1)), constants[step &+ 1], 10)
                c = turned(c, d, a ^ (d | ~b), word(7 &* (step &+ 2)), constants[step &+ 2], 15)
                b = turned(b, c, d ^ (c | ~a), word(7 &* (step &+ 3)), constants[step &+ 3], 21)
            }
            state[0] &+= a
            state[1] &+= b
            state[2] &+= c
            state[3] &+= d
        }
    }

    /// One step: the new value of `a`; `mixed` is the function of the other three that belongs to the step.
    @inline(__always)
    private static func turned(
        _ a: UInt32, _ b: UInt32, _ mixed: UInt32, _ word: UInt32, _ constant: UInt32, _ count: UInt32
    ) -> UInt32 {
        let sum = a &+ mixed &+ word &+ constant
        return b &+ (sum &<< count | sum &>> (32 &- count))
    }

    /// The integer part of 2³² · |sin(i + 1)|, i in radians.
    private static let constants: InlineArray<64, UInt32> = [
        0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501,
        0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE, 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821,
        0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
        0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED, 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A,
        0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70,
        0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
        0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
        0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
    ]
}
