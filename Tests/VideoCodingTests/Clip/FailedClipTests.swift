import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

/// The failures are met in a process of their own, where no other test opens files or starts threads.
@Suite("Clips that fail", .enabled(if: access("/proc/self/task", F_OK) == 0, "needs /proc: Linux"))
struct FailedClipTests {
    /// A sink in front of a file that takes some bytes and no more.
    private final class FullSink: ByteSink {
        private let file: FileSink
        private let room: Int
        var byteCount: Int { file.byteCount }

        init(_ file: FileSink, room: Int) {
            self.file = file
            self.room = room
        }

        func write(_ bytes: RawSpan) throws(MediaError) {
            guard byteCount + bytes.byteCount <= room else {
                throw MediaError(.writeFailed, "no space left on device")
            }
            try file.write(bytes)
        }
    }

    /// One way to fail: at frame 57, wherever frames have numbers.
    private enum Trouble: CaseIterable {
        case source, sink, cancellation, notFinite, sound

        var code: MediaError.Code {
            switch self {
            case .source: .sourceFailed
            case .sink: .writeFailed
            case .cancellation: .cancelled
            case .notFinite: .valueNotFinite
            case .sound: .truncated
            }
        }
    }

    /// A sound that ends too early, after the first packets.
    private struct CutSound: SampleSource {
        let rate = 48_000, channels = 2
        let count: Int? = nil

        func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
            guard range.lowerBound < 20_000 else { throw MediaError(.truncated, "the sound ends") }
            for index in 0..<range.count * 2 { samples[index] = 0.1 }
            return range.count
        }
    }

    /// Encodes a clip of 80 frames, which fails.
    private static func encode(
        _ trouble: Trouble, as format: ClipFormat, on pool: WorkerPool?, in folder: String
    ) throws {
        let flag = CancellationFlag()
        let gif = GIFEncoder(preset: .fastest, pool: pool, cancellation: flag)
        let file = try FileSink(path: folder + "/a." + format.rawValue)
        let room = trouble == .sink ? 200 : Int.max
        let frames: any FrameSource
        if trouble == .notFinite {
            var values = [Float](repeating: 0.5, count: 80 * 16)
            values[57 * 16 + 6] = .nan
            frames = try TensorFrames(
                try Tensor(values, shape: [80, 4, 4]), options: ClipOptions { $0.strictness = .strict })
        } else {
            struct Gone: Error {}
            let frameRate = try FrameRate(10)
            frames = GeneratedFrames(width: 4, height: 4, format: .gray, frameRate: frameRate, frameCount: 80) {
                (index) throws in
                if index == 57, trouble == .source { throw Gone() }
                if index == 57, trouble == .cancellation { flag.cancel() }
                let pixels = (0..<16).map { UInt8(truncatingIfNeeded: $0 * 7 + index) }
                return try Tensor(pixels, shape: [4, 4]).picture()
            }
        }
        var video = VideoEncoder(preset: .fastest, cancellation: flag)
        if format.isVideo {
            video.sound = SoundTrack(trouble == .sound ? CutSound() : Ramp(rate: 8000, length: 100_000))
        }
        _ = try ClipEncoder(for: format, gif: gif, video: video).encode(frames, to: FullSink(file, room: room))
        _ = try file.commit()
    }

    @Test("1,000 clips that fail leave no descriptor, no thread and no file, and each error names a frame")
    func nothingIsLeft() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            func counts() throws -> (descriptors: Int, threads: Int) {
                (
                    try FileSystem.names(inFolder: "/proc/self/fd").count,
                    try FileSystem.names(inFolder: "/proc/self/task").count
                )
            }
            let before = try counts()
            for round in 0..<26 {
                for format in ClipFormat.allCases {
                    for trouble in Trouble.allCases where trouble != .sound || format.isVideo {
                        for isParallel in [false, true] {
                            let pool = isParallel ? WorkerPool(threadCount: 2) : nil
                            let error = #expect(throws: MediaError.self) {
                                try FailedClipTests.encode(trouble, as: format, on: pool, in: path)
                            }
                            guard round == 0 else { continue }
                            #expect(error?.code == trouble.code)
                            let text = error?.description ?? ""
                            switch trouble {
                            case .source, .cancellation: #expect(error?.location.field == "frames[57]", "\(text)")
                            // Animated PNG writes frame by frame, GIF when it knows the colours, mp4 when it is whole.
                            case .sink, .sound: #expect(error?.location.field?.hasPrefix("frames[") == true, "\(text)")
                            case .notFinite: #expect(text.contains("(57, 1, 2)"), "\(text)")
                            }
                        }
                    }
                }
            }
            // Threads leave when they find that their pool has gone.
            var waits = 0
            while try counts().threads > before.threads + 2, waits < 500 {
                usleep(10_000)
                waits += 1
            }
            let after = try counts()
            // The process may open a file or start a thread of its own meanwhile; what is lost would be hundreds.
            #expect(after.descriptors <= before.descriptors + 4)
            #expect(after.threads <= before.threads + 2)
        }
        #expect(folder.files().isEmpty)
    }
}
