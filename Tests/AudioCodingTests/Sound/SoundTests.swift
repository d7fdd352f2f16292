import AudioCoding
import TestSupport
import Testing

@Suite("Tensors are read as sounds")
struct SoundTests {
    /// All numbers of a source, as floats.
    private static func floats(_ source: some SampleSource, _ range: Range<Int>) throws -> [Float] {
        var numbers = [Float](repeating: .nan, count: range.count * source.channels)
        var span = numbers.mutableSpan
        let count = try source.fill(range, into: &span)
        return Array(numbers.prefix(count * source.channels))
    }

    private static func code(_ shape: [Int], _ type: ElementType = .int16, rate: Int = 8000) -> MediaError.Code? {
        do throws(MediaError) {
            let bytes = [UInt8](repeating: 0, count: max(1, shape.reduce(1, *)) * type.byteCount)
            let tensor = try Tensor(storage: .array(bytes), elementType: type, shape: shape)
            _ = try Sound(tensor, rate: rate)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "the layout follows from the shape where it leaves no doubt",
        arguments: [
            ([441], SoundLayout.t, false, 1, 441), ([441, 1], .tc, true, 1, 441), ([441, 2], .tc, true, 2, 441),
            ([8, 8], .tc, true, 8, 8), ([1, 16], .ct, true, 1, 16), ([2, 32], .ct, true, 2, 32),
            ([8, 128], .ct, true, 8, 128), ([1024, 1024], .tc, true, 1024, 1024),
        ])
    func layout(shape: [Int], layout: SoundLayout, isInferred: Bool, channels: Int, count: Int) throws {
        let tensor = try Tensor([Int16](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        let sound = try Sound(tensor, rate: 100)
        #expect(sound.facts.layout == layout)
        #expect(sound.facts.layoutWasInferred == isInferred)
        #expect(sound.facts.elementType == .int16)
        #expect(sound.channels == channels)
        #expect(sound.count == count)
        #expect(sound.seconds == Double(count) / 100)
    }

    @Test(
        "what is no sound is refused",
        arguments: [
            ([], MediaError.Code.shapeInvalid), ([2, 3, 4], .shapeInvalid), ([0], .shapeInvalid),
            ([0, 2], .shapeInvalid), ([100, 0], .shapeInvalid), ([2, 31], .shapeInvalid), ([9, 200], .shapeInvalid),
            ([2000, 1025], .shapeInvalid),
        ])
    func refusals(shape: [Int], code: MediaError.Code) { #expect(Self.code(shape) == code) }

    @Test("rates below 1 and truth values are refused")
    func otherRefusals() {
        #expect(Self.code([10], rate: 0) == .argumentInvalid)
        #expect(Self.code([10], rate: .min) == .argumentInvalid)
        #expect(Self.code([10], .bool) == .elementTypeInvalid)
    }

    @Test("more channels than samples names the transpose, and is taken from who states it")
    func transpose() throws {
        let tensor = try Tensor([Float](repeating: 0, count: 600), shape: [20, 30])
        let error = #expect(throws: MediaError.self) { try Sound(tensor, rate: 1) }
        #expect(error?.description.contains("would be 20 samples of 30 channels; transpose it") == true)
        #expect(try Sound(tensor, rate: 1, options: SoundOptions { $0.layout = .tc }).channels == 30)
        #expect(try Sound(tensor, rate: 1, options: SoundOptions { $0.layout = .ct }).channels == 20)
        #expect(throws: MediaError.self) { try Sound(tensor, rate: 1, options: SoundOptions { $0.layout = .t }) }
    }

    @Test("the wandb rules read samples × channels, take nothing for a sound, and know four types")
    func wandb() throws {
        let wandb = SoundOptions { $0.compatibility = .wandb(.v0_31) }
        let misread = try Sound(Tensor([Float](repeating: 0, count: 100), shape: [2, 50]), rate: 1, options: wandb)
        #expect(misread.channels == 50)
        #expect(misread.facts.findings.map(\.code) == [.layoutAmbiguous])
        #expect(try Sound(Tensor([Double](), shape: [0, 2]), rate: 1, options: wandb).count == 0)
        let error = #expect(throws: MediaError.self) {
            try Sound(Tensor([UInt8](repeating: 0, count: 4), shape: [4]), rate: 1, options: wandb)
        }
        #expect(error?.code == .elementTypeInvalid)
    }

    @Test("numbers of every type become floats within −1…1, as NumPy divides them", .python("numpy", "ml_dtypes"))
    func types() throws {
        let script = """
            import sys, numpy as np, ml_dtypes
            name, raw = sys.argv[1], sys.stdin.buffer.read()
            a = np.frombuffer(raw, ml_dtypes.bfloat16 if name == "bfloat16" else name)
            if a.dtype.kind == "u":
                half = 1 << (8 * a.dtype.itemsize - 1)
                r = np.array([float(np.longdouble(int(v) - half) / half) if a.dtype.itemsize < 8 else
                    np.float32(int(v) - half) / np.float32(half) for v in a], np.float32)
            elif a.dtype.kind == "i":
                half = 1 << (8 * a.dtype.itemsize - 1)
                r = a.astype(np.float32) / np.float32(half)
            else:
                with np.errstate(all="ignore"): r = a.astype(np.float32)
            sys.stdout.buffer.write(r.astype(np.float32).tobytes())
            """
        var random = SeededGenerator(seed: 7)
        for type in ElementType.allCases where type != .bool {
            let raw = random.bytes(type.byteCount * 500)
            let sound = try Sound(Tensor(storage: .array(raw), elementType: type, shape: [250, 2]), rate: 8000)
            let expected = try PythonTools.run(script, arguments: [type.rawValue], input: raw).output
            let found = bytes(of: try Self.floats(sound, 0..<250).map { $0.isNaN ? Float.nan : $0 })
            let wanted = expected.withUnsafeBytes { buffer in
                (0..<500).map { buffer.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            #expect(
                firstDifference(found, bytes(of: wanted.map { $0.isNaN ? Float.nan : $0 })) == nil, "\(type)")
        }
    }

    @Test("strides of any kind give the same samples")
    func strides() throws {
        let values = (0..<600).map { Int16($0 * 37 % 3001) }
        let packed = try Sound(Tensor(values, shape: [300, 2]), rate: 10)
        let reference = try Self.floats(packed, 0..<300)

        let planes = [Int16]((0..<2).flatMap { channel in (0..<300).map { values[$0 * 2 + channel] } })
        let across = try Sound(Tensor(planes, shape: [2, 300]), rate: 10)
        #expect(across.facts.layout == .ct)
        #expect(try Self.floats(across, 0..<300) == reference)

        let backwards = Array(values.reversed())
        let reversed = try Tensor(
            storage: .array(backwards), elementType: .int16, shape: [300, 2], strides: [-4, -2], offset: 1198)
        #expect(try Self.floats(Sound(reversed, rate: 10), 0..<300) == reference)

        let swapped = try Tensor(
            storage: .array(values.map(\.byteSwapped)), elementType: .int16, shape: [300, 2], byteOrder: .big)
        #expect(try Self.floats(Sound(swapped, rate: 10), 0..<300) == reference)

        let repeated = try Tensor(storage: .array([Int16(16384)]), elementType: .int16, shape: [70_000], strides: [0])
        #expect(try Self.floats(Sound(repeated, rate: 10), 0..<70_000).allSatisfy { $0 == 0.5 })
    }

    @Test("any range may be asked for; it ends where the sound does")
    func ranges() throws {
        let sound = try Sound(Tensor((0..<1000).map { Float($0) }, shape: [500, 2]), rate: 10)
        #expect(try Self.floats(sound, 3..<5) == [6, 7, 8, 9])
        #expect(try Self.floats(sound, 499..<510) == [998, 999])
        #expect(try Self.floats(sound, 500..<510).isEmpty)
        #expect(throws: MediaError.self) { try Self.floats(sound, -1..<2) }
        var room = [Float](repeating: 0, count: 3)
        var span = room.mutableSpan
        var code: MediaError.Code?
        do throws(MediaError) { _ = try sound.fill(0..<2, into: &span) } catch { code = error.code }
        #expect(code == .argumentInvalid)
    }

    @Test("a source with an absurd rate or channels is refused; a sound of a sound keeps its facts")
    func sources() throws {
        struct Silence: SampleSource {
            var rate = 8000, channels = 1
            var count: Int? { nil }
            func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) -> Int { 0 }
        }
        #expect(throws: MediaError.self) { try Sound(Silence(rate: 0)) }
        #expect(throws: MediaError.self) { try Sound(Silence(channels: 0)) }
        #expect(throws: MediaError.self) { try Sound(Silence(channels: 1025)) }
        #expect(try Sound(Silence()).seconds == nil)
        let sound = try Sound(Tensor([Int8(1), 2], shape: [2]), rate: 1)
        #expect(try Sound(sound).facts == sound.facts)
    }
}
