import Foundation
import ImageCoding
import TensorIO
import TestSupport
import Testing

@Suite("convert: names of outputs") struct ConvertOutputTests {
    @Test("Pictures of a batch are numbered, also when there is one") func batches() throws {
        let tool = try Tool()
        try tool.write(try Tool.batch(3), to: "three.npy")
        try tool.write(try Tool.batch(1), to: "one.npy")
        let outcome = try tool.run("convert", "three.npy", "one.npy", "-o", "out")
        #expect(outcome.status == 0)
        #expect(
            try tool.contents(of: "out").keys.sorted() == [
                "one_000000.png", "three_000000.png", "three_000001.png", "three_000002.png",
            ])
    }

    @Test("A batch without pictures is a failure, not silence") func emptyBatch() throws {
        let tool = try Tool()
        try tool.write(try Tensor([UInt8](), shape: [0, 3, 4, 4]), to: "a.npy")
        let outcome = try tool.run("convert", "a.npy", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText.contains("a.npy: shape: shape (0, 3, 4, 4) holds no picture"))
    }

    @Test(
        "Two inputs with one output: the first is converted, the other fails and both are named",
        arguments: ["1", "2"])
    func collisions(jobs: String) throws {
        let tool = try Tool()
        for name in ["x/a.npy", "y/a.npy", "b_000001.npy", "m/v.npy"] { try tool.write(try Tool.ramp(3, 3), to: name) }
        try tool.write(try Tool.batch(3), to: "b.npy")
        try tool.writeArchive([(Array("v.npy".utf8), try Tool.ramp(2, 2))], to: "m.npz")
        let outcome = try tool.run(
            "convert", "x/a.npy", "y/a.npy", "b.npy", "b_000001.npy", "m", "m.npz", "-o", "out", "--jobs", jobs)
        #expect(outcome.status == 1)
        #expect(
            outcome.errorLines == [
                "tensor-media: error: y/a.npy: its output a is also that of x/a.npy; rename one of them, or convert them into different folders",
                "tensor-media: error: b.npy: picture 1: its output b_000001.png is also that of b_000001.npy; rename one of them, or convert them into different folders",
                "tensor-media: 2 failures in 2 inputs",
            ])
        #expect(
            try tool.contents(of: "out").keys.sorted() == [
                "a.png", "b_000000.png", "b_000001.png", "b_000002.png", "m/v.png", "v.png",
            ])
        let twice = try tool.run("convert", "x", "x/a.npy", "-o", "twice", "--jobs", jobs)
        #expect(twice.status == 1)
        #expect(
            twice.errorText
                == "tensor-media: error: x/a.npy: the input is there twice; name it once, alone or by its folder\n")
        // A file and an archive of one name do not meet; a member and a file below its folder do.
        let nested = try tool.run("convert", "m.npz", "m.npz:v", "-o", "nested", "--jobs", jobs)
        #expect(nested.status == 1)
        #expect(nested.errorText.contains("m.npz:v: its output m/v.png is also that of m.npz:v"))
    }

    @Test(
        "A folder for outputs inside that of the inputs is no input of the next run; an archive there is not replaced")
    func outputsAmongInputs() throws {
        let tool = try Tool()
        for name in ["in/a.npy", "in/b/c.npy"] { try tool.write(try Tool.ramp(3, 3), to: name) }
        for input in ["in", "i*"] {
            for options in [[], ["--pictures"], ["--pictures", "--resume"]] {
                let arguments = ["convert", input, "-o", "in/out"] + options
                _ = try tool.run(arguments)
                let before = try tool.contents(of: "in")
                let again = try tool.run(arguments)
                #expect(again.status == 0 && again.lines.last?.contains(" to in/out from 2 inputs") == true)
                #expect(try tool.contents(of: "in") == before)
                let note = "warning: in/out: left out with \(input == "in" ? 2 : 4) files: the outputs go there"
                #expect(again.errorText.contains(note) != options.isEmpty, "\(again.errorText)")
            }
        }
        #expect(try tool.run("convert", "in", "-o", "in", "-q").status == 0)
        // The archive holds pictures alone, which only go along with their samples.
        #expect(try tool.run("convert", "in/b", "-o", "in/x.tar", "-q").status == 0)
        let before = try tool.contents(of: "in")
        let archive = try tool.run("convert", "in", "-o", "in/x.tar")
        #expect(archive.status == 73 && archive.errorText.contains("the archive would replace an input"))
        #expect(try tool.contents(of: "in") == before)
    }

    @Test("Two tensors of one archive never share a file") func membersCollide() throws {
        let tool = try Tool()
        try tool.writeArchive(
            [(Array("v.npy".utf8), try Tool.batch(2)), (Array("v_000001.npy".utf8), try Tool.ramp(2, 2))], to: "m.npz")
        let outcome = try tool.run("convert", "m.npz", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText.contains("m.npz:v_000001: its output m/v_000001.png is also that of m.npz"))
        #expect(try tool.picture("out/m/v_000001.png").width == 5)
    }

    @Test("An existing output is replaced, or with --no-overwrite left alone") func overwriting() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "a.npy")
        try tool.folder.write("old", to: "out/a.png")
        for arguments in [["-o", "out"], ["-o", "out", "--dry-run"], ["-o", "out/a.png"]] {
            let outcome = try tool.run(["convert", "a.npy", "--no-overwrite"] + arguments)
            #expect(outcome.status == 1)
            #expect(
                outcome.errorText
                    == "tensor-media: error: out/a.png: a file with this name exists already; choose another name or allow it to be replaced\n"
            )
        }
        #expect(try tool.folder.bytes("out/a.png") == Array("old".utf8))
        #expect(try tool.run("convert", "a.npy", "-o", "out").status == 0)
        #expect(try tool.picture("out/a.png").width == 3)
    }

    @Test("The output folder may be the input folder; a picture is never written over itself") func sameFolder() throws
    {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "in/a.npy")
        try tool.copyFixture("images/rgb.png", to: "in/b.png")
        let original = try tool.folder.bytes("in/b.png")
        let outcome = try tool.run("convert", "in", "-o", "in", "--pictures")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains("in/b.png: its output in/b.png would replace the input in/b.png"))
        #expect(try tool.folder.bytes("in/b.png") == original)
        #expect(tool.folder.files() == ["in/a.npy", "in/a.png", "in/b.png"])
        let single = try tool.run("convert", "in/b.png", "-o", "in/../in/b.png")
        #expect(single.status == 1)
        #expect(try tool.folder.bytes("in/b.png") == original)
    }

    @Test("One output file takes one picture: more are refused before anything is written") func single() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "a.npy")
        try tool.write(try Tool.batch(2), to: "b.npy")
        let two = try tool.run("convert", "a.npy", "b.npy", "-o", "x.png")
        #expect(two.status == 64)
        #expect(
            two.errorText == "tensor-media: error: 2 inputs do not fit one output; give a folder with --output\n")
        let batch = try tool.run("convert", "b.npy", "-o", "x.png")
        #expect(batch.status == 1)
        #expect(batch.errorText.contains("b.npy: the input is 2 pictures, the output is one file; name a member"))
        #expect(!tool.folder.files().contains("x.png"))
        // An existing folder is a folder, whatever it is called.
        try tool.folder.makeFolder("folder.png")
        #expect(try tool.run("convert", "a.npy", "-o", "folder.png").status == 0)
        #expect(tool.folder.files().contains("folder.png/a.png"))
    }

    @Test("What is guessed about a batch is said once, what is lost is summed") func notes() throws {
        let tool = try Tool()
        let values = (0..<60).map { $0 % 15 == 5 ? Float.nan : Float($0) * 100 }
        try tool.write(try Tensor(values, shape: [4, 1, 3, 5]), to: "a.npy")
        let outcome = try tool.run("convert", "a.npy", "-o", "out")
        #expect(outcome.status == 0)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorLines.first?.contains("values from 0 to 5900 are neither") == true)
        #expect(
            outcome.errorLines.last
                == "tensor-media: warning: a.npy: values: 4 of 60 values (6.7 %) not finite, shown as 0, the first at (0, 0, 1, 0)"
        )
    }
}
