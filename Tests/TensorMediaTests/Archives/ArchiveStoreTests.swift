import Foundation
import TensorMedia
import TestSupport
import Testing

@Suite("Archives of outputs")
struct ArchiveStoreTests {
    @Test("outputs that wait in a file are placed as those that wait in memory", arguments: [0, 20_000, 1 << 30])
    func waiting(budget: Int) throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 3)
        for index in 0..<9 {
            // The first is a long batch, so that others are done before it.
            let shape = index == 0 ? [40, 1, 32, 32] : [32, 32]
            let sink = MemorySink()
            try NPYWriter().write(Tensor(generator.bytes(shape.reduce(1, *)), shape: shape), to: sink)
            try folder.write(sink.bytes, to: "in/\(index).npy")
        }
        let inputs = InputFinder().find([folder.path("in")]).inputs
        let converter = Converter(folder: "")
        try converter.run(
            inputs, into: ArchiveOutput(folder.path("a.tar"), form: .bundle), pool: WorkerPool(threadCount: 1)
        ) { _ in }
        let store = try ArchiveStore(
            ArchiveOutput(folder.path("b.tar"), form: .bundle), overwrites: true, digests: [], cancellation: nil,
            waitingBytes: budget)
        var count = 0
        try converter.run(inputs, into: store, pool: WorkerPool(threadCount: 4)) { outcome in
            count += outcome.outputs.count
            #expect(outcome.outputs.allSatisfy { $0.archivePlace?.archive == "b.tar" })
        }
        #expect(count == 48)
        #expect(try folder.bytes("a.tar") == folder.bytes("b.tar"))
        #expect(folder.files().filter { !$0.hasPrefix("in/") } == ["a.tar", "a.tar.jsonl", "b.tar"])
    }

    @Test(
        "the number of a shard stands where the name says",
        arguments: [
            ("a.tar", nil), ("o-%06d.tar", "o-000007.tar"), ("%d.tar", "7.tar"), ("d%d/x.tar", nil),
            ("x%0d.tar", "x7.tar"),
            ("x%99d.tar", nil), ("x%.tar", nil), ("x%s-%03d.tar", nil), ("p/x%3d-%d.tar", "p/x007-%d.tar"),
        ] as [(String, String?)])
    func numbers(path: String, seventh: String?) {
        let output = ArchiveOutput(path, form: .samples(perShard: 1))
        #expect(output.isNumbered == (seventh != nil))
        #expect(output.path(of: 7) == seventh ?? path)
        #expect(!ArchiveOutput(path, form: .bundle).isNumbered)
    }

    @Test(
        "a sample's key ends at the first dot of the file's name",
        arguments: [
            ("00012.depth.npy", "00012"), ("a.b/00012.npy", "a.b/00012"), ("a/b", "a/b"),
            ("a/.hidden.x", "a/.hidden.x"),
            ("", ""), ("ü.x", "ü"),
        ])
    func keys(path: String, key: String) { #expect(path.sampleKey == key) }
}
