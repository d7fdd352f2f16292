import MediaCore

/// Formats that are known by their first bytes and not read here, each with the line of Python that converts it.
enum ForeignFormat {
    /// The reason to refuse a file that begins as one of another format; `nil` when it does not.
    static func refusal(of section: FileSection) -> MediaError? {
        let name = section.name
        return section.withBytes { bytes in
            for format in known where bytes.hasBytes(format.magic, at: format.offset) {
                if let second = format.second, !bytes.hasBytes(second.magic, at: second.offset) { continue }
                return error(format.what, format.conversion(name), name)
            }
            if bytes.hasBytes("PAR1") {
                return error(
                    "a Parquet file", saving(name, "pandas.read_parquet(\(pythonQuoted(name))).to_numpy()"), name)
            }
            return binary(bytes, name)
        }
    }

    /// Formats whose first bytes are not text.
    private static func binary(_ bytes: RawSpan, _ name: String) -> MediaError? {
        let path = pythonQuoted(name)
        switch (bytes.uint8(at: 0), bytes.uint8(at: 1)) {
        case (0x80, let version?) where (2...5).contains(version):
            if bytes.hasBytes("\u{0A}l", at: 3), bytes.uint8(at: 2) == 0x8A {
                return error(
                    "a PyTorch file of the old kind, a pickle that could run any program",
                    "write it again: torch.save(torch.load(\(path), weights_only=True), \(path))", name)
            }
            return error(
                "a pickle, which could run any program",
                "if you trust it, "
                    + saving(name, "np.asarray(pickle.load(open(\(path), 'rb')))"), name)
        case (0x89, UInt8(ascii: "H")) where bytes.hasBytes("HDF\r\n", at: 1):
            return error("an HDF5 file", saving(name, "h5py.File(\(path))['name'][...]"), name)
        case (0x89, UInt8(ascii: "P")) where bytes.hasBytes("PNG", at: 1): return picture("PNG", name)
        case (0xFF, 0xD8): return picture("JPEG", name)
        case (0xFF, 0xFF) where bytes.uint32(at: 0) == .max:
            return error(
                "an Arrow stream", saving(name, "pyarrow.ipc.open_stream(\(path)).read_pandas().to_numpy()"), name)
        case (0x1F, 0x8B): return error("compressed by gzip", "unpack it: gunzip \(path)", name)
        case (0x28, 0xB5) where bytes.uint32(at: 0) == 0xFD2F_B528:
            return error("compressed by Zstandard", "unpack it: unzstd \(path)", name)
        case (0x76, 0x2F) where bytes.uint32(at: 0) == 0x0131_2F76: return picture("OpenEXR", name)
        default: return isTFRecord(bytes) ? tfRecord(name) : nil
        }
    }

    /// A TFRecord file has no magic: it begins with a length and the masked CRC-32C of that length.
    private static func isTFRecord(_ bytes: RawSpan) -> Bool {
        guard let stored = bytes.uint32(at: 8), let length = bytes.uint64(at: 0), length < UInt64(bytes.byteCount)
        else { return false }
        let checksum = CRC32C.of(bytes.extracting(0..<8))
        return stored == (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }

    private static func tfRecord(_ name: String) -> MediaError {
        error(
            "a TFRecord file",
            "parse its records with tf.data.TFRecordDataset(\(pythonQuoted(name))) and np.save each tensor", name)
    }

    /// The reason to refuse a folder that is a store of arrays; `nil` when it is none.
    static func refusal(ofFolder path: String) -> MediaError? {
        for marker in [".zarray", ".zgroup", "zarr.json"] {
            guard (try? FileContents.open(path + "/" + marker)) != nil else { continue }
            return error(
                "a Zarr store",
                "convert it: np.save(\(pythonQuoted(path + ".npy")), zarr.open(\(pythonQuoted(path)))[...])",
                path)
        }
        return nil
    }

    // MARK: Messages

    private struct Known {
        let magic: StaticString
        var offset = 0
        var second: (magic: StaticString, offset: Int)?
        let what: String
        let conversion: @Sendable (String) -> String
    }

    private static let known: [Known] = [
        Known(magic: "MATLAB 5.0 MAT-file", what: "a MATLAB file") {
            saving($0, "scipy.io.loadmat(\(pythonQuoted($0)))['name']")
        },
        Known(magic: "MATLAB 7.3 MAT-file", what: "a MATLAB file of version 7.3") {
            saving($0, "h5py.File(\(pythonQuoted($0)))['name'][...]")
        },
        Known(magic: "ARROW1", what: "an Arrow file") {
            saving($0, "pyarrow.feather.read_feather(\(pythonQuoted($0))).to_numpy()")
        },
        Known(magic: "FEA1", what: "a Feather file") {
            saving($0, "pyarrow.feather.read_feather(\(pythonQuoted($0))).to_numpy()")
        },
        Known(magic: "GGUF", what: "a GGUF file") {
            saving($0, "gguf.GGUFReader(\(pythonQuoted($0))).tensors[0].data")
        },
        Known(magic: "ustar", offset: 257, what: "a tar archive") { _ in
            "store it as a file whose name ends in .tar, for convert and inspect"
        },
        Known(magic: "GIF8", what: "a GIF picture", conversion: pictureHint),
        Known(magic: "RIFF", second: ("WEBP", 8), what: "a WebP picture", conversion: pictureHint),
        Known(magic: "RIFF", second: ("WAVE", 8), what: "a WAV sound") {
            saving($0, "scipy.io.wavfile.read(\(pythonQuoted($0)))[1]")
        },
        Known(magic: "II*\0", what: "a TIFF picture", conversion: pictureHint),
        Known(magic: "MM\0*", what: "a TIFF picture", conversion: pictureHint),
        Known(magic: "BM", second: ("\0\0\0\0", 6), what: "a BMP picture", conversion: pictureHint),
        Known(magic: "ftyp", offset: 4, what: "an MP4 file") {
            saving($0, "np.stack(list(imageio.v3.imiter(\(pythonQuoted($0)))))")
        },
    ]

    private static func picture(_ kind: String, _ name: String) -> MediaError {
        error("\(kind == "OpenEXR" ? "an" : "a") \(kind) picture", pictureHint(name), name)
    }

    @Sendable private static func pictureHint(_ name: String) -> String {
        "pass it as a picture, not as a tensor, or " + saving(name, "np.asarray(PIL.Image.open(\(pythonQuoted(name))))")
    }

    /// `convert it: np.save('a.npy', …)` for a file `a.h5`.
    private static func saving(_ name: String, _ expression: String) -> String {
        "convert it: np.save(\(pythonQuoted(npyName(name))), \(expression))"
    }

    /// The name with `.npy` in the place of its extension.
    private static func npyName(_ name: String) -> String {
        let fileStart = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        guard let dot = name[fileStart...].lastIndex(of: "."), dot > fileStart else { return name + ".npy" }
        return String(name[..<dot]) + ".npy"
    }

    private static func error(_ what: String, _ hint: String, _ name: String) -> MediaError {
        MediaError(.unsupported, "the file is \(what), which is not read here", hint: hint, at: .init(file: name))
    }
}
