import MediaCore

/// The compression of GIF with a loss: a pixel may be drawn as a colour near its own where that makes strings longer.
///
/// For each code, all strings of the table that stay near the pixels are looked at, and the one is taken whose error and
/// bits cost least per pixel. Half of the error of a pixel is made up for by the next one, as in dithering. A string of the table ends
/// with the first index of the next code, so when that begins with another index than the pixel's the table is mended.
@safe
struct LooseLZWEncoder: ~Copyable {
    /// One more than the largest code.
    private static let codeLimit = 4096
    /// The first code of strings of more than one index.
    private static let firstString: UInt32 = 258
    /// The code that empties the table.
    private static let clearCode: UInt32 = 256
    /// How many strings are looked at for one code at the most.
    private static let patience = 128
    /// How much error, see ``NearbyColors``, a code is worth.
    private static let worth: Float = 90
    /// How much of the error of a pixel is made up for by the next one.
    private static let carry: Float = 0.5

    /// For each code the last index of its string in the lowest 8 bits, then 12 of the first code whose string is one index
    /// longer, then 12 of the next code whose string begins in the same way; 0 for none.
    private let strings: UnsafeMutablePointer<UInt32>
    /// Strings that are to be looked at.
    private let stack: UnsafeMutablePointer<Candidate>

    /// A string that stays near the pixels.
    private struct Candidate {
        var code: UInt32
        /// The first index.
        var root: UInt8
        /// The place behind its last pixel.
        var end: Int
        /// The error of all its pixels.
        var cost: Float
        /// What its last pixel misses.
        var error: SIMD4<Float>
    }

    init() {
        unsafe strings = .allocate(capacity: Self.codeLimit)
        unsafe strings.initialize(repeating: 0, count: Self.codeLimit)
        // A string can be on it once for each root.
        unsafe stack = .allocate(capacity: Self.codeLimit * NearbyColors.mostChoices)
    }

    deinit {
        unsafe strings.deallocate()
        unsafe stack.deallocate()
    }

    /// Appends the codes of indices of 8 bits, without the code size.
    ///
    /// - Parameters:
    ///   - indices: at least one.
    ///   - nearby: what may be drawn for what.
    ///   - codes: what is appended to.
    mutating func compress(_ indices: UnsafeBufferPointer<UInt8>, nearby: NearbyColors, to codes: inout GIFBytes) {
        guard let pixels = indices.baseAddress else { return }
        let strings = unsafe strings
        let count = indices.count
        var next = Self.firstString
        restart(&codes)
        var writer = unsafe LZWBits(codes.base + codes.count, width: 9)
        writer.put(Self.clearCode)
        var place = 0
        var error = SIMD4<Float>()
        while place < count {
            // The string that was added last still waits for its last index.
            let pending = next > Self.firstString ? next - 1 : 0
            let best = unsafe cheapest(pixels, place, count, pending, error, nearby)
            if pending != 0 {
                unsafe strings[Int(pending)] = strings[Int(pending)] & ~0xFF | UInt32(best.root)
            }
            writer.put(best.code)
            place = best.end
            error = best.error
            guard place < count else { break }
            if next < UInt32(Self.codeLimit) {
                let parent = unsafe strings[Int(best.code)]
                unsafe strings[Int(next)] = UInt32(pixels[place]) | (parent >> 8 & 0xFFF) << 20
                unsafe strings[Int(best.code)] = parent & 0xFFF0_00FF | next << 8
                writer.grow(after: next)
                next += 1
            } else {
                codes.count = unsafe writer.byteCount(from: codes.base)
                restart(&codes)
                unsafe writer.move(to: codes.base + codes.count)
                writer.put(Self.clearCode)
                writer.width = 9
                next = Self.firstString
            }
        }
        writer.put(Self.clearCode + 1)
        codes.count = unsafe writer.finish(codes.base)
    }

    /// Empties the table, and makes room for all codes up to the next time.
    private mutating func restart(_ codes: inout GIFBytes) {
        codes.reserve(Self.codeLimit * 3 / 2 + 64)
        for code in 0..<256 { unsafe strings[code] = UInt32(code) }
    }

    /// The string that costs least for each of its pixels.
    ///
    /// - Parameters:
    ///   - pixels: all indices.
    ///   - place: where the string begins.
    ///   - count: how many indices there are.
    ///   - pending: the string whose last index is that of `place`, if the string that is looked for begins with it.
    ///   - error: what the pixel before misses.
    ///   - nearby: what may be drawn for what.
    @inline(__always)
    private func cheapest(
        _ pixels: UnsafePointer<UInt8>, _ place: Int, _ count: Int, _ pending: UInt32, _ error: SIMD4<Float>,
        _ nearby: NearbyColors
    ) -> Candidate {
        let stack = unsafe stack, strings = unsafe strings
        let places = unsafe nearby.places, isNear = unsafe nearby.isNear
        let first = unsafe pixels[place]
        var depth = 0
        let wanted = unsafe places[Int(first)] + error * Self.carry
        // The pixel's own colour is looked at first.
        for root in nearby.choices[Int(first)].reversed() {
            let missed = unsafe root == PixelReduction.transparent ? SIMD4() : wanted - places[Int(root)]
            unsafe stack[depth] = Candidate(
                code: UInt32(root), root: root, end: place + 1, cost: missed.square, error: missed)
            depth += 1
        }
        var best = unsafe stack[depth - 1]
        var least = best.cost + Self.worth
        var patience = Self.patience
        while depth > 0, patience > 0 {
            patience &-= 1
            depth &-= 1
            let candidate = unsafe stack[depth]
            let cost = (candidate.cost + Self.worth) / Float(candidate.end &- place)
            if cost < least {
                best = candidate
                least = cost
            }
            guard candidate.end < count else { continue }
            let pixel = unsafe Int(pixels[candidate.end])
            let row = unsafe isNear + pixel << 8
            let wanted = unsafe places[pixel] + candidate.error * Self.carry
            var code = unsafe strings[Int(candidate.code)] >> 8 & 0xFFF
            while code != 0 {
                let string = unsafe strings[Int(code)]
                let index = Int(string & 0xFF)
                if unsafe row[index], code != pending || candidate.root == first {
                    let missed = unsafe index == Int(PixelReduction.transparent) ? SIMD4() : wanted - places[index]
                    let distance = missed.square
                    if distance <= NearbyColors.most {
                        unsafe stack[depth] = Candidate(
                            code: code, root: candidate.root, end: candidate.end &+ 1, cost: candidate.cost + distance,
                            error: missed)
                        depth &+= 1
                    }
                }
                code = string >> 20
            }
        }
        return best
    }
}
