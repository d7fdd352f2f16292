import TestSupport
import Testing
import VideoCoding

@Suite("APNG")
struct APNGTests {
    /// Pillow and ffmpeg decode every `*.png`; what they see is compared with `*.raw`, frames of the number of channels in the name.
    private static let comparison = #"""
        import glob, os, subprocess, sys
        import numpy as np
        from PIL import Image
        for path in sorted(glob.glob(sys.argv[1] + "/*.png")):
            name = os.path.basename(path)
            im = Image.open(path)
            channels = int(name.split("-")[1])
            mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
            frames, times = [], []
            for i in range(im.n_frames):
                im.seek(i)
                frames.append(np.asarray(im.convert(mode)))
                times.append(im.info["duration"])
            a = np.stack(frames)
            truth = np.fromfile(path[:-4] + ".raw", np.uint8)
            if a.size != truth.size or (a.ravel() != truth).any(): print(name, "differs in Pillow")
            pix = {1: "gray", 3: "rgb24", 4: "rgba"}[channels]
            run = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "rawvideo", "-pix_fmt", pix, "-fps_mode", "passthrough", "-"], capture_output=True)
            if run.stderr or np.frombuffer(run.stdout, np.uint8).tobytes() != truth.tobytes(): print(name, "differs in ffmpeg", run.stderr.decode()[:200])
            expected = float(name.split("-")[2][:-4])
            if any(abs(t - 1000 / expected) > 1e-6 for t in times): print(name, "times", times[:4])
            if im.info.get("loop") != 3: print(name, "loops", im.info.get("loop"))
        """#

    @Test("every pixel, time and the loops are there in Pillow and ffmpeg", .python("numpy", "PIL"))
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 12)
        for index in 0..<24 {
            var clip = MadeClip.random(9000 + UInt64(index), colors: index % 2 == 0 ? nil : 20)
            if index % 5 == 4 {
                clip = MadeClip(
                    width: 9, height: 7, channels: 4,
                    bytes: (0..<9 * 7 * 4 * 3).map { _ in UInt8(generator.below(256)) })
            }
            let rate = [10, 30, 7][index % 3]
            let sink = MemorySink()
            let preset = EncodingPreset.allCases[index % 3]
            let report = try APNGEncoder(preset: preset, loops: .times(3))
                .encode(try clip.frames(try FrameRate(rate)), to: sink)
            #expect(report.frameCount == clip.frameCount)
            // One frame alone has no duration in Pillow.
            guard clip.frameCount > 1 else { continue }
            try folder.write(sink.bytes, to: "\(index)-\(clip.channels)-\(rate).png")
            try folder.write(clip.bytes, to: "\(index)-\(clip.channels)-\(rate).raw")
        }
        #expect(try PythonTools.run(Self.comparison, arguments: [folder.path]).lines == [])
    }

    @Test("the number of frames may be known at the end only where the sink can be patched")
    func unknownCount() throws {
        let clip = MadeClip(width: 2, height: 2, channels: 1, bytes: [1, 2, 3, 4, 1, 2, 3, 9])
        let frames = try clip.frames(try FrameRate(5))
        let known = MemorySink(), unknown = MemorySink()
        _ = try APNGEncoder().encode(frames, to: known)
        let writer = try APNGEncoder().begin(
            ClipDescription(width: 2, height: 2, format: .gray, timeBase: try TimeBase(1, 5)), to: unknown)
        for (index, frame) in frames.frames.enumerated() { try writer.append(frame, endingAt: index + 1) }
        _ = try writer.finish()
        #expect(known.bytes == unknown.bytes)
        #expect(throws: MediaError.self) {
            _ = try APNGEncoder().begin(
                ClipDescription(width: 2, height: 2, format: .gray, timeBase: try TimeBase(1, 5)), to: CountingSink())
        }
        let early = try APNGEncoder().begin(
            ClipDescription(width: 2, height: 2, format: .gray, timeBase: try TimeBase(1, 5), frameCount: 3),
            to: MemorySink())
        try early.append(frames.frames[0], endingAt: 1)
        #expect(throws: MediaError.self) { _ = try early.finish() }
    }
}
