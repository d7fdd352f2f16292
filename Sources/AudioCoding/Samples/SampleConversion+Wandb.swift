import CMediaKernels
import TensorIO

extension SampleConversion {
    /// The rounding of libsndfile 1.2 with clipping on, which is what the wandb SDK writes: numbers are scaled to 32 bits,
    /// rounded to nearest, and their upper 16 bits are taken, so that everything is rounded down.
    ///
    /// Infinite numbers are the loudest. What is no number is 0: what libsndfile makes of it depends on the processor.
    func storeWandb(_ numbers: RawSpan, to target: UnsafeMutableRawPointer, _ losses: inout PCMKernels.Losses) {
        if input == .int32 {
            unsafe numbers.withUnsafeBytes { bytes in
                for i in 0..<bytes.count / 4 {
                    let number = unsafe bytes.loadUnaligned(fromByteOffset: 4 &* i, as: Int32.self)
                    unsafe target.storeBytes(
                        of: Int16(truncatingIfNeeded: number >> 16), toByteOffset: 2 &* i, as: Int16.self)
                }
            }
            return
        }
        unsafe inBlocks(numbers) { (block: UnsafeMutablePointer<Double>, part, start) in
            let count = part.byteCount / input.byteCount
            unsafe NumberWidening.doubles(part, as: input, forRounding: true, to: block)
            unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { rounded in
                guard let base = rounded.baseAddress else { return }
                var lost = tm_losses()
                unsafe tm_sound_f64_i32(block, base, count, 0x1p31, &lost)
                losses.add(lost)
                for i in 0..<count {
                    var number = unsafe Int16(truncatingIfNeeded: base[i] >> 16)
                    if lost.not_finite > 0, unsafe block[i].isInfinite {
                        number = unsafe block[i] > 0 ? .max : .min
                    }
                    unsafe target.storeBytes(of: number, toByteOffset: 2 &* (start &+ i), as: Int16.self)
                }
            }
        }
    }
}
