import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("compare") struct CompareTests {
    /// A tool with `a.npy`, a 24×20 ramp, and `b.npy`, the same with one value changed.
    private func ramps() throws -> Tool {
        let tool = try Tool()
        var values = (0..<480).map { UInt8(truncatingIfNeeded: $0 / 2) }
        try tool.write(try Tensor(values, shape: [20, 24]), to: "a.npy")
        values[24 * 3 + 5] += 30
        try tool.write(try Tensor(values, shape: [20, 24]), to: "b.npy")
        return tool
    }

    private func json(_ outcome: Program.Outcome) throws -> [JSONValue] {
        try outcome.lines.map { try JSONReader.parse(Array($0.utf8).span.bytes, limits: .default) }
    }

    @Test("Values and pictures are compared, and the report names the worst of both") func report() throws {
        let outcome = try ramps().run("compare", "a.npy", "b.npy")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines.prefix(4) == [
                "a.npy and b.npy: 480 values",
                "  values      1 of 480 differ, mean 0.0625, largest 30 at (3, 5): 38 and 68",
                "              largest relative 0.44117647 at (3, 5): 38 and 68",
                "  picture     24×20 gray, 1 of 480 pixels differ (0.21 %)",
            ])
        #expect(outcome.lines.contains("  difference  mean 0.0625, largest 30 of 255"))
        #expect(outcome.lines.contains("  worst       (5, 3): 38 and 68"))
        // 10·log₁₀(255²·480 / 900)
        #expect(outcome.lines.contains("  PSNR        45.4 dB"))
    }

    @Test("JSON says the same, and null for the PSNR of identical pictures") func machineReadable() throws {
        let tool = try ramps()
        let object = try #require(
            try json(try tool.run("compare", "--json", "a.npy", "b.npy", "--min-psnr", "50")).first)
        #expect(object["identical"] == false)
        #expect(object["values"]?["worst"] == ["index": [3, 5], "first": .number(38), "second": .number(68)])
        let picture = try #require(object["pictures"]?.array?.first)
        #expect(picture["worst"] == ["x": 5, "y": 3, "first": [38], "second": [68]])
        #expect(picture["differing_pixels"] == 1)
        #expect(object["failed"] == ["PSNR 45.4 dB is below 50"])
        let same = try #require(try json(try tool.run("compare", "--json", "a.npy", "a.npy")).first)
        #expect(same["identical"] == true)
        #expect(same["pictures"]?.array?.first?["psnr"] == .null)
        #expect(same["pictures"]?.array?.first?["ssim"]?.double == 1)
    }

    @Test(
        "The exit status is 0 when thresholds are met, 1 when one is not",
        arguments: [
            (["--min-psnr", "45"], 0), (["--min-psnr", "46"], 1), (["--min-ssim", "0.9"], 0), (["--min-ssim", "1"], 1),
            (["--max-difference", "30"], 0), (["--max-difference", "29.9"], 1), (["--max-delta-e", "100"], 0),
            (["--max-delta-e", "1"], 1), (["--max-difference", "30", "--min-psnr", "99"], 1),
        ] as [([String], Int32)])
    func thresholds(options: [String], status: Int32) throws {
        let tool = try ramps()
        let outcome = try tool.run(["compare", "-q", "a.npy", "b.npy"] + options)
        #expect(outcome.status == status)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.isEmpty == (status == 0))
        #expect(try tool.run(["compare", "-q", "a.npy", "a.npy"] + options).status == 0)
    }

    @Test("The difference never replaces what is compared") func differenceOverInput() throws {
        let tool = try Tool()
        try tool.write(Tool.ramp(6, 5), to: "one/a.npy")
        try tool.write(Tool.ramp(6, 5, first: 9), to: "two/a.npy")
        #expect(try tool.run("convert", "one", "-o", "one", "-q").status == 0)
        #expect(try tool.run("convert", "two", "-o", "two", "-q").status == 0)
        for name in ["one", "two"] { try FileManager.default.removeItem(atPath: tool.folder.path(name + "/a.npy")) }
        let before = try tool.contents(of: ".")
        for (first, second) in [("one/a.png", "two/a.png"), ("two/a.png", "one/a.png"), ("one", "two")] {
            let outcome = try tool.run("compare", first, second, "--difference", "one/../two/a.png")
            #expect(outcome.status == 73 && outcome.text.isEmpty)
            #expect(outcome.errorText.contains("one/../two/a.png: the difference would replace the input two/a.png"))
            #expect(try tool.contents(of: ".") == before)
        }
    }

    @Test("The difference picture is amplified as far as nothing is clipped, or as asked") func difference() throws {
        let tool = try ramps()
        let outcome = try tool.run("compare", "a.npy", "b.npy", "--difference", "d.png")
        #expect(outcome.status == 0)
        #expect(outcome.errorText == "tensor-media: d.png: the difference, amplified 8×\n")
        var expected = [UInt8](repeating: 0, count: 480)
        expected[24 * 3 + 5] = 240
        #expect(try tool.picture("d.png").pixels8 == expected)
        #expect(try tool.run("compare", "a.npy", "b.npy", "--difference", "e.png", "--amplify", "2").status == 0)
        expected[24 * 3 + 5] = 60
        #expect(try tool.picture("e.png").pixels8 == expected)
    }

    @Test("A tensor is compared with the picture made of it, and gray with colour, which strictness refuses")
    func conversions() throws {
        let tool = try ramps()
        #expect(try tool.run("convert", "-q", "a.npy", "-o", "a.png").status == 0)
        #expect(try tool.run("compare", "a.npy", "a.png").text == "a.npy and a.png: 24×20 gray, identical\n")
        try tool.copyFixture("images/rgb.png", to: "rgb.png")
        try tool.copyFixture("images/gray16.png", to: "gray16.png")
        let outcome = try tool.run("compare", "rgb.png", "gray16.png")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines.suffix(2) == [
                "  converted   the first from rgb to rgb16", "  converted   the second from gray16 to rgb16",
            ])
        let strict = try tool.run("compare", "--strict", "rgb.png", "gray16.png")
        #expect(strict.status == 65)
        #expect(strict.errorText.contains("rgb.png and gray16.png: the pictures have different formats"))
    }

    @Test("Archives are compared by name; what one of them lacks is a failure, the rest is compared") func archives()
        throws
    {
        let tool = try Tool()
        let ramp = try Tool.ramp(12, 12), other = try Tool.ramp(12, 12, first: 3)
        try tool.writeArchive([(Array("x.npy".utf8), ramp), (Array("y.npy".utf8), ramp)], to: "a.npz")
        try tool.writeArchive([(Array("y.npy".utf8), other), (Array("z.npy".utf8), ramp)], to: "b.npz")
        let outcome = try tool.run("compare", "a.npz", "b.npz", "--json")
        #expect(outcome.status == 65)
        #expect(try json(outcome).map { $0["first"]?.string } == ["a.npz:y"])
        #expect(
            outcome.errorLines == [
                "tensor-media: error: a.npz:x: b.npz has no tensor of this name",
                "tensor-media: error: b.npz:z: a.npz has no tensor of this name",
            ])
        #expect(try tool.run("compare", "a.npz:y", "b.npz:z", "--max-difference", "0").status == 0)
    }

    @Test("Folders are compared file by file, and what one of them lacks is a failure") func folders() throws {
        let tool = try ramps()
        for (from, to) in [("a", "one/x/p"), ("b", "two/x/p"), ("a", "one/q"), ("a", "two/q"), ("a", "two/r")] {
            try tool.folder.write(try tool.folder.bytes(from + ".npy"), to: to + ".npy")
        }
        let outcome = try tool.run("compare", "one", "two", "--json", "--max-difference", "1")
        #expect(outcome.status == 65)
        #expect(try json(outcome).map { $0["first"]?.string } == ["one/q.npy", "one/x/p.npy"])
        #expect(try json(outcome).map { $0["failed"]?.array?.count } == [0, 1])
        #expect(outcome.errorLines == ["tensor-media: error: two/r.npy: one has no such file"])
        #expect(try tool.run("compare", "one/x", "two/x", "-q", "--max-difference", "1").status == 1)
        #expect(try tool.run("compare", "one/x", "two/x", "-q", "--max-difference", "30").status == 0)
        #expect(try tool.run("compare", "one", "a.npy").errorText.contains("a folder cannot be compared with a file"))
    }

    @Test("Floats are read by the range of the first; NaN on one side alone is never within a threshold")
    func ranges() throws {
        let tool = try Tool()
        var values = (0..<144).map { Float($0) * 3 }
        try tool.write(try Tensor(values, shape: [12, 12]), to: "a.npy")
        values[7] = 1000
        try tool.write(try Tensor(values, shape: [12, 12]), to: "b.npy")
        let outcome = try tool.run("compare", "a.npy", "b.npy")
        #expect(outcome.text.contains("1 of 144 pixels differ"))
        #expect(outcome.text.contains("the second is read by the values of the first"))
        values[7] = .nan
        try tool.write(try Tensor(values, shape: [12, 12]), to: "c.npy")
        let nan = try tool.run("compare", "-q", "a.npy", "c.npy", "--max-difference", "1e9")
        #expect(nan.status == 1)
        #expect(nan.errorText.contains("1 values are not finite in one tensor alone"))
        #expect(try tool.run("compare", "-q", "c.npy", "c.npy", "--max-difference", "0").status == 0)
    }

    @Test(
        "What cannot be compared has status 65, wrong usage 64, with a sentence",
        arguments: [
            (["a.npy", "wide.npy"], 65, "24×20"), (["a.npy", "missing.npy"], 65, "there is no such file"),
            (["a.npy", "broken.png"], 65, "broken.png"), (["flipped.npz", "flipped.npz"], 65, "flipped.npz:"),
            (["flipped.npz", "a.npy"], 65, "flipped.npz:"),
            (["a.npy", "b.npy", "--difference", "a.npy/d.png"], 73, "a.npy"), (["a.npy"], 64, "<b>"),
            (["a.npy", "a.npy", "--min-psnr", "much"], 64, "much"), (["-", "-"], 64, "Standard input"),
            (["a.npy", "a.npy", "--difference", "d.txt"], 64, "--difference"),
            (["a.npy", "a.npy", "--amplify", "0"], 64, "--amplify"),
            (["a.npy", "a.npy", "--max-difference", "nan"], 64, "--max-difference"),
        ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, text: String) throws {
        let tool = try ramps()
        try tool.write(try Tool.ramp(25, 20), to: "wide.npy")
        try tool.copyFixture("broken/flipped-bit.npz", to: "flipped.npz")
        try tool.folder.write(Array("\u{89}PNG\r\n\u{1A}\nnothing".utf8), to: "broken.png")
        let outcome = try tool.run(["compare"] + arguments)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(outcome.errorText.contains(text), "\(outcome.errorText)")
    }
}

extension DecodedImage {
    /// The samples, scaled to 8 bits: small pictures come back with fewer.
    fileprivate var pixels8: [UInt8] {
        get throws {
            let source = try ConvertedSource(self, to: .gray)
            var bytes = [UInt8](repeating: 0, count: width * height)
            var tally = PixelTally()
            try bytes.withUnsafeMutableBytes { all in
                var band = all.mutableBytes
                try source.fill(rows: 0..<height, into: &band, tally: &tally)
            }
            return bytes
        }
    }
}
