import MediaCore
import TensorIO
import Testing

@Suite("NPY files")
struct NPYReaderTests {
    /// A file with this header and these bytes behind it.
    static func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> FileContents {
        FileContents(bytes: bytes(header, data, version: version), name: "a.npy")
    }

    static func bytes(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        let text = Array(header.utf8)
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        bytes += [UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)]
        if version > 1 { bytes += [UInt8(truncatingIfNeeded: text.count >> 16), 0] }
        return bytes + text + data
    }

    @Test(
        "headers are read in every way Python can write them",
        arguments: [
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1), }",
            "{\"shape\":(2,1),\"descr\":\"<i2\",\"fortran_order\":False}\n",
            " { 'fortran_order' :False,\n'shape': (2 , 1L,) , 'descr':'i2' } ",
            "{'descr': '=i2', 'fortran_order': False, 'shape': ((2), 1)}",
            "{'d\\x65scr': 'int16', 'fortran_order': False, 'shape': (+2, 1)}\0\0",
        ])
    func headers(_ header: String) throws {
        for version: UInt8 in 1...3 {
            let array = try NPYReader().read(Self.file(header, [1, 0, 0xFE, 0xFF], version: version))
            #expect(array.tensor.shape == [2, 1])
            #expect(array.tensor.elementType == .int16)
            #expect(array.header.version == Int(version))
            #expect(array.findings.isEmpty)
        }
    }

    @Test(
        "types that no tensor has are refused with the line that converts the file",
        arguments: [
            ("'<c8'", "complex", "np.load('a.npy').view(np.float32)"),
            ("'<c16'", "complex", "np.save('a.npy', np.abs(np.load('a.npy')))"),
            ("'<f16'", "long doubles", "np.save('a.npy', np.load('a.npy').astype(np.float64))"),
            ("'<U7'", "strings", "np.save('a.npy', np.load('a.npy').astype(np.float64))"),
            ("'|S5'", "strings", "np.save('a.npy', np.load('a.npy').astype(np.float64))"),
            ("'|O'", "pickle", "allow_pickle=True"),
            ("'<M8[ns]'", "dates", "np.save('a.npy', np.load('a.npy').astype(np.int64))"),
            ("'<V2'", "bfloat16", "np.load('a.npy').view(ml_dtypes.bfloat16).astype(np.float32)"),
            ("'<V1'", "8-bit", "np.load('a.npy').view(ml_dtypes.float8_e4m3fn).astype(np.float32)"),
            ("[('x', '<f4'), ('y', '>i2', (2,))]", "fields x, y", "np.save('a.npy', np.load('a.npy')['x'])"),
        ])
    func refusals(_ descr: String, _ message: String, _ hint: String) {
        let header = "{'descr': \(descr), 'fortran_order': False, 'shape': (1,), }"
        let error = #expect(throws: MediaError.self) { try NPYReader().read(Self.file(header, [0, 0, 0, 0])) }
        #expect(error?.code == .unsupported && error?.location.field == "header.descr")
        #expect(
            error?.message.contains(message) == true && error?.hint?.contains(hint) == true,
            "\(String(describing: error))")
    }

    @Test("a short file is refused with the numbers, bytes after the array are reported")
    func sizes() throws {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 224, 224), }"
        let error = #expect(throws: MediaError.self) {
            try NPYReader().read(Self.file(header, [UInt8](repeating: 0, count: 1000)))
        }
        #expect(
            error?.description
                == "a.npy: header.shape: shape (3, 224, 224) of float32 needs 602112 bytes, the file holds "
                + "1000; write the file again")
        let small = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }"
        let array = try NPYReader().read(Self.file(small, [1, 2] + Self.bytes(small, [3, 4])))
        #expect(array.tensor.values() == [1, 2])
        #expect(array.findings.map(\.severity) == [.warning])
        #expect(array.findings.first?.hint == "save several arrays with np.savez")
    }
}
