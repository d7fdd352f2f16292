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
