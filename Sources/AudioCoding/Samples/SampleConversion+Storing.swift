import CMediaKernels
import TensorIO

extension SampleConversion {
    /// Rounds doubles to the numbers of the file.
    ///
    /// - Parameters:
    ///   - block: the doubles; they are overwritten.
    ///   - count: at most ``blockLength``.
    ///   - place: how many numbers came before.
    func store(
        _ block: UnsafeMutablePointer<Double>, _ count: Int, after place: Int, to target: UnsafeMutableRawPointer,
        _ losses: inout PCMKernels.Losses
    ) {
        switch output {
        case .float64:
            for i in 0..<count {
                let x = unsafe block[i]
                losses.notFinite &+= x.isFinite ? 0 : 1
                unsafe target.storeBytes(of: x.isFinite ? x : 0, toByteOffset: 8 &* i, as: Double.self)
            }
        case .float32:
            for i in 0..<count {
                let x = unsafe block[i]
                let most = Double(Float.greatestFiniteMagnitude)
                losses.notFinite &+= x.isFinite ? 0 : 1
                losses.low &+= x.isFinite && x < -most ? 1 : 0
                losses.high &+= x.isFinite && x > most ? 1 : 0
                let y = x.isFinite ? Float(max(-most, min(most, x))) : 0
                unsafe target.storeBytes(of: y, toByteOffset: 4 &* i, as: Float.self)
            }
        case .pcm16 where dither == .none:
            var lost = tm_losses()
            unsafe tm_sound_f64_i16(block, target.assumingMemoryBound(to: Int16.self), count, 0x1p15, &lost)
            losses.add(lost)
        case .u8, .pcm16, .pcm24, .pcm32:
            // The integers take the place of the doubles, front to back: each is half as wide.
            let integers = unsafe UnsafeMutableRawPointer(block).assumingMemoryBound(to: Int32.self)
            let scale = Double(sign: .plus, exponent: output.bits - 1, significand: 1)
            switch dither {
            case .none:
                unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { rounded in
                    guard let base = rounded.baseAddress else { return }
                    var lost = tm_losses()
                    unsafe tm_sound_f64_i32(block, base, count, scale, &lost)
                    losses.add(lost)
                    unsafe pack(base, count, to: target)
                }
            case .triangular(let seed):
                for i in 0..<count {
                    let number = unsafe UnsafeRawPointer(block).load(fromByteOffset: 8 &* i, as: Double.self)
                    let rounded = PCMKernels.dithered(
                        number, scale, seed: seed, place: UInt64(truncatingIfNeeded: place &+ i), &losses)
                    unsafe UnsafeMutableRawPointer(block).storeBytes(of: rounded, toByteOffset: 4 &* i, as: Int32.self)
                }
                unsafe pack(integers, count, to: target)
            }
        }
    }

    /// Writes integers with the bytes that the format has, least significant first.
    private func pack(_ integers: UnsafePointer<Int32>, _ count: Int, to target: UnsafeMutableRawPointer) {
        switch output {
        case .u8:
            for i in 0..<count {
                let byte = unsafe UInt8(truncatingIfNeeded: integers[i] &+ 128)
                unsafe target.storeBytes(of: byte, toByteOffset: i, as: UInt8.self)
            }
        case .pcm16:
            for i in 0..<count {
                let number = unsafe Int16(truncatingIfNeeded: integers[i])
                unsafe target.storeBytes(of: number, toByteOffset: 2 &* i, as: Int16.self)
            }
        case .pcm24:
            for i in 0..<count {
                let bits = unsafe UInt32(bitPattern: integers[i])
                unsafe target.storeBytes(of: UInt16(truncatingIfNeeded: bits), toByteOffset: 3 &* i, as: UInt16.self)
                let last = UInt8(truncatingIfNeeded: bits >> 16)
                unsafe target.storeBytes(of: last, toByteOffset: 3 &* i &+ 2, as: UInt8.self)
            }
        default: unsafe target.copyMemory(from: integers, byteCount: 4 * count)
        }
    }
}

/// The rounding of libsndfile 1.2 with clipping on, which is what the wandb SDK writes: floats are scaled to 32 bits, rounded
/// to nearest, and their upper 16 bits are taken, so that everything is rounded down.
enum WandbSamples {
    static func convert(
        _ base: UnsafeRawPointer, as type: ElementType, count: Int, to target: UnsafeMutableRawPointer,
        losses: inout PCMKernels.Losses
    ) {
        for i in 0..<count {
            let number: Int16
            switch type {
            case .int32:
                number = unsafe Int16(
                    truncatingIfNeeded: base.loadUnaligned(fromByteOffset: 4 &* i, as: Int32.self) >> 16)
            case .float32:
                // The product is taken in float32, where the factor is 2³¹.
                let x = unsafe base.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self)
                number = upper(Double(x * 0x1p31), of: Double(x), &losses)
            default:
                let x = unsafe base.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self)
                number = upper(x * 2_147_483_647, of: x, &losses)
            }
            unsafe target.storeBytes(of: number, toByteOffset: 2 &* i, as: Int16.self)
        }
    }

    /// The upper half of a rounded number of 32 bits. What is no number is 0: what libsndfile makes of it depends on the
    /// processor.
    private static func upper(_ scaled: Double, of x: Double, _ losses: inout PCMKernels.Losses) -> Int16 {
        guard !x.isNaN else {
            losses.notFinite &+= 1
            return 0
        }
        if x.isInfinite {
            losses.notFinite &+= 1
        } else {
            losses.low &+= x < -1 ? 1 : 0
            losses.high &+= x > 1 ? 1 : 0
        }
        if scaled >= 2_147_483_647 { return .max }
        if scaled <= -2_147_483_648 { return .min }
        return Int16(truncatingIfNeeded: Int64(scaled.rounded(.toNearestOrEven)) >> 16)
    }
}
