import ImageCoding
import MediaCore
import TensorIO

/// A benchmark at work: measures one picture after the other.
final class BenchmarkRun {
    private(set) var report: BenchmarkReport
    private let kit: BenchmarkKit
    private var python: PythonRivals?
    private let start = ContinuousClock.now
    /// Pictures that contestants left out, by contestant and reason, in the order in which they came up.
    private var omissions: [(who: String, why: String, count: Int)] = []
    /// How long pictures took at the least, and how large a part of the next one there is time for.
    private var leastSeconds = 0.0, credit = 0.0
    private let cancellation: CancellationFlag?
    /// The batch that was decided about last, and how long that took.
    private var decided: (batch: String, seconds: [CPULevel: Double]) = ("", [:])

    init(_ report: BenchmarkReport, python: PythonRivals?, _ cancellation: CancellationFlag?) {
        self.report = report
        self.python = python
        self.cancellation = cancellation
        kit = BenchmarkKit(cancellation)
    }

    deinit { python?.end() }

    /// Everything, when all is measured.
    func finish() -> BenchmarkReport {
        for omission in omissions {
            let pictures = "\(omission.count) of \(report.pictures.count) pictures"
            report.notes.append("\(omission.who): left out \(pictures): \(omission.why)")
        }
        return report
    }

    private func note(_ who: String, leftOut why: String) {
        if let index = omissions.firstIndex(where: { $0.who == who && $0.why == why }) {
            omissions[index].count += 1
        } else {
            omissions.append((who, why, 1))
        }
    }

    // MARK: Time

    private func seconds(since start: ContinuousClock.Instant) -> Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    /// Whether there is time for the next of `left` pictures. When there is not for all, some are passed over, evenly.
    func hasTime(forNextOf left: Int) -> Bool {
        guard !report.pictures.isEmpty else { return true }
        let remaining = report.options.seconds - seconds(since: start)
        let needed = leastSeconds / Double(report.pictures.count) * Double(left)
        credit += min(1, max(0, remaining / max(needed, 1e-9)))
        guard credit >= 1 else { return false }
        credit -= 1
        return true
    }

    // MARK: One picture

    /// Measures an output of `convert`; `left` pictures share the time that is left, this one among them.
    func measure(
        _ output: InputConversion.Output, of input: ConversionInput, left: Int
    ) throws(MediaError) -> EncodingReport {
        guard case .pixels(let source) = output.content else { return output.content.plannedReport }
        let begin = ContinuousClock.now
        let share = max(0, report.options.seconds - seconds(since: start)) / Double(max(1, left))
        let subject = try BenchmarkSubject(
            name: output.pictureName(in: input), output, source: source,
            decisions: try decisionSeconds(output, output.tensorName(in: input)))
        var made: EncodingReport?
        var turns = try firstTurns(subject, &made)
        if let made { try output.settings.check(made) }
        // Where time is short already, it goes to the round.
        for index in turns.indices where seconds(since: begin) < share {
            try cancellation?.check()
            turns[index].entry.peakMemory = try peakMemory(turns[index], subject)
        }
        var rounds = 0
        var roundSeconds = 0.0
        while rounds < report.options.rounds, rounds == 0 || seconds(since: begin) + roundSeconds <= share {
            let roundBegin = ContinuousClock.now
            for index in turns.indices {
                try cancellation?.check()
                if let seconds = try time(turns[index], subject) { turns[index].take(seconds) }
            }
            rounds += 1
            roundSeconds = seconds(since: roundBegin)
            if rounds == 1 { leastSeconds += seconds(since: begin) }
        }
        add(turns, subject, rounds)
        return made ?? output.content.plannedReport
    }

    private func add(_ turns: [BenchmarkTurn], _ subject: BenchmarkSubject, _ rounds: Int) {
        var entries = [BenchmarkReport.Entry?](repeating: nil, count: report.contestants.count)
        // An interpreter that is gone may have left a round undone.
        for turn in turns where turn.entry.seconds.isFinite && (turn.contestant.python == nil || python != nil) {
            entries[turn.index] = turn.entry
        }
        report.pictures.append(
            .init(
                name: subject.name, width: subject.pixels.width, height: subject.pixels.height,
                format: subject.pixels.format, byteCount: subject.pixels.bytes.count, rounds: rounds, entries: entries))
    }

    /// Lets everybody encode once: for the caches, and to see that ours write the right pixels.
    private func firstTurns(
        _ subject: BenchmarkSubject, _ made: inout EncodingReport?
    ) throws(MediaError) -> [BenchmarkTurn] {
        var turns: [BenchmarkTurn] = []
        var files: [String: [UInt8]] = [:]
        _ = try withPython { (python) throws(PythonRivals.Failure) in try python.take(subject.pixels) }
        for format in report.options.formats where !subject.fits(format) {
            note("JPEG", leftOut: "it is measured with 8-bit gray and rgb, up to 65500 pixels a side")
        }
        for (index, contestant) in report.contestants.enumerated() where subject.fits(contestant.format) {
            try cancellation?.check()
            if contestant.python != nil {
                if let turn = try firstTurn(index, contestant, subject) { turns.append(turn) }
                continue
            }
            let (seconds, report) = try kit.time(contestant, subject, times: 1)
            if !contestant.isRival {
                made = made ?? report
                let key = contestant.format.rawValue + contestant.name
                // The same bytes at another level need no second look.
                if files[key] != kit.file { try subject.check(kit.file, contestant) }
                files[key] = kit.file
            }
            turns.append(BenchmarkTurn(index, contestant, seconds: seconds, byteCount: kit.file.count))
        }
        return turns
    }

    private func time(_ turn: BenchmarkTurn, _ subject: BenchmarkSubject) throws(MediaError) -> Double? {
        guard let library = turn.contestant.python else {
            return try kit.time(turn.contestant, subject, times: turn.times).seconds
        }
        return try withPython { (python) throws(PythonRivals.Failure) in
            var absence: String?
            return try python.encode(
                library, turn.contestant.format, quality: subject.settings.jpegQuality, times: turn.times,
                sendsFile: false,
                absence: &absence)?.seconds
        } ?? nil
    }

    private func peakMemory(_ turn: BenchmarkTurn, _ subject: BenchmarkSubject) throws(MediaError) -> Int? {
        let contestant = turn.contestant
        guard let library = contestant.python else {
            return try kit.peakMemory(contestant, subject, byteCount: turn.entry.byteCount)
        }
        return try withPython { (python) throws(PythonRivals.Failure) in
            try python.peakMemory(library, contestant.format, quality: subject.settings.jpegQuality)
        } ?? nil
    }

    // MARK: Batches

    /// What it takes to decide about the tensor of a batch, for each of its pictures.
    private func decisionSeconds(
        _ output: InputConversion.Output, _ name: String
    ) throws(MediaError) -> [CPULevel: Double] {
        guard let origin = output.origin, origin.count > 1 else { return [:] }
        if decided.batch == name { return decided.seconds }
        decided = (name, [:])
        defer { CPULevel.force(nil) }
        for level in report.options.levels {
            CPULevel.force(level)
            var best = Double.infinity
            for _ in 0..<3 where !(best > 0.1 && best.isFinite) {
                try cancellation?.check()
                best = min(
                    best,
                    try ThreadClock.seconds(1) { () throws(MediaError) in
                        _ = try origin.tensor.pictures(output.settings.picture)
                    })
            }
            decided.seconds[level] = best / Double(origin.count)
        }
        return decided.seconds
    }
}

// MARK: The interpreter

extension BenchmarkRun {
    /// Asks the interpreter; `nil` when there is none or it just became of no use, which is noted.
    private func withPython<Result>(
        _ body: (PythonRivals) throws(PythonRivals.Failure) -> Result
    ) throws(MediaError) -> Result? {
        guard let python else { return nil }
        do throws(PythonRivals.Failure) {
            return try body(python)
        } catch {
            guard case .unusable(let why) = error else { throw .cancelled }
            python.end()
            self.python = nil
            let names = python.versions.keys.map(\.rawValue).sorted(by: >).joined(separator: ", ")
            let done = report.pictures.count
            let extent = done == 0 ? "not measured" : "measured with \(done) picture\(done == 1 ? "" : "s") only"
            report.notes.append("\(names): \(extent): \(why)")
            return nil
        }
    }

    /// Lets a library of the interpreter encode once, and looks at its file as at ours; other pixels are a reason to leave
    /// the picture out.
    private func firstTurn(
        _ index: Int, _ contestant: BenchmarkContestant, _ subject: BenchmarkSubject
    ) throws(MediaError) -> BenchmarkTurn? {
        guard let library = contestant.python else { return nil }
        let encoding = try withPython { (python) throws(PythonRivals.Failure) -> PythonRivals.Encoding? in
            var absence: String?
            let encoding = try python.encode(
                library, contestant.format, quality: subject.settings.jpegQuality, times: 1, sendsFile: true,
                absence: &absence)
            if let absence { note(contestant.name, leftOut: absence) }
            return encoding
        }
        guard let encoding = encoding ?? nil else { return nil }
        if !shows(encoding.bytes, contestant, subject) {
            note(contestant.name, leftOut: "it wrote a \(contestant.format.rawValue) with other pixels")
            return nil
        }
        return BenchmarkTurn(index, contestant, seconds: encoding.seconds, byteCount: encoding.byteCount)
    }

    private func shows(_ file: [UInt8], _ contestant: BenchmarkContestant, _ subject: BenchmarkSubject) -> Bool {
        guard contestant.format == .jpeg else { return (try? subject.check(file, contestant)) != nil }
        // Another libjpeg may round otherwise.
        let picture = try? unsafe ImageFile.decode(file.span.bytes, limits: subject.settings.limits)
        return picture?.width == subject.pixels.width && picture?.height == subject.pixels.height
    }
}
