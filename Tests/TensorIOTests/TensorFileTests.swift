import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Opening files of tensors")
struct TensorFileTests {
    @Test(
        "files of other formats are refused with the line that converts them",
        arguments: [
            ("a.pkl", [0x80, 4, 0x95], "pickle", "np.save('a.npy', np.asarray(pickle.load(open('a.pkl', 'rb'))))"),
            (
                "a.h5", [0x89] + Array("HDF\r\n\u{1A}\n".utf8), "HDF5",
                "np.save('a.npy', h5py.File('a.h5')['name'][...])"
            ),
            ("a.parquet", Array("PAR1....".utf8), "Parquet", "pandas.read_parquet('a.parquet').to_numpy()"),
            ("a.mat", Array("MATLAB 5.0 MAT-file".utf8), "MATLAB", "scipy.io.loadmat('a.mat')['name']"),
            ("a.arrow", Array("ARROW1\0\0".utf8), "Arrow", "pyarrow.feather.read_feather('a.arrow').to_numpy()"),
            ("a.png", [0x89] + Array("PNG\r\n".utf8), "PNG picture", "pass it as a picture"),
            ("a.jpg", [0xFF, 0xD8, 0xFF], "JPEG picture", "np.asarray(PIL.Image.open('a.jpg'))"),
            ("a.gz", [0x1F, 0x8B, 8], "gzip", "gunzip 'a.gz'"),
        ] as [(String, [UInt8], String, String)])
    func foreign(_ name: String, _ bytes: [UInt8], _ message: String, _ hint: String) {
        let error = #expect(throws: MediaError.self) { try TensorFile.open(FileContents(bytes: bytes, name: name)) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.hint?.contains(hint) == true, "\(String(describing: error))")
    }

    @Test("a TFRecord is known by the checksum of its length")
    func tfRecord() {
        let length: [UInt8] = [4, 0, 0, 0, 0, 0, 0, 0]
        let checksum = CRC32C.of(length.span.bytes)
        let masked = (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
        let record = length + bytes(of: [masked.littleEndian]) + [1, 2, 3, 4, 0, 0, 0, 0]
        let error = #expect(throws: MediaError.self) { try TensorFile.open(FileContents(bytes: record, name: "a")) }
        #expect(error?.code == .unsupported && error?.message.contains("TFRecord") == true)
        let noise = length + [1, 2, 3, 4] + [UInt8](repeating: 0, count: 8)
        let other = #expect(throws: MediaError.self) { try TensorFile.open(FileContents(bytes: noise, name: "a")) }
        #expect(other?.code == .unrecognized)
    }

    @Test("a Zarr store is refused as one, another folder as a folder")
    func folders() throws {
        let folder = try TemporaryFolder()
        try folder.write("{}", to: "store/.zarray")
        let zarr = #expect(throws: MediaError.self) { try TensorFile.open(folder.path("store")) }
        #expect(zarr?.code == .unsupported && zarr?.hint?.contains("zarr.open(") == true)
        let plain = #expect(throws: MediaError.self) { try TensorFile.open(folder.path) }
        #expect(plain?.code == .fileUnreadable && plain?.message == "is a folder, not a file")
    }

    @Test("content decides, not the name; a name that is not there is answered with those that are")
    func names() throws {
        let contents = FileContents(bytes: try DamagedFileTests.npz(.stored), name: "photo.png")
        let file = try TensorFile.open(contents)
        #expect(file.format == .npz)
        let error = #expect(throws: MediaError.self) { try file.tensor(named: "c") }
        #expect(error?.code == .argumentInvalid && error?.hint == "it holds \"a\", \"b\"")
        #expect(throws: MediaError.self) { try file.onlyTensor() }
        #expect(throws: MediaError.self) { try file.tensor(at: 2) }
    }

    @Test("one mapped file is read by many threads at once")
    func threads() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try DamagedFileTests.npz(.deflated()), to: "a.npz")
        var options = TensorFile.Options()
        options.limits.mappedFileBytes = 0
        let file = try TensorFile.open(path, options: options)
        let sums = try await withThrowingTaskGroup(of: Double.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let tensor = try file.tensor(named: "a").transposed([2, 1, 0])
                    return tensor.values().reduce(0, +)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums == [Double](repeating: 1770, count: 16))
    }

    @Test("a header with an F6 type is refused for that tensor alone, metadata are kept")
    func safetensors() throws {
        let header =
            #"{"b":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]},"__metadata__":{"z":"1","a":"2"},"#
            + #""a":{"dtype":"I16","shape":[2],"data_offsets":[3,7]}}   "#
        let bytes =
            bytes(of: [UInt64(header.utf8.count).littleEndian]) + Array(header.utf8) + [9, 9, 9, 1, 0, 254, 255]
        let file = try TensorFile.open(FileContents(bytes: bytes, name: "a.safetensors"))
        #expect(file.entries.map(\.name) == ["a"] && file.refusals.map(\.name) == ["b"])
        #expect(file.metadata.map(\.name) == ["a", "z"])
        // 3 bytes in front: the elements are not aligned.
        #expect(try file.onlyTensor().values() == [1, -2])
    }
}

@Suite("Raw dumps")
struct RawTensorTests {
    @Test(
        "a description and the size of the file make the shape",
        arguments: [
            ("f32:2x3", 24, ElementType.float32, [2, 3]), ("u8:?x3", 12, .uint8, [4, 3]),
            ("bf16be:-1", 6, .bfloat16, [3]),
            ("b1:", 1, .bool, []), ("float64le:1x2", 16, .float64, [1, 2]), ("i16:0x4", 0, .int16, [0, 4]),
        ])
    func shapes(_ text: String, _ size: Int, _ type: ElementType, _ shape: [Int]) throws {
        let tensor = try RawTensor(text).tensor(FileContents(bytes: [UInt8](repeating: 0, count: size), name: "a.bin"))
        #expect(tensor.elementType == type && tensor.shape == shape)
    }

    @Test("the byte order is what the text says")
    func byteOrder() throws {
        let contents = FileContents(bytes: [1, 2], name: "a")
        #expect(try RawTensor("u16be:1").tensor(contents).values() == [258])
        #expect(try RawTensor("u16le:1").tensor(contents).values() == [513])
    }

    @Test(
        "what is no description is refused",
        arguments: ["", "f32", "f33:1", "f32:1x", "f32:ax2", "f32:?x-1", "f32:-2", "f32:1:2", "f32:+1"])
    func invalid(_ text: String) {
        let error = #expect(throws: MediaError.self) { try RawTensor(text) }
        #expect(error?.code == .argumentInvalid && error?.hint != nil)
    }

    @Test(
        "another size than the description needs is refused with both",
        arguments: ["f32:2", "f32:?x3", "u8:4294967296x4294967296x2", "f32:?x0"])
    func sizes(_ text: String) throws {
        let error = #expect(throws: MediaError.self) {
            try RawTensor(text).tensor(FileContents(bytes: [UInt8](repeating: 0, count: 10), name: "a"))
        }
        #expect(error?.code == .shapeInvalid && error?.location.file == "a")
    }
}
