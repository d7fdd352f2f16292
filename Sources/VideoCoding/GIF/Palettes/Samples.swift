/// Three samples, or what is wrong with them, in 256ths of a level.
struct Samples {
    var red: Int32 = 0, green: Int32 = 0, blue: Int32 = 0

    @inline(__always)
    init() {}

    @inline(__always)
    init(_ color: (red: UInt8, green: UInt8, blue: UInt8)) {
        (red, green, blue) = (Int32(color.red) &* 256, Int32(color.green) &* 256, Int32(color.blue) &* 256)
    }

    @inline(__always)
    private init(_ red: Int32, _ green: Int32, _ blue: Int32) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    @inline(__always)
    static func + (a: Samples, b: Samples) -> Samples {
        Samples(a.red &+ b.red, a.green &+ b.green, a.blue &+ b.blue)
    }

    @inline(__always)
    static func - (a: Samples, b: Samples) -> Samples {
        Samples(a.red &- b.red, a.green &- b.green, a.blue &- b.blue)
    }

    /// The same, inside the range of levels.
    @inline(__always)
    var bounded: Samples {
        let most: Int32 = 255 * 256
        return Samples(min(max(red, 0), most), min(max(green, 0), most), min(max(blue, 0), most))
    }

    /// With what was handed on in a row and from the row above, inside the range of levels.
    @inline(__always)
    func adding(_ ahead: Samples, _ above: UnsafePointer<Int32>) -> Samples {
        unsafe Samples(
            red &+ ahead.red &+ above[0], green &+ ahead.green &+ above[1], blue &+ ahead.blue &+ above[2]
        ).bounded
    }

    /// The cell of 18 bits that the samples are in, 6 bits of each, red highest; they are inside the range.
    @inline(__always)
    var cell: Int {
        Int((red &+ 128) &>> 10) << 12 | Int((green &+ 128) &>> 10) << 6 | Int((blue &+ 128) &>> 10)
    }

    /// The sum of the products, in quarters of a level so that 256 times it fits.
    @inline(__always)
    func product(_ other: Samples) -> Int32 {
        (red &>> 6) &* (other.red &>> 6) &+ (green &>> 6) &* (other.green &>> 6)
            &+ (blue &>> 6) &* (other.blue &>> 6)
    }

    /// How far from nothing: the squares of levels, added 3, 6 and 1 times, about like their shares of brightness.
    @inline(__always)
    var distance: Int32 {
        let (r, g, b) = (red &>> 6, green &>> 6, blue &>> 6)
        return (3 &* r &* r &+ 6 &* g &* g &+ b &* b) &>> 4
    }

    /// So many 256ths of it.
    @inline(__always)
    func part(_ weight: Int32) -> Samples {
        Samples((red &* weight) &>> 8, (green &* weight) &>> 8, (blue &* weight) &>> 8)
    }

    /// Adds so many 256ths of it to three numbers.
    @inline(__always)
    func add(_ weight: Int32, to place: UnsafeMutablePointer<Int32>) {
        unsafe place[0] &+= (red &* weight) &>> 8
        unsafe place[1] &+= (green &* weight) &>> 8
        unsafe place[2] &+= (blue &* weight) &>> 8
    }
}
