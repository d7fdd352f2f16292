import MediaCore
import TensorIO
import Testing

@Suite("NPY files")
struct NPYReaderTests {
    /// A file with this header and these bytes behind it.
    static func file(
        _ header: String, _ data: [UInt8] = [], version: UInt8 = 1, name: String = "a.npy"
    ) -> FileContents {
        let text = Array(header.utf8)
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        bytes += [UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)]
        if version > 1 { bytes += [UInt8(truncatingIfNeeded: text.count >> 16), 0] }
        return FileContents(bytes: bytes + text + data, name: name)
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
}
