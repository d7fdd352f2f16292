import CMediaKernels
import MediaCore
import TensorIO

/// Packed numbers of one type to the bytes of a file: picks the way for a type, a format and a rule.
///
/// A number x becomes the integer that is nearest to x · 2^(bits − 1), ties to even, within the integers of the file. Numbers
/// of the file's own type stay as they are, bit for bit, but for floats that are not finite, which become 0.
struct SampleConversion {
    /// How the numbers get to the file.
    enum Way: Hashable {
        /// The bytes are those of the file.
        case copy
        /// Those of the file with the sign bit turned over.
        case flip
        /// The bytes are those of the file unless a number is not finite.
        case copyFinite
        /// Float32, directly to 16 bits.
        case direct
        /// Directly to float32.
        case single
        /// Through float64.
        case general
        /// As libsndfile rounds for the wandb SDK.
        case wandb
    }

    let input: ElementType
    let output: SampleFormat
    let dither: SoundDither
    let way: Way

    /// How many numbers are widened at a time.
    static let blockLength = 2048

    init(
        from input: ElementType, to output: SampleFormat, dither: SoundDither = .none,
        compatibility: Compatibility = .standard
    ) {
        self.input = input
        self.output = output
        // Noise would only spoil numbers that have no more bits than the file.
        let fits = input.isInteger && !output.isFloatingPoint && input.byteCount * 8 <= output.bits
        let dither = fits ? .none : dither
        self.dither = dither
        way =
            switch (input, output) {
            case (.int16, .pcm16), (.int32, .pcm32), (.uint8, .u8): .copy
            case (.int8, .u8), (.uint16, .pcm16), (.uint32, .pcm32): .flip
            case (.float32, .float32), (.float64, .float64): .copyFinite
            case (.float64, .float32): .general
            case (_, .float32): .single
            case _ where compatibility.isWandb: .wandb
            case (.float32, .pcm16), (.float16, .pcm16), (.bfloat16, .pcm16): dither == .none ? .direct : .general
            default: .general
            }
    }

    /// Whether the bytes of the file are those of the numbers.
    func isCopy(of numbers: RawSpan) -> Bool {
        way == .copy || way == .copyFinite && FiniteScan.isFinite(numbers, as: input)
    }

    /// Converts packed numbers in native order.
    ///
    /// - Parameters:
    ///   - numbers: the numbers.
    ///   - place: how many came before, over all channels.
    ///   - target: has room for them.
    @unsafe func convert(
        _ numbers: RawSpan, after place: Int, to target: UnsafeMutableRawPointer, losses: inout PCMKernels.Losses
    ) {
        let count = numbers.byteCount / input.byteCount
        unsafe numbers.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            switch way {
            case .copy: unsafe target.copyMemory(from: base, byteCount: bytes.count)
            case .flip:
                unsafe target.copyMemory(from: base, byteCount: bytes.count)
                let width = input.byteCount
                for i in 0..<count {
                    let last = i &* width &+ width &- 1
                    let byte = unsafe target.load(fromByteOffset: last, as: UInt8.self)
                    unsafe target.storeBytes(of: byte ^ 0x80, toByteOffset: last, as: UInt8.self)
                }
            case .copyFinite: unsafe copyFinite(base, as: input, count, target, &losses)
            case .single:
                unsafe NumberWidening.floats(numbers, as: input, to: target.assumingMemoryBound(to: Float.self))
                unsafe copyFinite(target, as: .float32, count, target, &losses)
            case .direct where input == .float32:
                var lost = tm_losses()
                unsafe tm_sound_f32_i16(base, target.assumingMemoryBound(to: Int16.self), count, &lost)
                losses.add(lost)
            case .direct:
                unsafe inBlocks(numbers) { (block: UnsafeMutablePointer<Float>, part, start) in
                    unsafe NumberWidening.floats(part, as: input, to: block)
                    var lost = tm_losses()
                    let place = unsafe (target + 2 * start).assumingMemoryBound(to: Int16.self)
                    unsafe tm_sound_f32_i16(block, place, part.byteCount / 2, &lost)
                    losses.add(lost)
                }
            case .general:
                unsafe inBlocks(numbers) { (block: UnsafeMutablePointer<Double>, part, start) in
                    let isRounding = !output.isFloatingPoint
                    unsafe NumberWidening.doubles(part, as: input, forRounding: isRounding, to: block)
                    unsafe store(
                        block, part.byteCount / input.byteCount, after: place + start,
                        to: target + start * output.byteCount, &losses)
                }
            case .wandb: unsafe storeWandb(numbers, to: target, &losses)
            }
        }
    }

    func inBlocks<Wide: BitwiseCopyable>(
        _ numbers: RawSpan, _ body: (UnsafeMutablePointer<Wide>, RawSpan, _ start: Int) -> Void
    ) {
        let width = input.byteCount
        let count = numbers.byteCount / width
        unsafe withUnsafeTemporaryAllocation(of: Wide.self, capacity: Self.blockLength) { buffer in
            guard let block = buffer.baseAddress else { return }
            for start in stride(from: 0, to: count, by: Self.blockLength) {
                let end = min(count, start + Self.blockLength)
                unsafe body(block, numbers.extracting(start * width..<end * width), start)
            }
        }
    }

    private func copyFinite(
        _ base: UnsafeRawPointer, as type: ElementType, _ count: Int, _ target: UnsafeMutableRawPointer,
        _ losses: inout PCMKernels.Losses
    ) {
        var lost: UInt64 = 0
        if type == .float32 {
            for i in 0..<count {
                let bits = unsafe base.loadUnaligned(fromByteOffset: 4 &* i, as: UInt32.self)
                let isFinite = bits & 0x7F80_0000 != 0x7F80_0000
                lost &+= isFinite ? 0 : 1
                unsafe target.storeBytes(of: isFinite ? bits : 0, toByteOffset: 4 &* i, as: UInt32.self)
            }
        } else {
            for i in 0..<count {
                let bits = unsafe base.loadUnaligned(fromByteOffset: 8 &* i, as: UInt64.self)
                let isFinite = bits & 0x7FF0_0000_0000_0000 != 0x7FF0_0000_0000_0000
                lost &+= isFinite ? 0 : 1
                unsafe target.storeBytes(of: isFinite ? bits : 0, toByteOffset: 8 &* i, as: UInt64.self)
            }
        }
        losses.notFinite &+= lost
    }
}

extension PCMKernels.Losses {
    mutating func add(_ lost: tm_losses) {
        low &+= lost.low
        high &+= lost.high
        notFinite &+= lost.not_finite
    }
}
