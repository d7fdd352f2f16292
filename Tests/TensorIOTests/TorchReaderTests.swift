import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("PyTorch files")
struct TorchReaderTests {
    @Test(
        "tensors of every type, view and nesting equal torch's",
        arguments: ["tensor.pt", "types.pt", "views.pth", "checkpoint.pt", "protocol4.pt"])
    func values(_ name: String) throws {
        let expected = try TensorFile.open(Fixtures.path("torch/expected.npz"))
        let file = try TensorFile.open(Fixtures.path("torch/" + name))
        #expect(file.format == .torch)
        #expect(file.refusals.isEmpty)
        let names = expected.entries.map(\.name).filter { $0.hasPrefix(name + ":") }
        #expect(Set(file.entries.map { name + ":" + $0.name }) == Set(names))
        for entry in file.entries {
            let truth = try expected.tensor(named: name + ":" + entry.name)
            let tensor = try file.tensor(named: entry.name)
            #expect(tensor.shape == truth.shape && entry.shape == truth.shape)
            #expect(tensor.values() == truth.values(), "\(name):\(entry.name)")
            // NumPy has no bfloat16.
            #expect(tensor.elementType == (entry.name == "bfloat16" ? .bfloat16 : truth.elementType))
        }
    }

    @Test("what stands between the tensors is kept as text")
    func metadata() throws {
        let file = try TensorFile.open(Fixtures.path("torch/checkpoint.pt"))
        let texts = Dictionary(uniqueKeysWithValues: file.metadata.map { ($0.name, $0.value) })
        #expect(texts["epoch"] == "7" && texts["rate"] == "0.5" && texts["name"] == "model")
        #expect(texts["3.0"] == "2" && texts["3.1"] == "3")
    }

    @Test("stored tensors look at the file itself, with torch's strides")
    func views() throws {
        let file = try TensorFile.open(Fixtures.path("torch/views.pth"))
        #expect(try file.tensor(named: "transposed").strides == [4, 32])
        #expect(try file.tensor(named: "strided").strides == [64, 12])
        #expect(try file.tensor(named: "repeated").strides == [0, 4])
        let base = try file.tensor(named: "base")
        let all = try Fixtures.bytes("torch/views.pth")
        #expect(base.withStorage { $0.byteCount } < all.count)
        #expect(
            firstDifference(base.packedBytes(), base.withStorage { bytes in bytes.withUnsafeBytes { [UInt8]($0) } })
                == nil)
    }

    @Test(
        "anything but plain tensors is refused with what to do",
        arguments: [
            ("refused-module.pt", "torch.nn.modules", "state_dict()"),
            ("refused-legacy.pt", "old kind", "torch.save(torch.load("),
            ("refused-sparse.pt", "torch._utils._rebuild_sparse_tensor", "np.save(path, t.numpy())"),
            ("refused-script.pt", "TorchScript", "torch.jit.load("),
        ])
    func refusals(_ name: String, _ message: String, _ hint: String) {
        let error = #expect(throws: MediaError.self) { try TensorFile.open(Fixtures.path("torch/" + name)) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.hint?.contains(hint) == true, "\(String(describing: error))")
        #expect(error?.location.file?.hasSuffix(name) == true)
    }

    @Test("types that no tensor has are refused one by one")
    func types() throws {
        let file = try TensorFile.open(Fixtures.path("torch/refused-types.pt"))
        #expect(file.entries.map(\.name) == ["x"])
        #expect(file.refusals.map(\.name) == ["c", "f"])
        let error = #expect(throws: MediaError.self) { try file.tensor(named: "c") }
        #expect(error?.hint?.contains("torch.view_as_real") == true)
        #expect(error?.location.file?.hasSuffix("refused-types.pt:c") == true)
    }
}
