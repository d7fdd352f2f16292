import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("convert: tar archives")
struct ArchiveTests {
    /// A shard by Python's tarfile, samples shuffled: tensors, a batch, an archive of tensors, a picture, and no tensors.
    static func shard(_ tool: Tool, _ name: String = "in.tar", samples: Int = 6, first: Int = 0) throws {
        try PythonTools.run(
            """
            import io, json, os, sys, tarfile
            import numpy as np
            from PIL import Image
            path, samples, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            def npy(array):
                out = io.BytesIO()
                np.save(out, array)
                return out.getvalue()
            with tarfile.open(path, "w") as archive:
                for index in range(samples):
                    key = f"train/{(index * 7 + first) % 1000:05d}"
                    shade = (np.arange(12 * 16) + index + first).astype(np.uint8).reshape(12, 16)
                    maps, picture = io.BytesIO(), io.BytesIO()
                    np.savez(maps, a=shade, b=255 - shade)
                    Image.fromarray(shade).save(picture, "png")
                    members = {"batch.npy": npy(np.stack([shade, shade.T.reshape(12, 16)])[:, None]), "cls": str(index).encode(),
                               "depth.npy": npy(shade), "jpg.png": picture.getvalue(), "json": json.dumps({"i": index}).encode(),
                               "maps.npz": maps.getvalue(), "npy": npy(shade // 2)}
                    for field, data in members.items():
                        member = tarfile.TarInfo("./" + key + "." + field)
                        member.size = len(data)
                        archive.addfile(member, io.BytesIO(data))
            """, arguments: [tool.folder.path(name), String(samples), String(first)])
    }

    /// An archive of two tensors.
    private static func maps(_ tool: Tool, _ name: String) throws {
        try tool.writeArchive(["m", "n"].map { (Array("\($0).npy".utf8), try Tool.ramp(4, 4)) }, to: name)
    }

    /// What WebDataset makes of an archive: for each run of members with one key, the key and the fields with digests.
    private func samples(_ tool: Tool, _ name: String) throws -> [(key: String, fields: [String: String])] {
        let text = try PythonTools.run(
            """
            import hashlib, re, sys, tarfile
            for member in tarfile.open(sys.argv[1]):
                key, field = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", member.name).groups()
                data = tarfile.open(sys.argv[1]).extractfile(member).read()
                print(key, field, hashlib.sha256(data).hexdigest())
            """, arguments: [tool.folder.path(name)])
        var samples: [(key: String, fields: [String: String])] = []
        for line in text.lines {
            let words = line.split(separator: " ").map(String.init)
            if samples.last?.key != words[0] { samples.append((words[0], [:])) }
            #expect(samples[samples.count - 1].fields.updateValue(words[2], forKey: words[1]) == nil)
        }
        #expect(Set(samples.map(\.key)).count == samples.count, "members of a sample stand apart")
        return samples
    }

    private func sha256(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes.span.bytes)
        return hash.finalize().hex
    }

    @Test("a shard becomes a shard: keys in order, pictures as in a folder, everything else as it was", .python("PIL"))
    func shardToShard() throws {
        let tool = try Tool()
        try Self.shard(tool)
        let result = try tool.run("convert", "in.tar", "-o", "out.tar", "--jobs", "1")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.isEmpty)
        #expect(result.lines.last == "36 pictures written to out.tar from 24 inputs, 18 other files copied")
        #expect(try tool.run("convert", "in.tar", "-o", "two.tar", "--jobs", "3", "-q").status == 0)
        #expect(try tool.folder.bytes("two.tar") == tool.folder.bytes("out.tar"))

        let (before, after) = (try samples(tool, "in.tar"), try samples(tool, "out.tar"))
        #expect(after.map(\.key) == before.map { String($0.key.dropFirst(2)) })
        #expect(try tool.run("convert", "in.tar", "-o", "folder", "-q").status == 0)
        let files = try tool.contents(of: "folder/in")
        #expect(files.count == 36)
        for (old, new) in zip(before, after) {
            for field in ["cls", "json", "jpg.png"] { #expect(new.fields[field] == old.fields[field]) }
            let pictures = [
                "depth.png": "depth.png", "png": "png", "maps.a.png": "maps/a.png", "maps.b.png": "maps/b.png",
                "batch.000000.png": "batch_000000.png", "batch.000001.png": "batch_000001.png",
            ]
            #expect(Set(new.fields.keys) == Set(pictures.keys).union(["cls", "json", "jpg.png"]))
            for (field, path) in pictures {
                #expect(new.fields[field] == files["\(new.key).\(path)"].map(sha256), "\(new.key).\(field)")
            }
        }
    }

    @Test("a folder becomes a shard of the same files", .python("PIL"))
    func folderToShard() throws {
        let tool = try Tool()
        for name in ["a/x.npy", "a/x.depth.npy", "b/long-\(String(repeating: "n", count: 120)).npy", "ü.npy"] {
            try tool.write(Tool.ramp(5, 6, first: name.utf8.count), to: "in/" + name)
        }
        try tool.write(Tool.batch(3), to: "in/batch.npy")
        try Self.maps(tool, "in/maps.npz")
        #expect(try tool.run("convert", "in", "-o", "out.tar", "--manifest", "m.jsonl", "-q").status == 0)
        #expect(try tool.run("convert", "in", "-o", "folder", "-q").status == 0)
        let unpacked = try PythonTools.run(
            """
            import sys, tarfile
            # Older versions know no filters, newer ones warn without.
            safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            tarfile.open(sys.argv[1]).extractall(sys.argv[2], **safely)
            """,
            arguments: [tool.folder.path("out.tar"), tool.folder.path("unpacked")])
        #expect(unpacked.errorText.isEmpty)
        let files = try tool.contents(of: "folder")
        #expect(files.count == 9)
        #expect(try tool.contents(of: "unpacked") == files)
        let archive = try tool.folder.bytes("out.tar")
        let records = try tool.folder.bytes("m.jsonl").split(separator: UInt8(ascii: "\n"))
        #expect(records.count == 9)
        for line in records {
            let text = String(decoding: line, as: UTF8.self)
            let record = try JSONReader.parse(text)
            let (path, offset) = (try #require(record["path"]?.string), Int(try #require(record["offset"]?.integer)))
            #expect(record["entry"]?.string == path && record["archive"]?.string == "out.tar")
            #expect(archive[offset...].starts(with: try #require(files[path])))
        }
    }

    @Test("files of one sample come one after the other, whatever stands between them in the folder", .python("PIL"))
    func grouped() throws {
        let tool = try Tool()
        for name in ["t.a.npy", "t.b/c.npy", "t.z.npy", "t.npy", "t-1.npy", "s.npy"] {
            try tool.write(Tool.ramp(4, 3), to: "in/" + name)
        }
        try Self.maps(tool, "in/t.npz")
        #expect(try tool.run("convert", "in", "-o", "out.tar", "-q").status == 0)
        let found = try samples(tool, "out.tar")
        #expect(found.map(\.key) == ["s", "t-1", "t", "t/m", "t/n", "t.b/c"])
        #expect(found[2].fields.keys.sorted() == ["a.png", "png", "z.png"])
        // A batch may be samples of its own in the middle of one: what comes after it has no place.
        try tool.write(Tool.batch(2), to: "in/t.npy")
        try tool.write(Tool.ramp(3, 3), to: "in/t.pt.npy")
        try tool.folder.write(try tool.folder.bytes("in/s.npy"), to: "in/t_000000.x.npy")
        let broken = try tool.run("convert", "in", "-o", "out.tar")
        #expect(broken.status == 1)
        #expect(broken.errorText.contains("t_000000.x.png belongs to a sample that ended before"))
        #expect(try samples(tool, "out.tar").count > 5)
    }

    @Test("several shards are split at samples, and shared out by key", .python("PIL"))
    func severalShards() throws {
        let tool = try Tool()
        try Self.shard(tool, "in/a.tar", samples: 5)
        try Self.shard(tool, "in/b.tar", samples: 6, first: 1)
        let result = try tool.run("convert", "in", "-o", "out/s-%03d.tar", "--shard-samples", "4")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(
            result.lines.contains {
                $0.hasPrefix("in/b.tar:train/00001.depth.npy → out/s-001.tar:train/00001.depth.png")
            })
        #expect(try tool.contents(of: "out").keys.sorted() == ["s-000.tar", "s-001.tar", "s-002.tar"])
        let shards = try (0..<3).map { try samples(tool, "out/s-00\($0).tar") }
        #expect(shards.map(\.count) == [4, 4, 3])
        #expect(result.errorText.isEmpty)
        // A shorter run in the same place leaves the last shard of this one.
        let shorter = try tool.run("convert", "in", "-o", "out/s-%03d.tar", "--shard-samples", "6")
        #expect(shorter.status == 0)
        #expect(
            shorter.errorText
                == "tensor-media: warning: out/s-002.tar is not of this run, which ends with out/s-001.tar\n")
        #expect(try tool.run("convert", "in", "-o", "whole.tar", "-q").status == 0)
        let whole = try samples(tool, "whole.tar")
        #expect(shards.flatMap { $0 }.map(\.key) == whole.map(\.key))
        #expect(shards.flatMap { $0 }.map(\.fields) == whole.map(\.fields))
        var shares: [String: [String: String]] = [:]
        for share in 1...3 {
            let arguments = ["convert", "in", "-o", "share-\(share).tar", "--shard", "\(share)/3", "-q"]
            #expect(try tool.run(arguments).status == 0)
            for sample in try samples(tool, "share-\(share).tar") {
                #expect(shares.updateValue(sample.fields, forKey: sample.key) == nil)
            }
        }
        #expect(shares.count == 11 && whole.allSatisfy { shares[$0.key] == $0.fields })
        // Keys that two shards share: the first has them, and the second is told.
        try Self.shard(tool, "in/c.tar", samples: 1)
        let clash = try tool.run("convert", "in", "-o", "clash.tar", "-q")
        #expect(clash.status == 1)
        #expect(
            clash.errorText.contains(
                "in/c.tar:train/00000.depth.npy: its output train/00000.depth is also that of in/a.tar:train/00000.depth.npy"
            ))
        #expect(try samples(tool, "clash.tar").map(\.fields) == whole.map(\.fields))
    }

    @Test("a bundle has each distinct file once, where the manifest says", .python("PIL"), arguments: [1, 3])
    func bundle(jobs: Int) throws {
        let tool = try Tool()
        for index in 0..<40 { try tool.write(Tool.ramp(20, 20, first: index % 9), to: "in/\(index % 4)/t\(index).npy") }
        try tool.write(Tool.batch(3), to: "in/batch.npy")
        try Self.shard(tool, "in/z.tar", samples: 2)
        let result = try tool.run("convert", "in", "--bundle", "out.tar", "--jobs", "\(jobs)")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("in/z.tar: 6 files that are no tensors (2 cls, 2 json, 2 png) left out"))
        #expect(try tool.run("convert", "in", "-o", "folder", "-q").status == 0)
        let files = try tool.contents(of: "folder")
        #expect(files.count == 40 + 3 + 12)
        // Python's tarfile and the manifest say the same of every output.
        let check = try PythonTools.run(
            """
            import hashlib, json, sys, tarfile
            archive = open(sys.argv[1], "rb").read()
            members = {member.name: member for member in tarfile.open(sys.argv[1])}
            seen = []
            for line in open(sys.argv[1] + ".jsonl"):
                record = json.loads(line)
                member = members[record["entry"]]
                assert member.offset_data == record["offset"] and member.size == record["size"]
                data = archive[record["offset"]:record["offset"] + record["size"]]
                assert hashlib.sha256(data).hexdigest() == record["sha256"] == record["entry"].split(".")[0]
                assert hashlib.md5(data).hexdigest() == record["md5"]
                if record["entry"] not in seen: seen.append(record["entry"])
                print(record["path"], record["sha256"])
            assert seen == list(members) and len(archive) % 10240 == 0
            """, arguments: [tool.folder.path("out.tar")])
        #expect(check.lines.count == files.count)
        for line in check.lines {
            let words = line.split(separator: " ").map(String.init)
            #expect(files[words[0]].map(sha256) == words[1])
        }
        let distinct = Set(files.values.map(sha256)).count
        #expect(distinct < files.count)
        let names = try PythonTools.run(
            "import sys, tarfile; print(len(tarfile.open(sys.argv[1]).getnames()))",
            arguments: [tool.folder.path("out.tar")])
        #expect(names.text == "\(distinct)\n")
        try FileManager.default.moveItem(atPath: tool.folder.path("out.tar"), toPath: tool.folder.path("first.tar"))
        #expect(try tool.run("convert", "in", "--bundle", "out.tar", "--jobs", "2", "-q").status == 0)
        #expect(try tool.folder.bytes("first.tar") == tool.folder.bytes("out.tar"))
    }

    @Test("members by name and pattern; rules and pictures; what is no tensor is told, not a failure", .python("PIL"))
    func members() throws {
        let tool = try Tool()
        try Self.shard(tool, samples: 2)
        let all = try tool.run("convert", "in.tar", "-o", "out")
        #expect(all.status == 0)
        #expect(all.errorText == "tensor-media: in.tar: 6 files that are no tensors (2 cls, 2 json, 2 png) left out\n")
        for name in ["in.tar:train/00000.depth.npy", "in.tar:./train/00000.depth.npy", "in.tar:train/00000.maps.npz:b"]
        {
            let one = try tool.run("convert", name, "-o", "one.png")
            #expect(one.status == 0 && one.errorText.isEmpty, "\(one.errorText)")
        }
        #expect(try tool.folder.bytes("one.png") == tool.folder.bytes("out/in/train/00000.maps/b.png"))
        let some = try tool.run("convert", "in.tar:train/*.depth.npy", "-o", "some")
        #expect(some.lines.count == 3)
        #expect(
            try tool.contents(of: "some").keys.sorted() == ["in/train/00000.depth.png", "in/train/00007.depth.png"])
        let missing = try tool.run("convert", "in.tar:none.npy", "-o", "some")
        #expect(missing.status == 1)
        #expect(missing.errorText.contains("in.tar: there is no file \"none.npy\" in the archive"))

        try tool.folder.write(
            """
            *.depth.npy                  as=labels
            :*/*.batch.npy               format=jpg
            in.tar:train/00007.npy       format=bmp
            :a                           format=bmp
            """, to: "r.rules")
        let ruled = try tool.run("convert", "in.tar", "-o", "ruled", "--rules", "r.rules")
        #expect(ruled.status == 0)
        #expect(ruled.lines.count { $0.contains("labels hw") } == 2)
        let names = try tool.contents(of: "ruled").keys.sorted()
        #expect(names.count { $0.hasSuffix(".batch_000001.jpg") } == 2)
        #expect(
            names.filter { $0.hasSuffix(".bmp") } == [
                "in/train/00000.maps/a.bmp", "in/train/00007.bmp", "in/train/00007.maps/a.bmp",
            ])

        let pictures = try tool.run("convert", "in.tar", "-o", "p.tar", "--pictures", "--keep")
        #expect(pictures.status == 0)
        #expect(pictures.lines.last == "14 pictures written to p.tar from 10 inputs, 4 other files copied")
        #expect(try samples(tool, "p.tar")[1].fields["jpg.png"] == samples(tool, "in.tar")[1].fields["jpg.png"])
        let inspected = try tool.run("inspect", "in.tar")
        #expect(inspected.status == 0)
        #expect(inspected.lines.contains("in.tar:train/00007.maps.npz:b"))
        #expect(inspected.lines.contains("in.tar:train/00007.jpg.png: PNG picture, 16×12, 1 channel of 8 bits"))
    }

    @Test("a shard in a folder that is taken up again is converted once", .python("PIL"))
    func resume() throws {
        let tool = try Tool()
        try Self.shard(tool, samples: 3)
        #expect(try tool.run("convert", "in.tar", "-o", "out", "--resume", "-q").status == 0)
        let again = try tool.run("convert", "in.tar", "-o", "out", "--resume")
        #expect(again.lines.last == "0 pictures written to out from 12 inputs, 18 kept from an earlier run")
    }

    @Test("links and a second member of one name are told, not lost in silence")
    func membersLeftOut() throws {
        let tool = try Tool()
        for name in ["in/a.npy", "in/b.npy"] { try tool.write(Tool.ramp(5, 4), to: name) }
        let made = try tool.shell(
            "cd in && ln a.npy hard.npy && ln -s a.npy soft.npy && tar -cf ../s.tar a.npy hard.npy soft.npy b.npy && tar -rf ../s.tar b.npy"
        )
        #expect(made.status == 0)
        for output in ["out", "out.tar"] {
            let result = try tool.run("convert", "s.tar", "-o", output)
            #expect(result.status == 1)
            #expect(result.lines.last == "2 pictures written to \(output) from 3 inputs, 1 failed")
            #expect(
                result.errorLines == [
                    "tensor-media: warning: s.tar: left out: 2 of its members are links, devices or of unknown kinds; write the archive with --dereference --hard-dereference",
                    "tensor-media: error: s.tar:b.npy: the archive has two members of this name; write the archive again",
                ])
        }
    }

    @Test("a cut shard gives what is whole, and a failure", .python("PIL"))
    func cut() throws {
        let tool = try Tool()
        try Self.shard(tool)
        let bytes = try tool.folder.bytes("in.tar")
        try tool.folder.write(Array(bytes.prefix(bytes.count / 2)), to: "cut.tar")
        let result = try tool.run("convert", "cut.tar", "-o", "out.tar")
        #expect(result.status == 1)
        #expect(result.errorLines.count == 1)
        #expect(result.errorText.contains("the archive ends"))
        let (whole, half) = (try samples(tool, "in.tar"), try samples(tool, "out.tar"))
        #expect(half.count >= 2 && half.count < 6)
        #expect(half.map(\.key) == whole.prefix(half.count).map { String($0.key.dropFirst(2)) })
        // Nothing but failures replaces nothing.
        try tool.folder.write([1, 2, 3], to: "in/broken.npy")
        let broken = try tool.run("convert", "in", "-o", "out.tar")
        #expect(broken.status == 1)
        #expect(try samples(tool, "out.tar").count == half.count)
        #expect(try tool.run("convert", "in", "--bundle", "none.tar").status == 1)
        #expect(!tool.folder.files().contains { $0.hasPrefix("none") })
    }

    @Test(
        "wrong use is refused, and says how it is right",
        arguments: [
            (["-o", "x.tar", "--resume"], 64, "--resume"), (["--bundle", "x.tar", "--resume"], 64, "--resume"),
            (["--bundle", "x.tar", "-o", "out"], 64, "--bundle"), (["--bundle", "x.zip"], 64, "--bundle"),
            (["-o", "x.tar", "--shard-samples", "3"], 64, "--shard-samples"),
            (["-o", "x%d.tar", "--shard-samples", "0"], 64, "--shard-samples"),
            (["-o", "in/a.tar"], 73, "would replace an input"),
            (["--bundle", "in/a.tar"], 73, "would replace an input"),
            (["-o", "old.tar", "--no-overwrite"], 73, "exists already"), (["-o", "file/x.tar"], 73, "is a file"),
            (["-o", "x.tar", "--manifest", "none/m.jsonl"], 73, "none"),
        ])
    func wrongUse(arguments: [String], status: Int32, message: String) throws {
        let tool = try Tool()
        try tool.copyFixture("shards/scenes-000000.tar", to: "in/a.tar")
        try tool.folder.write("old", to: "old.tar")
        try tool.folder.write("file", to: "file")
        let result = try tool.run(["convert", "in"] + arguments + ["-q"])
        #expect(result.status == status)
        #expect(result.errorText.contains(message), "\(result.errorText)")
        #expect(tool.folder.files() == ["file", "in/a.tar", "old.tar"])
        #expect(try tool.folder.bytes("in/a.tar") == Fixtures.bytes("shards/scenes-000000.tar"))
    }

    @Test("a name that an archive cannot hold is a failure of its own")
    func unfitName() throws {
        let tool = try Tool()
        for name in ["a.npy", "b\\c.npy", "d.npy"] { try tool.write(Tool.ramp(3, 3), to: "in/" + name) }
        let result = try tool.run("convert", "in", "-o", "out.tar")
        #expect(result.status == 1)
        #expect(
            result.errorText.hasPrefix("tensor-media: error: in/b\\c.npy: a member of an archive cannot have the name"))
        #expect(result.lines.last == "2 pictures written to out.tar from 3 inputs, 1 failed")
    }

    @Test("a dry run says what would be in the archive, and writes nothing")
    func dryRun() throws {
        let tool = try Tool()
        try tool.copyFixture("shards/scenes-000000.tar", to: "a.tar")
        let result = try tool.run("convert", "a.tar", "-o", "out.tar", "--dry-run")
        #expect(result.status == 0)
        #expect(result.text.contains("a.tar:00001.maps.npz:labels → out.tar:00001.maps.labels.png: "))
        #expect(result.lines.last == "12 pictures would be written to out.tar from 9 inputs")
        #expect(tool.folder.files() == ["a.tar"])
    }
}
