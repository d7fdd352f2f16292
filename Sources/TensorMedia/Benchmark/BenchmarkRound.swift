import ImageCoding
import MediaCore

/// What contestants of this process keep from picture to picture, as a careful program would: encoders with their working
/// memory, a sink with its bytes.
final class BenchmarkKit {
    private var encoders: [BenchmarkContestant: ImageEncoder] = [:]
    private let memory = MemorySink()
    private let cancellation: CancellationFlag?

    init(_ cancellation: CancellationFlag?) { self.cancellation = cancellation }

    /// The file that was written last.
    var file: [UInt8] { memory.bytes }

    /// Encodes `times` times; the processor seconds of one, and what the last one reported, for ours.
    func time(
        _ contestant: BenchmarkContestant, _ subject: BenchmarkSubject, times: Int
    ) throws(MediaError) -> (seconds: Double, report: EncodingReport?) {
        let encoder = kept(contestant, subject)
        let sink = InterruptibleSink.around(memory, cancellation)
        CPULevel.force(contestant.level)
        defer { CPULevel.force(nil) }
        var report: EncodingReport?
        let seconds = try ThreadClock.seconds(times) { () throws(MediaError) in
            memory.removeAll()
            report = try Self.encode(contestant, subject, encoder, to: sink)
        }
        return (seconds + (contestant.level.map(subject.decisionSeconds) ?? 0), report)
    }

    /// The memory that a contestant takes when it has kept nothing, its file of `byteCount` bytes included.
    func peakMemory(
        _ contestant: BenchmarkContestant, _ subject: BenchmarkSubject, byteCount: Int
    ) throws(MediaError) -> Int? {
        CPULevel.force(contestant.level)
        defer { CPULevel.force(nil) }
        return try PeakMemory.during { () throws(MediaError) in
            var encoder: ImageEncoder?
            if case .ours(let preset, _) = contestant.encoder { encoder = subject.encoder(contestant.format, preset) }
            // An array that grows step by step would count several times.
            let sink = InterruptibleSink.around(MemorySink(capacity: byteCount), cancellation)
            _ = try Self.encode(contestant, subject, encoder, to: sink)
        }
    }

    private func kept(_ contestant: BenchmarkContestant, _ subject: BenchmarkSubject) -> ImageEncoder? {
        guard case .ours(let preset, _) = contestant.encoder else { return nil }
        // JPEG encoders keep nothing, and rules may give each picture a quality of its own.
        guard contestant.format == .png else { return subject.encoder(.jpeg, preset) }
        if let encoder = encoders[contestant] { return encoder }
        let encoder = subject.encoder(.png, preset)
        encoders[contestant] = encoder
        return encoder
    }

    private static func encode(
        _ contestant: BenchmarkContestant, _ subject: BenchmarkSubject, _ encoder: ImageEncoder?, to sink: any ByteSink
    ) throws(MediaError) -> EncodingReport? {
        switch contestant.encoder {
        case .ours: return try encoder?.encode(try subject.source(), to: sink)
        case .libpng(let level): _ = try ReferencePNGEncoder(level: level).encode(subject.pixels, to: sink)
        case .libjpeg: try subject.writeReferenceJPEG(to: sink)
        case .pillow, .openCV: break
        }
        return nil
    }
}

/// A contestant at work on one picture.
struct BenchmarkTurn {
    /// Its place among the contestants.
    let index: Int
    let contestant: BenchmarkContestant
    /// How often it encodes per round: small pictures many times, since the clock counts in steps.
    let times: Int
    /// What is known so far.
    var entry: BenchmarkReport.Entry

    /// A contestant that ran once, for the caches and for its file.
    init(_ index: Int, _ contestant: BenchmarkContestant, seconds: Double, byteCount: Int) {
        self.index = index
        self.contestant = contestant
        times = Int(min(1000, max(1, Self.leastSeconds / seconds)))
        entry = .init(byteCount: byteCount, seconds: .infinity)
    }

    /// The processor time that a round of a contestant takes at least.
    private static let leastSeconds = 0.0005

    /// Takes the time of a round.
    mutating func take(_ seconds: Double) { entry.seconds = min(entry.seconds, seconds) }
}
