import ImageCoding
import TensorIO
import TestSupport
import Testing

@Suite("Masks and boxes over clips")
struct ClipAnnotationTests {
    /// A tool with three black frames, a mask of class 1 and then 2 that moves, and boxes for the first and the last frame.
    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write(try Tensor([UInt8](repeating: 0, count: 3 * 40 * 60), shape: [3, 40, 60]), to: "clip.npy")
        var ids = [UInt8](repeating: 0, count: 3 * 40 * 60)
        for frame in 0..<3 {
            for row in 0..<8 {
                for column in 0..<20 { ids[(frame * 40 + row) * 60 + frame * 20 + column] = frame == 2 ? 2 : 1 }
            }
        }
        try tool.write(try Tensor(ids, shape: [3, 40, 60]), to: "masks.npy")
        try tool.folder.write(
            """
            [[{"position": {"minX": 0.5, "maxX": 0.9, "minY": 0.5, "maxY": 0.9}, "class_id": 3}], null,
             {"g": {"box_data": [{"position": {"minX": 0.1, "maxX": 0.4, "minY": 0.5, "maxY": 0.9}, "class_id": 3}]}}]
            """, to: "boxes.json")
        return tool
    }

    /// What NumPy says of each frame of a GIF: width, height, and which quarters of the lower half of the picture are coloured.
    private func frames(_ tool: Tool, _ name: String) throws -> [String] {
        try PythonTools.run(
            """
            import sys
            import numpy as np
            from PIL import Image, ImageSequence
            for frame in ImageSequence.Iterator(Image.open(sys.argv[1])):
                a = np.array(frame.convert("RGB"))
                low, top = a[20:40, :60].any(axis=2), a[:8, :60].any(axis=2)
                print(a.shape[1], a.shape[0], low[:, :26].any(), low[:, 34:].any(), *[top[:, x:x + 20].all() for x in (0, 20, 40)])
            """, arguments: [tool.folder.path(name)]
        ).lines.map(String.init)
    }

    @Test("overlay draws a mask and a list of boxes on each frame of a clip", .python("numpy", "PIL"))
    func overlay() throws {
        let tool = try tool()
        let outcome = try tool.run(
            "overlay", "clip.npy", "--mask", "masks.npy", "--boxes", "boxes.json", "--legend", "none", "--no-names",
            "--fps", "10",
            "-o",
            "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("3 frames at 10 fps"))
        #expect(
            try frames(tool, "a.gif") == [
                "60 40 False True True False False", "60 40 False False False True False",
                "60 40 True False False False True",
            ])
        // Beside the clip, they are drawn by convert.
        try tool.folder.write(try tool.folder.bytes("masks.npy"), to: "clip.mask.npy")
        try tool.folder.write(try tool.folder.bytes("boxes.json"), to: "clip.boxes.json")
        #expect(
            try tool.run("convert", "clip.npy", "--legend", "none", "--no-names", "--fps", "10", "-o", "b.gif").status
                == 0)
        #expect(try tool.folder.bytes("b.gif") == tool.folder.bytes("a.gif"))
    }

    @Test("One legend of the classes of all frames stands beside every frame", .python("numpy", "PIL"))
    func legend() throws {
        let tool = try tool()
        let outcome = try tool.run(
            "overlay", "clip.npy", "--mask", "masks.npy", "--legend", "right", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let sizes = try frames(tool, "a.gif").map { $0.split(separator: " ")[0] }
        #expect(Set(sizes).count == 1 && (Int(sizes[0]) ?? 0) > 70)
        let beside = try PythonTools.run(
            """
            import sys
            import numpy as np
            from PIL import Image, ImageSequence
            frames = [np.array(f.convert("RGB"))[:, 60:] for f in ImageSequence.Iterator(Image.open(sys.argv[1]))]
            print(all((f == frames[0]).all() for f in frames), len(np.unique(frames[0].reshape(-1, 3), axis=0)) > 3)
            """, arguments: [tool.folder.path("a.gif")])
        #expect(beside.lines == ["True True"])
    }

    @Test(
        "Lists that do not fit the frames are one line",
        arguments: [
            ("[[], []]", "boxes.json: the file has boxes for 2 pictures, there are 3"),
            (#"[{"position": {}}, [], []]"#, "boxes.json: the boxes of one picture lie beside several"),
            ("{}", "boxes.json: the boxes of one picture lie beside several"),
            ("[[], [1], []]", "boxes.json: [1].boxes[0]: found 1, expected a box"),
            ("[[], ", "boxes.json"), ("", "boxes.json"),
        ])
    func refusals(text: String, message: String) throws {
        let tool = try tool()
        try tool.folder.write(text, to: "boxes.json")
        let outcome = try tool.run("overlay", "clip.npy", "--boxes", "boxes.json", "-o", "a.gif")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(!tool.folder.files().contains("a.gif"))
    }
}
