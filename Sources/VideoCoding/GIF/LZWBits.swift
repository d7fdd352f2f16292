/// Writes codes of a growing number of bits, low bits first. Room is made by the owner.
@safe
struct LZWBits {
    private var output: UnsafeMutablePointer<UInt8>
    private var accumulator: UInt64 = 0
    private var waiting: UInt64 = 0
    /// How many bits a code has.
    var width: UInt32

    init(_ output: UnsafeMutablePointer<UInt8>, width: Int) {
        unsafe self.output = unsafe output
        self.width = UInt32(width)
    }

    /// Appends a code.
    @inline(__always)
    mutating func put(_ code: UInt32) {
        accumulator |= UInt64(code) &<< waiting
        waiting &+= UInt64(width)
        if waiting >= 32 {
            unsafe UnsafeMutableRawPointer(output).storeBytes(
                of: UInt32(truncatingIfNeeded: accumulator).littleEndian, as: UInt32.self)
            unsafe output += 4
            accumulator &>>= 32
            waiting &-= 32
        }
    }

    /// Codes get a bit more as soon as the decoder can meet one that needs it.
    @inline(__always)
    mutating func grow(after code: UInt32) {
        if code == 1 &<< width, width < 12 { width &+= 1 }
    }

    /// How many whole words were written behind `base`.
    func byteCount(from base: UnsafeMutablePointer<UInt8>) -> Int { unsafe output - base }

    /// Goes on at another place.
    mutating func move(to place: UnsafeMutablePointer<UInt8>) { unsafe output = unsafe place }

    /// Writes the bits that wait; says how many bytes there are behind `base`.
    mutating func finish(_ base: UnsafeMutablePointer<UInt8>) -> Int {
        while waiting > 0 {
            unsafe output.pointee = UInt8(truncatingIfNeeded: accumulator)
            unsafe output += 1
            accumulator &>>= 8
            waiting = waiting > 8 ? waiting &- 8 : 0
        }
        return unsafe output - base
    }
}
