import AudioCoding
import TestSupport
import Testing

@Suite("Other programs read from WAV files what NumPy says")
struct WAVReadBackTests {
    /// Makes arrays of every type of number: ties, ends, what is louder, and what is not finite.
    private static let making = """
        import sys, numpy as np, ml_dtypes
        folder = sys.argv[1]
        rng = np.random.default_rng(8)
        for name in "int8 uint8 int16 uint16 int32 uint32 int64 uint64".split():
            i = np.iinfo(name)
            a = rng.integers(i.min, i.max, (500, 2), name, endpoint=True)
            a[:8, 0] = [i.min, i.max, i.min + 1, i.max - 1, i.min // 2, i.max // 2, i.max // 2 + 1, i.max // 3]
            # Numbers that lie half-way between two of 16, 24 and 8 bits, and next to that.
            for n, bits in enumerate([8, 16, 24, 32]):
                step = 1 << max(0, i.bits - bits)
                middle = 0 if i.min < 0 else 1 << (i.bits - 1)
                for k in range(6):
                    for d in (-1, 0, 1):
                        a[20 + n * 40 + k * 3 + d, 1] = np.array(middle + k * step + step // 2 + d).astype(name)
            np.save(f"{folder}/{name}.npy", a)
        for name in "float16 bfloat16 float32 float64".split():
            x = rng.uniform(-1.1, 1.1, (500, 2))
            ties = [(k + 0.5) / s for s in (128, 32768, 2**23) for k in (0, 1, 2, -1, -2, 100, s - 2, s - 1, -s)]
            x[:len(ties), 0] = ties
            x[100:110, 1] = [np.nan, np.inf, -np.inf, 1, -1, 0.0, -0.0, 1.0000001, 1e-40, 1e30]
            with np.errstate(all="ignore"):
                a = x.astype(ml_dtypes.bfloat16 if name == "bfloat16" else name)
            if name == "bfloat16": a.view(np.uint16).tofile(f"{folder}/{name}.raw")
            else: np.save(f"{folder}/{name}.npy", a)
        """

    /// Compares what soundfile, scipy and ffmpeg read with the rule, written down in exact arithmetic.
    private static let checking = """
        import sys, subprocess, numpy as np, ml_dtypes, soundfile, scipy.io.wavfile
        from fractions import Fraction
        folder = sys.argv[1]
        def expected(a, form):
            float_type = {"float32": np.float32, "float64": np.float64}.get(form)
            bits = {"u8": 8, "pcm16": 16, "pcm24": 24, "pcm32": 32}.get(form)
            if a.dtype.kind in "iu":
                n = 8 * a.dtype.itemsize
                middle = 0 if a.dtype.kind == "i" else 1 << (n - 1)
                exact = [Fraction(int(v) - middle, 1 << (n - 1)) for v in a.ravel()]
                if float_type:
                    signed = a if middle == 0 else (a ^ a.dtype.type(middle)).view(f"i{a.dtype.itemsize}")
                    return signed.astype(float_type) * float_type(2.0 ** (1 - n))
                return np.array([min(max(round(v * (1 << (bits - 1))), -(1 << (bits - 1))), (1 << (bits - 1)) - 1)
                    for v in exact], np.int64).reshape(a.shape)
            x = a.astype(np.float64)
            x[~np.isfinite(x)] = 0
            if float_type:
                m = float(np.finfo(np.float32).max)
                return (np.clip(x, -m, m) if form == "float32" else x).astype(float_type)
            s = 2.0 ** (bits - 1)
            return np.clip(np.rint(x * s), -s, s - 1).astype(np.int64)
        for name in "int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 bfloat16 float32 float64".split():
            if name == "bfloat16": a = np.fromfile(f"{folder}/{name}.raw", ml_dtypes.bfloat16).reshape(500, 2)
            else: a = np.load(f"{folder}/{name}.npy")
            for form in "u8 pcm16 pcm24 pcm32 float32 float64".split():
                path, what = f"{folder}/{name}-{form}.wav", f"{name} to {form}"
                e = expected(a, form)
                subtype = {"u8": "PCM_U8", "pcm16": "PCM_16", "pcm24": "PCM_24", "pcm32": "PCM_32", "float32": "FLOAT",
                    "float64": "DOUBLE"}[form]
                info = soundfile.info(path)
                assert (info.subtype, info.samplerate, info.channels, info.frames) == (subtype, 22050, 2, 500), (what, info)
                rate, s = scipy.io.wavfile.read(path)
                assert rate == 22050 and s.shape == (500, 2), what
                if form.startswith("float"):
                    r, _ = soundfile.read(path, dtype=form)
                    f = np.frombuffer(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f64le", "-"],
                        capture_output=True, check=True).stdout, "<f8").reshape(e.shape)
                    bytes_ = lambda v: v.astype(np.float64).tobytes()
                    assert bytes_(r) == bytes_(e) and bytes_(s) == bytes_(e) and bytes_(f) == bytes_(e), what
                else:
                    bits = {"u8": 8, "pcm16": 16, "pcm24": 24, "pcm32": 32}[form]
                    r, _ = soundfile.read(path, dtype="int32")
                    f = np.frombuffer(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s32le", "-"],
                        capture_output=True, check=True).stdout, "<i4").reshape(e.shape)
                    s = s.astype(np.int64)
                    s = s - 128 if form == "u8" else s >> 8 if form == "pcm24" else s
                    assert ((r >> (32 - bits)) == e).all(), (what, "soundfile", np.argwhere((r >> (32 - bits)) != e)[:3])
                    assert (s == e).all(), (what, "scipy")
                    assert ((f >> (32 - bits)) == e).all(), (what, "ffmpeg")
        """

    @Test(
        "every type of number in every format",
        .python("numpy", "ml_dtypes", "scipy", "soundfile"))
    func everyFormat() throws {
        let folder = try TemporaryFolder()
        try PythonTools.run(Self.making, arguments: [folder.path])
        for type in ElementType.allCases where type != .bool {
            let tensor: Tensor
            if type == .bfloat16 {
                let raw = try folder.bytes("bfloat16.raw")
                tensor = try Tensor(storage: .array(raw), elementType: type, shape: [500, 2])
            } else {
                tensor = try TensorFile.open(folder.path("\(type).npy")).onlyTensor()
            }
            let sound = try Sound(tensor, rate: 22050)
            for format in SampleFormat.allCases {
                let (bytes, report) = try encoded(sound, WAVEncoder(sampleFormat: format))
                try folder.write(bytes, to: "\(type)-\(format).wav")
                #expect(report.count == 500 && report.byteCount == bytes.count)
                // Three numbers are not finite, and one more where 10³⁰ does not fit the type.
                let wanted = type.isFloatingPoint ? (type == .float16 ? 4 : 3) : 0
                #expect(report.tally.notFinite == wanted, "\(type) to \(format)")
                if wanted > 0 { #expect(report.tally.firstNotFinite == SoundPlace(sample: 100, channel: 1)) }
            }
        }
        try PythonTools.run(Self.checking, arguments: [folder.path])
    }

    @Test("numbers of the file's own type are written bit for bit")
    func exact() throws {
        var random = SeededGenerator(seed: 5)
        for (type, format) in [
            (ElementType.uint8, SampleFormat.u8), (.int16, .pcm16), (.int32, .pcm32), (.float32, .float32),
            (.float64, .float64),
        ] {
            var raw = random.bytes(type.byteCount * 3000)
            // No exponent of ones: what is not finite is not written as it is.
            if type.isFloatingPoint { for i in 1...3000 { raw[i * type.byteCount - 1] &= 0xBF } }
            let sound = try Sound(Tensor(storage: .array(raw), elementType: type, shape: [1000, 3]), rate: 48000)
            let (bytes, report) = try encoded(sound, WAVEncoder(sampleFormat: format))
            #expect(Array(bytes.suffix(raw.count)) == raw, "\(type)")
            #expect(report.tally == SoundTally())
        }
    }

    @Test("the wandb rules round as the SDK's libsndfile does", .python("numpy", "soundfile"))
    func wandb() throws {
        let folder = try TemporaryFolder()
        try PythonTools.run(
            """
            import sys, numpy as np, soundfile
            rng = np.random.default_rng(3)
            for name in ("float32", "float64", "int16", "int32"):
                if name[0] == "f":
                    a = rng.uniform(-1.2, 1.2, (4000, 2))
                    a[:1000] *= 2.0 ** -rng.integers(0, 40, (1000, 2))
                    a[1000:2000] = rng.integers(-70000, 70000, (1000, 2)) / 65536
                    a[:10, 0] = [1, -1, 0.0, -0.0, np.inf, -np.inf, 2147483647 / 2**31, 1e-12, -1e-12, -0.5 / 2**31]
                else: a = rng.integers(np.iinfo(name).min, np.iinfo(name).max, (4000, 2), endpoint=True)
                a = a.astype(name)
                np.save(f"{sys.argv[1]}/{name}.npy", a)
                soundfile.write(f"{sys.argv[1]}/{name}.wav", a, 8000, subtype="PCM_16")
            """, arguments: [folder.path])
        for type in [ElementType.float32, .float64, .int16, .int32] {
            let options = SoundOptions { $0.compatibility = .wandb(.v0_31) }
            let sound = try Sound(
                TensorFile.open(folder.path("\(type).npy")).onlyTensor(), rate: 8000, options: options)
            let (bytes, report) = try encoded(sound, WAVEncoder(compatibility: .wandb(.v0_31)))
            #expect(firstDifference(bytes, try folder.bytes("\(type).wav")) == nil, "\(type)")
            #expect(report.tally.notFinite == (type.isFloatingPoint ? 2 : 0))
        }
    }
}
