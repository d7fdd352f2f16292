/// Writes bits, lowest first, into memory that has room.
///
/// Between calls fewer than 8 bits wait in the accumulator. Every store is 8 bytes long, so 8 bytes of room are needed
/// behind the last one that counts.
@safe struct DeflateBits {
    /// Where the next whole byte goes.
    var output: UnsafeMutablePointer<UInt8>
    /// The bits that do not fill a byte yet.
    var accumulator: UInt64 = 0
    /// How many there are.
    var count: Int = 0

    init(output: UnsafeMutablePointer<UInt8>) { unsafe self.output = output }

    /// Appends up to 56 bits; those above `bits` are 0.
    @inline(__always)
    mutating func write(_ value: UInt64, bits: Int) {
        accumulator |= value << UInt64(truncatingIfNeeded: count)
        count &+= bits
        flush()
    }

    /// Stores the whole bytes.
    @inline(__always)
    mutating func flush() {
        unsafe UnsafeMutableRawPointer(output).storeBytes(of: accumulator.littleEndian, as: UInt64.self)
        unsafe output += count &>> 3
        accumulator = accumulator &>> UInt64(truncatingIfNeeded: count & 56)
        count &= 7
    }

    /// Fills the last byte with zeros.
    mutating func align() {
        guard count > 0 else { return }
        unsafe output[0] = UInt8(truncatingIfNeeded: accumulator)
        unsafe output += 1
        accumulator = 0
        count = 0
    }

    /// Appends the codes of `count` literals: the portable level of the emission kernels.
    ///
    /// - Parameter table: the 256 entries of ``DeflateTables/literals``, no code longer than 14 bits.
    mutating func writeLiterals(_ bytes: UnsafePointer<UInt8>, count byteCount: Int, table: UnsafePointer<UInt32>) {
        var bits = self
        var i = 0
        while i &+ 4 <= byteCount {
            let first = unsafe table[Int(bytes[i])]
            let second = unsafe table[Int(bytes[i &+ 1])]
            let third = unsafe table[Int(bytes[i &+ 2])]
            let fourth = unsafe table[Int(bytes[i &+ 3])]
            // Two and two are joined beside each other, so that only one addition per four waits for the one before.
            let low = UInt64(first & 0xFFFF) | UInt64(second & 0xFFFF) &<< UInt64(first &>> 16)
            let high = UInt64(third & 0xFFFF) | UInt64(fourth & 0xFFFF) &<< UInt64(third &>> 16)
            let lowBits = first &>> 16 &+ second &>> 16
            let four = low | high &<< UInt64(lowBits)
            bits.accumulator |= four &<< UInt64(truncatingIfNeeded: bits.count)
            bits.count &+= Int(truncatingIfNeeded: lowBits &+ third &>> 16 &+ fourth &>> 16)
            bits.flush()
            i &+= 4
        }
        while i < byteCount {
            let entry = unsafe table[Int(bytes[i])]
            bits.write(UInt64(entry & 0xFFFF), bits: Int(truncatingIfNeeded: entry &>> 16))
            i &+= 1
        }
        self = bits
    }
}
