import MediaCore
import TensorIO
import TestSupport
import Testing

/// Files that Python's own libraries write, compared with what these libraries read from them.
@Suite("Files of Python")
struct PythonTensorTests {
    /// Python that every script here begins with: `note` keeps what a tensor must be.
    private static let prelude = """
        import json, sys, numpy as np
        folder = sys.argv[1]
        notes = []
        def note(file, name, x, kind=None):
            native = np.array(x, order="C", dtype=x.dtype.newbyteorder("="))
            notes.append([file, name, kind or native.dtype.name, list(x.shape), native.tobytes().hex()])
        def numbers(dtype, *shape):
            count = int(np.prod(shape))
            ramp = np.arange(count) % 113 - (50 if np.dtype(dtype).kind in "if" else 0)
            if np.dtype(dtype).kind == "f": ramp = ramp / 8
            return ramp.astype(dtype).reshape(shape)

        """

    /// Runs a script and reads every tensor that it noted.
    private func check(_ script: String, count: Int, options: TensorFile.Options = .init()) throws {
        let folder = try TemporaryFolder()
        let lines = """

            for n in notes: print("|".join([n[0], n[1], n[2], "x".join(map(str, n[3])), n[4]]))
            """
        let outcome = try PythonTools.run(Self.prelude + script + lines, arguments: [folder.path])
        var checked = 0
        var open: [String: TensorFile] = [:]
        for line in outcome.lines {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let file = try open[parts[0]] ?? TensorFile.open(folder.path(parts[0]), options: options)
            open[parts[0]] = file
            let tensor = try file.tensor(named: parts[1])
            let shape = parts[3].split(separator: "x").compactMap { Int($0) }
            #expect(tensor.elementType.rawValue == parts[2], "\(parts[0]) \(parts[1])")
            #expect(tensor.shape == shape, "\(parts[0]) \(parts[1])")
            #expect(
                firstDifference(tensor.packedBytes(), TestSupport.bytes(hex: parts[4])) == nil,
                "\(parts[0]) \(parts[1])")
            let entry = try #require(file.entries.first { $0.name == parts[1] })
            #expect(entry.shape == tensor.shape && entry.elementType == tensor.elementType)
            checked += 1
        }
        #expect(checked == count)
    }

    @Test("NPY of every type, byte order, memory order and version equals NumPy's", .python("numpy"))
    func npy() throws {
        try check(
            """
            types = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
            for t in types:
                for order in "<>":
                    for fortran in (False, True):
                        for shape in ((), (7,), (3, 5), (2, 3, 4), (0, 3), (1, 1, 1, 2)):
                            for version in ((1, 0), (2, 0), (3, 0)):
                                x = np.array(numbers(t, *shape), dtype=np.dtype(t).newbyteorder(order), order="F" if fortran else "C")
                                name = f"{t.replace('?', 'b')}{'l' if order == '<' else 'b'}{int(fortran)}{len(notes)}.npy"
                                with open(f"{folder}/{name}", "wb") as f: np.lib.format.write_array(f, x, version=version)
                                note(name, "", x)
            """, count: 12 * 2 * 2 * 6 * 3)
    }

    @Test("bfloat16 of ml_dtypes is read when the caller says so", .python("numpy", "ml_dtypes"))
    func bfloat16() throws {
        let script = """
            import ml_dtypes
            x = numbers("f4", 3, 5).astype(ml_dtypes.bfloat16)
            np.save(folder + "/a.npy", x)
            note("a.npy", "", x.view(np.uint16), "bfloat16")
            """
        var options = TensorFile.Options()
        options.voidAs = .bfloat16
        try check(script, count: 1, options: options)
        let error = #expect(throws: MediaError.self) { try check(script, count: 1) }
        #expect(error?.code == .unsupported && error?.hint?.contains("ml_dtypes.bfloat16") == true)
    }

    @Test("NPZ stored, deflated, Zip64, with many members equals NumPy's", .python("numpy"))
    func npz() throws {
        try check(
            """
            import io, zipfile
            a, b, c = numbers("f4", 40, 50), np.asfortranarray(numbers(">i2", 3, 4)), np.array(2.5)
            for save in (np.savez, np.savez_compressed):
                name = save.__name__ + ".npz"
                save(folder + "/" + name, a=a, b=b, c=c, **{"größe": a[::2, 1:]})
                for key, x in (("a", a), ("b", b), ("c", c), ("größe", a[::2, 1:])): note(name, key, x)
            # More members than 16 bits count.
            with zipfile.ZipFile(folder + "/many.npz", "w") as z:
                for i in range(66000):
                    f = io.BytesIO()
                    if i % 600 == 0: np.save(f, numbers("u1", i % 7, 2))
                    z.writestr(f"x{i}.npy", f.getvalue())
            for i in (0, 600, 65400): note("many.npz", f"x{i}", numbers("u1", i % 7, 2))
            # Sizes behind the data: what a program writes that cannot go back.
            class Pipe(io.RawIOBase):
                def __init__(self, f): self.f = f
                def writable(self): return True
                def write(self, b): return self.f.write(b)
            with open(folder + "/pipe.npz", "wb") as f:
                with zipfile.ZipFile(Pipe(f), "w", zipfile.ZIP_DEFLATED) as z:
                    with z.open("d/a.npy", "w", force_zip64=True) as m: np.save(m, a)
            note("pipe.npz", "d/a", a)
            """, count: 12)
    }

    @Test("safetensors of every type equals the library's", .python("numpy", "safetensors", "ml_dtypes"))
    func safetensors() throws {
        try check(
            """
            import ml_dtypes, safetensors
            from safetensors import serialize_file, TensorSpec
            keep, specs = [], {}
            def add(name, x, dtype=None, shape=None):
                x = np.array(x, order='C'); keep.append(x)
                specs[name] = TensorSpec(dtype=dtype or x.dtype.name, shape=x.shape if shape is None else shape, data_ptr=x.ctypes.data, data_len=x.nbytes)
            for t in ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]:
                x = numbers(t, 3, 5); add(x.dtype.name, x); note("a.safetensors", x.dtype.name, x)
            x = numbers("f4", 3, 5).astype(ml_dtypes.bfloat16); add("bfloat16", x.view(np.uint16), "bfloat16")
            note("a.safetensors", "bfloat16", x.view(np.uint16), "bfloat16")
            every = np.arange(256, dtype=np.uint8)
            for t in ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"]:
                x = every.view(getattr(ml_dtypes, t))
                # NaN has many patterns: the sign of those with one is theirs, ours is plain.
                wide = x.astype(np.float32); wide[np.isnan(wide)] = np.nan
                add(t, every, t); note("a.safetensors", t, wide)
            nibbles = np.stack([every & 15, every >> 4], axis=1).reshape(-1)
            add("f4", every, "float4_e2m1fn_x2")
            note("a.safetensors", "f4", nibbles.view(ml_dtypes.float4_e2m1fn).astype(np.float32))
            z = (numbers("f4", 4) + 2j).astype(np.complex64); add("z", z); note("a.safetensors", "z", z.view(np.float32).reshape(4, 2))
            add("scalar", np.array(1.5)); note("a.safetensors", "scalar", np.array(1.5))
            add("empty", np.zeros((0, 4), np.float32)); note("a.safetensors", "empty", np.zeros((0, 4), np.float32))
            serialize_file(specs, folder + "/a.safetensors", metadata={"b": "2", "a": "ä\\n"})
            """, count: 22)
    }
}
