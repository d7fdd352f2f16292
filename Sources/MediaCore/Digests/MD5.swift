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
        for block in 0..<count {
            let words = unsafe blocks + 64 &* block
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for step in 0..<16 {
                unsafe turn(&a, &b, &c, &d, d ^ b & (c ^ d), words, step, step, [7, 12, 17, 22])
            }
            for step in 16..<32 {
                unsafe turn(&a, &b, &c, &d, c ^ d & (b ^ c), words, (5 &* step &+ 1) & 15, step, [5, 9, 14, 20])
            }
            for step in 32..<48 {
                unsafe turn(&a, &b, &c, &d, b ^ c ^ d, words, (3 &* step &+ 5) & 15, step, [4, 11, 16, 23])
            }
            for step in 48..<64 {
                unsafe turn(&a, &b, &c, &d, c ^ (b | ~d), words, (7 &* step) & 15, step, [6, 10, 15, 21])
            }
            state[0] &+= a
            state[1] &+= b
            state[2] &+= c
            state[3] &+= d
        }
    }

    /// One step: `mixed` is the round's function of b, c and d; the names then move on by one.
    @inline(__always)
    private static func turn(
        _ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32, _ d: inout UInt32, _ mixed: UInt32,
        _ words: UnsafeRawPointer, _ word: Int, _ step: Int, _ rotations: InlineArray<4, UInt32>
    ) {
        let value = UInt32(littleEndian: unsafe words.loadUnaligned(fromByteOffset: 4 &* word, as: UInt32.self))
        let sum = a &+ mixed &+ value &+ constants[step]
        let count = rotations[step & 3]
        (a, d, c) = (d, c, b)
        b = b &+ (sum &<< count | sum &>> (32 &- count))
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
