/// A reflected 32-bit CRC in plain Swift: sixteen tables, so that sixteen bytes cost sixteen loads and no chain of shifts.
///
/// The running value is called the register: it begins as all ones, and its complement is the checksum.
package struct CRCTables: Sendable {
    /// The polynomial without its leading term, lowest coefficient in the highest bit.
    let polynomial: UInt32
    /// Table `k` at `256·k`: what a byte does to the register when `k` more bytes follow it.
    let entries: [UInt32]
    /// x⁸, x¹⁶, x³², … modulo the polynomial: the effect of 1, 2, 4, … zero bytes.
    let powers: [UInt32]

    /// CRC-32 of PNG, ZIP and gzip.
    package static let crc32 = CRCTables(polynomial: 0xEDB8_8320)
    /// CRC-32C (Castagnoli) of the wandb transaction log.
    package static let crc32c = CRCTables(polynomial: 0x82F6_3B78)

    private init(polynomial: UInt32) {
        self.polynomial = polynomial
        var entries = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : polynomial) }
        }
        for index in 256..<(16 * 256) {
            let before = entries[index - 256]
            entries.append(before >> 8 ^ entries[Int(before & 0xFF)])
        }
        self.entries = entries

        var powers: [UInt32] = [0x0080_0000]
        for _ in 1..<63 {
            let last = powers[powers.count - 1]
            powers.append(Self.product(last, last, polynomial))
        }
        self.powers = powers
    }

    /// The product of two polynomials modulo the polynomial of this CRC, all reflected: the highest bit is x⁰.
    private static func product(_ left: UInt32, _ right: UInt32, _ polynomial: UInt32) -> UInt32 {
        var result: UInt32 = 0
        var term = left
        var bits = right
        while bits != 0 {
            if bits & 0x8000_0000 != 0 { result ^= term }
            term = term >> 1 ^ (term & 1 == 0 ? 0 : polynomial)
            bits <<= 1
        }
        return result
    }

    /// The register after `bytes`.
    package func register(_ register: UInt32, after bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe entries.withUnsafeBufferPointer { table in
            var value = register
            guard var at = bytes.baseAddress, let table = table.baseAddress else { return value }
            var left = bytes.count
            while left >= 16 {
                let first = UInt64(littleEndian: unsafe at.loadUnaligned(as: UInt64.self)) ^ UInt64(value)
                let second = UInt64(littleEndian: unsafe at.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                value = unsafe Self.looked(up: first, table + 8 * 256) ^ Self.looked(up: second, table)
                unsafe at += 16
                left &-= 16
            }
            while left > 0 {
                let byte = unsafe at.load(as: UInt8.self)
                value = unsafe value >> 8 ^ table[Int((value ^ UInt32(byte)) & 0xFF)]
                unsafe at += 1
                left &-= 1
            }
            return value
        }
    }

    /// What eight bytes do to the register; `table` is that of the last of them.
    @inline(__always)
    private static func looked(up word: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
        let a = unsafe table[7 * 256 + Int(word & 0xFF)] ^ table[6 * 256 + Int(word >> 8 & 0xFF)]
        let b = unsafe table[5 * 256 + Int(word >> 16 & 0xFF)] ^ table[4 * 256 + Int(word >> 24 & 0xFF)]
        let c = unsafe table[3 * 256 + Int(word >> 32 & 0xFF)] ^ table[2 * 256 + Int(word >> 40 & 0xFF)]
        let d = unsafe table[256 + Int(word >> 48 & 0xFF)] ^ table[Int(word >> 56)]
        return (a ^ b) ^ (c ^ d)
    }

    /// The checksum of two pieces put together, from the checksums of both and the length of the second in bytes.
    func combined(_ first: UInt32, _ second: UInt32, secondLength: Int) -> UInt32 {
        var shifted = first
        var length = max(0, secondLength)
        var power = 0
        while length != 0 {
            if length & 1 == 1 { shifted = Self.product(powers[power], shifted, polynomial) }
            length >>= 1
            power += 1
        }
        return shifted ^ second
    }
}
