import TestSupport
import Testing

@Suite("Frames out of a GIF")
struct ExtractTests {
    /// Three frames of 6 × 5, written by Pillow: opaque ones, or ones with clear pixels.
    private func clip(in folder: TemporaryFolder) throws {
        try PythonTools.run(
            #"""
            import sys, numpy as np
            from PIL import Image
            r = np.random.default_rng(1)
            a = r.integers(0, 256, (3, 5, 6, 1)).astype(np.uint8).repeat(3, -1)
            ims = [Image.fromarray(f).quantize(256) for f in a]
            ims[0].save(sys.argv[1] + "/a.gif", save_all=True, append_images=ims[1:], duration=[40, 50, 60], loop=0)
            ims = []
            for i in range(3):
                f = np.zeros((5, 6, 4), np.uint8)
                f[i, :] = [200, 10, 90, 255]
                ims.append(Image.fromarray(f, "RGBA"))
            ims[0].save(sys.argv[1] + "/clear.gif", save_all=True, append_images=ims[1:], duration=100, disposal=2)
            """#, arguments: [folder.path])
    }

    @Test("a tensor and pictures are what Pillow sees", .python("numpy", "PIL"))
    func frames() throws {
        let tool = try Tool()
        let folder = tool.folder
        try clip(in: folder)
        for name in ["a", "clear"] {
            let tensor = try tool.run(["extract", "\(name).gif", "-o", "\(name).npy"])
            #expect(tensor.status == 0, "\(tensor.errorText)")
            #expect(tensor.text.contains("3 frames, 6×5 \(name == "a" ? "rgb" : "rgba")"))
            let pictures = try tool.run(["extract", "\(name).gif", "-o", name, "-q"])
            #expect(pictures.status == 0 && pictures.text.isEmpty)
        }
        let said = try PythonTools.run(
            #"""
            import sys, numpy as np
            from PIL import Image
            for name, mode in (("a", "RGB"), ("clear", "RGBA")):
                im = Image.open(f"{sys.argv[1]}/{name}.gif")
                t = np.load(f"{sys.argv[1]}/{name}.npy")
                for i in range(im.n_frames):
                    im.seek(i)
                    seen = np.asarray(im.convert("RGBA"))
                    seen = seen * (seen[..., 3:] == 255)
                    seen = seen[..., :len(mode)]
                    picture = np.asarray(Image.open(f"{sys.argv[1]}/{name}/{name}_{i:06}.png").convert(mode))
                    if t.dtype != np.uint8 or (t[i] != seen).any() or (picture != seen).any(): print(name, i)
            """#, arguments: [folder.path]
        ).text
        #expect(said.isEmpty, "\(said)")
    }

    @Test("a part, in another size; existing files and damage are refused", .python("numpy", "PIL"))
    func options() throws {
        let tool = try Tool()
        let folder = tool.folder
        try clip(in: folder)
        let part = try tool.run(
            ["extract", "a.gif", "-o", "part", "--start", "1", "--size", "3x", "--format", "bmp"])
        #expect(part.status == 0)
        #expect(part.text.contains("2 frames, 3×3 rgb"))
        #expect(try tool.run(["extract", "a.gif", "-o", "part", "--format", "bmp", "--no-overwrite"]).status == 73)
        let whole = try folder.bytes("a.gif")
        try folder.write(Array(whole.prefix(whole.count - 20)), to: "cut.gif")
        let cut = try tool.run(["extract", "cut.gif", "-o", "cut.npy"])
        #expect(cut.status != 0)
        #expect(cut.errorText.contains("cut.gif") && cut.errorText.contains("ends"))
        #expect(!folder.files().contains("cut.npy"))
        #expect(try tool.run(["extract", "a.gif", "-o", "x", "--every", "0"]).status == 64)
    }

    @Test("inspect says what a GIF holds; convert makes it smaller and keeps its times", .python("numpy", "PIL"))
    func inspection() throws {
        let tool = try Tool()
        let folder = tool.folder
        try clip(in: folder)
        let line = try tool.run(["inspect", "a.gif"])
        #expect(line.text.contains("GIF clip, 6×5, 3 frames, 4 to 6 hundredths of a second each, 0.15 s, for ever"))
        let made = try tool.run(["convert", "a.gif", "-o", "b.gif", "--every", "2"])
        #expect(made.status == 0, "\(made.errorText)")
        let json = try tool.run(["inspect", "b.gif", "--json"])
        #expect(json.text.contains("\"frames\":2") && json.text.contains("\"delays\":[9,6]"), "\(json.text)")
        let rate = try tool.run(["convert", "a.gif", "-o", "c.gif", "--fps", "10"])
        #expect(rate.status == 1 && rate.errorText.contains("fps"))
    }
}
