import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("inspect") struct InspectTests {
    @Test("Type, shape, order, range, not-finite counts and the reading with its reasons") func text() throws {
        let tool = try Tool()
        var values = (0..<36).map { Float($0) / 35 }
        values[7] = .nan
        try tool.write(try Tensor(values, shape: [3, 3, 4]), to: "a.npy")
        try tool.copyFixture("tensors/photos/cell-hw-u16-bigendian.npy", to: "big.npy")
        try tool.copyFixture("tensors/photos/camera-hw-u8-fortran.npy", to: "fortran.npy")
        let outcome = try tool.run("inspect", "a.npy", "big.npy", "fortran.npy")
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix("a.npy\n  type    float32, shape (3, 3, 4), C order\n  values  0 to 1\n"))
        #expect(outcome.text.contains("1 not finite, the first at (0, 1, 3)"))
        #expect(outcome.text.contains("read as a picture: 3×3 rgba, unit 0…1 inferred"))
        #expect(outcome.text.contains("layout hwc: the last axis has 4 elements, which are channels"))
        #expect(outcome.text.contains("values unit: all values lie within -0.05…1.05"))
        #expect(outcome.text.contains("its axis 0 of 3 could be channels too"))
        #expect(outcome.text.contains("uint16, shape (120, 100), C order, big-endian"))
        #expect(outcome.text.contains("uint8, shape (128, 128), Fortran order"))
        #expect(outcome.text.contains("▁") && outcome.text.contains("█"))
    }

    @Test("JSON is one object per line, valid, and says the same") func json() throws {
        let tool = try Tool()
        try tool.copyFixture("tensors/scene/frame.npz", to: "in/frame.npz")
        try tool.copyFixture("tensors/maps/heat-with-holes-hw-f32.npy", to: "in/heat.npy")
        try tool.copyFixture("images/two-frames.gif", to: "in/moving.gif")
        try tool.copyFixture("broken/truncated.npy", to: "in/broken.npy")
        let outcome = try tool.run("inspect", "in", "--json")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1)
        var objects: [JSONValue] = []
        for line in outcome.lines {
            objects.append(try JSONReader.parse(Array(line.utf8).span.bytes, limits: .default))
        }
        #expect(
            objects.map { $0["file"]?.string ?? "" }
                == ["in/broken.npy"] + Array(repeating: "in/frame.npz", count: 3) + ["in/heat.npy", "in/moving.gif"])
        #expect(objects[0]["error"]?["code"] == "header.shape" || objects[0]["error"]?["code"]?.string != nil)
        #expect(objects[1]["member"] == "image")
        #expect(objects[1]["shape"] == [96, 128, 3])
        #expect(objects[2]["refused"]?["code"] == "shape.invalid")
        #expect(objects[4]["not_finite"] == 202)
        #expect(objects[4]["first_not_finite"] == [10, 10])
        #expect(objects[4]["element_type"] == "float32")
        #expect(objects[5]["animated"] == true)
        #expect(objects[5]["width"] == 60)
    }

    @Test("A member is inspected alone, under the settings that are given") func member() throws {
        let tool = try Tool()
        try tool.copyFixture("tensors/scene/frame.npz", to: "frame.npz")
        let outcome = try tool.run("inspect", "frame.npz:flow", "--as", "flow")
        #expect(outcome.status == 0)
        #expect(outcome.lines.first == "frame.npz:flow")
        #expect(outcome.text.contains("values flow: full colour is the longest displacement"))
        let none = try tool.run("inspect", "frame.npz:none")
        #expect(none.status == 1)
        #expect(none.errorText.contains("there is no tensor \"none\"; it holds \"image\", \"flow\", \"normals\""))
    }

    @Test("Every fixture is inspected, broken ones with status 1") func fixtures() throws {
        let tool = try Tool()
        #expect(try tool.run("inspect", Fixtures.path("tensors"), Fixtures.path("images")).status == 0)
        let broken = try tool.run("inspect", Fixtures.path("broken"))
        #expect(broken.status == 1)
        #expect(broken.output.isEmpty)
    }
}

@Suite("doctor, help, version, completions") struct InformationTests {
    @Test("doctor names the libraries, the formats and the level of instructions") func doctor() throws {
        let text = try Tool().run("doctor", environment: ["TENSOR_MEDIA_CPU": nil])
        #expect(text.status == 0)
        for word in [
            "libpng", "libjpeg-turbo", "libdeflate", "FreeType", "libavcodec 59.", "libx264", "libsndfile 1.",
            "npy, npz: read, write", "wav, flac, ogg (sound), opus, mp3, aiff: read, write", "instructions ",
        ] {
            #expect(text.text.contains(word))
        }
        let lowered = try Tool().run("doctor", environment: ["TENSOR_MEDIA_CPU": "portable"])
        #expect(lowered.text.contains("instructions portable"))
        let json = try Tool().run("doctor", "--json", environment: ["TENSOR_MEDIA_CPU": "portable"])
        let report = try JSONReader.parse(json.output.span.bytes, limits: .default)
        #expect(report["cpu_level"] == "portable")
        #expect(report["libraries"]?.array?.count == 9)
    }

    @Test("Help names every option; versions and completions are printed") func help() throws {
        let tool = try Tool()
        let help = try tool.run("convert", "--help")
        #expect(help.status == 0)
        #expect(help.errorText.isEmpty)
        for option in [
            "as", "layout", "mode", "range", "colormap", "format", "preset", "quality", "bits", "max-side", "grid",
            "raw",
            "strict", "compat", "rules", "dry-run", "jobs", "quiet", "no-overwrite", "pictures", "keep", "output",
        ] {
            #expect(help.text.contains("--" + option), "\(option)")
        }
        #expect(help.text.contains("A rule goes before the options"))
        let main = try tool.run("--help")
        for status in ["64", "73", "74", "130"] { #expect(main.text.contains(status)) }
        let version = try tool.run("--version")
        #expect(version.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        for shell in ["bash", "zsh", "fish"] {
            let script = try tool.run("--generate-completion-script", shell)
            #expect(script.status == 0)
            #expect(script.text.contains("tensor-media") && script.text.contains("inverse-depth"))
        }
    }

    @Test("Messages have no colours where no terminal is; on one they have, unless NO_COLOR says otherwise")
    func colors() throws {
        let tool = try Tool()
        #expect(try !tool.run("convert", "none", "-o", "out").errorText.contains("\u{1B}"))
        // `script` gives the program a terminal.
        guard try tool.shell("command -v script").status == 0 else { return }
        let line = "script -qec '\"$tool\" convert none -o out' /dev/null"
        #expect(try tool.shell("TERM=xterm NO_COLOR= " + line).text.contains("\u{1B}[1;31merror:\u{1B}[0m none: "))
        #expect(try !tool.shell("TERM=xterm NO_COLOR=1 " + line).text.contains("\u{1B}"))
    }
}
