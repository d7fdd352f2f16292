import Foundation

/// libswscale, as the ffmpeg program runs it.
enum Scaler {
    /// Processor milliseconds per million pixels to make yuv420p of frames of a form; `nil` where there is no ffmpeg.
    static func milliseconds(_ form: String, _ width: Int, _ height: Int, _ count: Int, _ rounds: Int) -> Double? {
        // Long enough for the start of the program to be small beside it.
        let frames = count * 8
        let input = "testsrc2=size=\(width)x\(height):rate=25,format=\(form)"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("yuv-benchmarks-\(getpid()).raw").path
        defer { unlink(path) }
        guard
            run([
                "-y", "-f", "lavfi", "-i", input, "-frames:v", "\(frames)", "-f", "rawvideo", path,
            ]) != nil
        else { return nil }
        let reading = ["-f", "rawvideo", "-pix_fmt", form, "-s", "\(width)x\(height)", "-i", path, "-threads", "1"]
        var differences: [Double] = []
        for _ in 0..<min(rounds, 5) {
            guard let plain = run(reading + ["-f", "null", "-"]),
                let converted = run(
                    reading + ["-vf", "scale=sws_flags=accurate_rnd:threads=1,format=yuv420p", "-f", "null", "-"])
            else { return nil }
            differences.append(converted - plain)
        }
        let median = differences.sorted()[differences.count / 2]
        return median * 1e9 / Double(width * height * frames)
    }

    /// Runs ffmpeg; the processor seconds that it took.
    private static func run(_ arguments: [String]) -> Double? {
        let before = childSeconds()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-v", "error", "-nostdin"] + arguments
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? childSeconds() - before : nil
    }

    private static func childSeconds() -> Double {
        var used = tms()
        times(&used)
        return Double(used.tms_cutime + used.tms_cstime) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
