import CMediaKernels
import TensorIO

/// Packed numbers to packed samples: picks the kernel for an element type, a rule and a depth.
///
/// Types without a kernel of their own are widened first, a block at a time, so that the block stays in the cache.
struct SampleRun {
    let type: ElementType
    let rule: SampleRule
    let format: PixelFormat

    /// How many numbers are widened at a time.
    private static let blockLength = 2048

    /// Converts `count` packed numbers in native order.
    @unsafe func convert(
        _ input: UnsafeRawPointer, count: Int, to output: UnsafeMutableRawPointer
    ) -> SampleKernels.Losses {
        var losses = SampleKernels.Losses()
        switch rule {
        case .copy:
            unsafe output.copyMemory(from: input, byteCount: count * format.bytesPerSample)
        case .boolean:
            unsafe convertBooleans(input, count, output)
        case .wandb(let wandb):
            unsafe wandb.convert(input, as: type, count: count, to: output.assumingMemoryBound(to: UInt8.self))
        case .linear32(let linear):
            if type == .float32 {
                unsafe Self.convert32(input, count, linear, format.bits, output, &losses)
            } else {
                unsafe inBlocks(input, count, output) { (block: UnsafeMutablePointer<Float>, place, count, target) in
                    unsafe widen(place, count, block)
                    unsafe Self.convert32(UnsafeRawPointer(block), count, linear, format.bits, target, &losses)
                }
            }
        case .linear64(let linear):
            if type == .float64 {
                unsafe Self.convert64(input, count, linear, format.bits, output, &losses)
            } else {
                unsafe inBlocks(input, count, output) { (block: UnsafeMutablePointer<Double>, place, count, target) in
                    unsafe widen(place, count, block)
                    unsafe Self.convert64(UnsafeRawPointer(block), count, linear, format.bits, target, &losses)
                }
            }
        }
        return losses
    }

    /// Converts a row of each of `channels` planes and interleaves them.
    ///
    /// - Parameter scratch: room for `count * channels` samples.
    @unsafe func convertPlanes(
        _ input: UnsafeRawPointer, planeStride: Int, channels: Int, count: Int, scratch: UnsafeMutableRawPointer,
        to output: UnsafeMutableRawPointer
    ) -> SampleKernels.Losses {
        var losses = SampleKernels.Losses()
        for channel in 0..<channels {
            let plane = unsafe convert(
                input + channel * planeStride, count: count, to: scratch + channel * count * format.bytesPerSample)
            losses.low &+= plane.low
            losses.high &+= plane.high
            losses.notFinite &+= plane.notFinite
        }
        if format.bits == 16 {
            unsafe tm_interleave_u16(
                scratch.assumingMemoryBound(to: tm_sample16.self), count, Int32(channels),
                output.assumingMemoryBound(to: tm_sample16.self), count)
        } else {
            unsafe tm_interleave_u8(
                scratch.assumingMemoryBound(to: UInt8.self), count, Int32(channels),
                output.assumingMemoryBound(to: UInt8.self), count)
        }
        return losses
    }

    // MARK: Kernels

    private static func convert32(
        _ input: UnsafeRawPointer, _ count: Int, _ linear: SampleKernels.Linear<Float>, _ bits: Int,
        _ output: UnsafeMutableRawPointer, _ losses: inout SampleKernels.Losses
    ) {
        let rule = tm_linear32(
            scale: linear.scale, offset: linear.offset, least: linear.least, greatest: linear.greatest)
        var lost = tm_losses()
        if bits == 16 {
            unsafe tm_convert_f32_u16(input, output.assumingMemoryBound(to: tm_sample16.self), count, rule, &lost)
        } else {
            unsafe tm_convert_f32_u8(input, output.assumingMemoryBound(to: UInt8.self), count, rule, &lost)
        }
        losses.add(lost)
    }

    private static func convert64(
        _ input: UnsafeRawPointer, _ count: Int, _ linear: SampleKernels.Linear<Double>, _ bits: Int,
        _ output: UnsafeMutableRawPointer, _ losses: inout SampleKernels.Losses
    ) {
        let rule = tm_linear64(
            scale: linear.scale, offset: linear.offset, least: linear.least, greatest: linear.greatest)
        var lost = tm_losses()
        if bits == 16 {
            unsafe tm_convert_f64_u16(input, output.assumingMemoryBound(to: tm_sample16.self), count, rule, &lost)
        } else {
            unsafe tm_convert_f64_u8(input, output.assumingMemoryBound(to: UInt8.self), count, rule, &lost)
        }
        losses.add(lost)
    }

    private func convertBooleans(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutableRawPointer) {
        if format.bits == 16 {
            for i in 0..<count {
                let sample: UInt16 = unsafe input.load(fromByteOffset: i, as: UInt8.self) == 0 ? 0 : 65535
                unsafe output.storeBytes(of: sample, toByteOffset: 2 &* i, as: UInt16.self)
            }
        } else {
            let one = UInt8(truncatingIfNeeded: format.maximum)
            for i in 0..<count {
                let sample = unsafe input.load(fromByteOffset: i, as: UInt8.self) == 0 ? 0 : one
                unsafe output.storeBytes(of: sample, toByteOffset: i, as: UInt8.self)
            }
        }
    }

    // MARK: Widening

    private func inBlocks<Wide: BitwiseCopyable>(
        _ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutableRawPointer,
        _ body: (UnsafeMutablePointer<Wide>, UnsafeRawPointer, Int, UnsafeMutableRawPointer) -> Void
    ) {
        unsafe withUnsafeTemporaryAllocation(of: Wide.self, capacity: Self.blockLength) { buffer in
            guard let block = buffer.baseAddress else { return }
            for start in stride(from: 0, to: count, by: Self.blockLength) {
                unsafe body(
                    block, input + start * type.byteCount, min(Self.blockLength, count - start),
                    output + start * format.bytesPerSample)
            }
        }
    }

    private func widen(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        if type == .bfloat16 {
            unsafe tm_widen_bf16(input, output, count)
        } else {
            unsafe tm_widen_f16(input, output, count)
        }
    }

    private func widen(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Double>) {
        switch type {
        case .bool:
            for i in 0..<count {
                unsafe output[i] = unsafe input.load(fromByteOffset: i, as: UInt8.self) == 0 ? 0 : 1
            }
        case .uint8: unsafe widen(input, count, output, UInt8.self)
        case .int8: unsafe widen(input, count, output, Int8.self)
        case .uint16: unsafe widen(input, count, output, UInt16.self)
        case .int16: unsafe widen(input, count, output, Int16.self)
        case .uint32: unsafe widen(input, count, output, UInt32.self)
        case .int32: unsafe widen(input, count, output, Int32.self)
        case .uint64: unsafe widen(input, count, output, UInt64.self)
        case .int64: unsafe widen(input, count, output, Int64.self)
        case .float32:
            for i in 0..<count {
                unsafe output[i] = Double(unsafe input.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self))
            }
        case .float64:
            unsafe UnsafeMutableRawPointer(output).copyMemory(from: input, byteCount: 8 * count)
        case .float16, .bfloat16:
            // The floats are widened into the upper half of the doubles' room and read from there, front to back.
            let floats = unsafe (UnsafeMutableRawPointer(output) + 4 * count).assumingMemoryBound(to: Float.self)
            unsafe widen(input, count, floats)
            let raw = UnsafeMutableRawPointer(output)
            for i in 0..<count {
                let value = unsafe raw.load(fromByteOffset: 4 &* (count &+ i), as: Float.self)
                unsafe raw.storeBytes(of: Double(value), toByteOffset: 8 &* i, as: Double.self)
            }
        }
    }

    private func widen<Number: BinaryInteger & BitwiseCopyable>(
        _ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Double>, _ type: Number.Type
    ) {
        for i in 0..<count {
            let number = unsafe input.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: type)
            unsafe output[i] = Double(number)
        }
    }
}

extension SampleKernels.Losses {
    fileprivate mutating func add(_ lost: tm_losses) {
        low &+= lost.low
        high &+= lost.high
        notFinite &+= lost.not_finite
    }
}
