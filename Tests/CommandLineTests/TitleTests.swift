import ImageCoding
import TensorIO
import TestSupport
import Testing

@Suite("Titles above the cells of grids")
struct TitleTests {
    /// A tool with four clips of two frames: a gray level for each clip and frame.
    private func tool() throws -> Tool {
        let tool = try Tool()
        let levels = [0, 10, 40, 50, 80, 90, 120, 130]
        let values = levels.flatMap { [UInt8](repeating: UInt8($0), count: 40 * 80) }
        try tool.write(try Tensor(values, shape: [4, 2, 40, 80]), to: "clips.npy")
        try tool.write(try Tensor(values, shape: [4, 2, 40, 80]).slice(at: 0), to: "pair.npy")
        return tool
    }

    /// Rows of a gray or RGB picture, the first sample of each pixel.
    private func rows(_ picture: DecodedImage) -> [[UInt8]] {
        let step = picture.format.channels
        return (0..<picture.height).map { row in
            (0..<picture.width).map { picture.pixels[(row * picture.width + $0) * step] }
        }
    }

    @Test("Clips and pictures keep their pixels below titles, in the places of the grid")
    func places() throws {
        let tool = try tool()
        let titles = ["--titles", "one,two,three,four", "--grid", "2x2", "--grid-padding", "3"]
        let clip = try tool.run(
            ["convert", "clips.npy", "--layout", "nthw", "--poster", "1", "-o", "a.gif"] + titles)
        #expect(clip.status == 0, "\(clip.errorText)")
        let rows = rows(try tool.picture("a.poster.png"))
        #expect(rows[0].count == 163)
        let title = (rows.count - 3 - 80) / 2
        #expect(title >= 11 && rows.count == 2 * title + 83)
        for (index, level) in [10, 50, 90, 130].enumerated() {
            let left = index % 2 * 83, top = index / 2 * (title + 43)
            let cell = rows[top + title..<top + title + 40].flatMap { $0[left..<left + 80] }
            #expect(cell.allSatisfy { $0 == level }, "clip \(index)")
            let text = rows[top..<top + title].flatMap { $0[left..<left + 80] }
            #expect(text.contains(0) && text.filter { $0 == 255 }.count > text.count / 2, "title \(index)")
        }
        // The same titles stand above pictures.
        let still = try tool.run([
            "convert", "pair.npy", "--layout", "nhw", "-o", "b.png", "--titles", "one,two", "--grid", "2",
        ])
        #expect(still.status == 0, "\(still.errorText)")
        let pair = self.rows(try tool.picture("b.png"))
        #expect(pair.count == title + 40 && pair[title][0] == 0 && pair[title][82] == 10)
        #expect(pair[..<title].map { Array($0[..<80]) } == rows[..<title].map { Array($0[..<80]) })
    }

    @Test("The size is that of the frames below their titles; one title with {index} serves for all")
    func sizes() throws {
        let tool = try tool()
        let outcome = try tool.run(
            "convert", "clips.npy", "--layout", "nthw", "--titles", "{name} {index}", "--size", "320x", "--poster", "0",
            "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let rows = rows(try tool.picture("a.poster.png"))
        #expect(rows[0].count == 320 && rows.count > 160 && rows.count < 220)
        let last = rows[rows.count - 1]
        #expect(last[..<160].allSatisfy { $0 == 80 } && last[160...].allSatisfy { $0 == 120 })
    }

    @Test(
        "Titles that fit no grid are one line",
        arguments: [
            (["clips.npy", "--layout", "nthw", "--titles", "a,b", "-o", "a.gif"], 1, "titles: 2 titles for 4 cells"),
            (["pair.npy", "--layout", "nhw", "--grid", "2", "--titles", "a", "-o", "a.png"], 1, "1 title for 2 cells"),
            (
                ["pair.npy", "--layout", "nhw", "--titles", "a,b", "-o", "out"], 1,
                "titles stand above the pictures of a grid"
            ),
            (["clips.npy", "--titles", "{min}", "-o", "a.gif"], 64, "--titles: a title has no places but"),
            (["clips.npy", "--titles", "{", "-o", "a.gif"], 64, "--titles: a place that \"{\" begins has no end"),
            (
                ["pair.npy", "--layout", "thw", "--titles", "a", "--strict", "-o", "a.gif"], 0,
                "this is one clip; no effect: titles"
            ),
        ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, message: String) throws {
        let outcome = try tool().run(["convert"] + arguments)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
    }
}
