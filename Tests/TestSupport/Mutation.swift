/// Damages a file the way disks, networks and attackers do, the same way for the same generator: for tests that feed a
/// reader thousands of bad files.
package func mutated(_ original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0...generator.below(4) {
        guard !bytes.isEmpty else { return generator.bytes(generator.below(64)) }
        let at = generator.chance(0.5) ? generator.below(min(bytes.count, 256)) : generator.below(bytes.count)
        switch generator.below(9) {
        case 0: bytes[at] ^= 1 << generator.below(8)
        case 1: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
        case 2: bytes.removeLast(bytes.count - at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + generator.below(64)))
        case 4: bytes.insert(contentsOf: generator.bytes(1 + generator.below(16)), at: at)
        case 5:
            // The numbers at which arithmetic goes wrong, in the place of a size.
            let edge: UInt64 = generator.pick([
                0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, .max,
            ])
            let isBig = generator.chance(0.5)
            let width = min(bytes.count - at, generator.pick([1, 2, 4, 8]))
            for i in 0..<width {
                bytes[at + i] = UInt8(truncatingIfNeeded: edge >> (8 * UInt64(isBig ? width - 1 - i : i)))
            }
        case 6:
            let end = min(bytes.count, at + 1 + generator.below(128))
            let piece = Array(bytes[at..<end])
            bytes.insert(contentsOf: piece, at: generator.below(bytes.count))
        case 7:
            for i in at..<min(bytes.count, at + 1 + generator.below(32)) { bytes[i] = generator.chance(0.5) ? 0 : 0xFF }
        default:
            // Texts such as NumPy's header hold their numbers as digits.
            bytes[at] = generator.pick(Array("0123456789-,()[]{}'\": eE.|<>".utf8))
        }
    }
    return bytes
}
