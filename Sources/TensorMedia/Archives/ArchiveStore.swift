import ImageCoding
package import MediaCore
import Synchronization
import TensorIO

/// Tar archives: outputs are encoded on workers, wait, and are placed in the order of the inputs.
package final class ArchiveStore: OutputStore {
    private let output: ArchiveOutput
    private let overwrites: Bool
    private let check: @Sendable (_ path: String) throws(MediaError) -> Void
    private let digests: FileDigests.Kinds
    private let cancellation: CancellationFlag?
    private let waiting: WaitingBytes
    private let state: Mutex<State>

    /// What is placed; the thread of the run alone changes it.
    private struct State {
        var archive: OpenArchive
        var archiveCount = 1
        /// The archives that are whole and that nobody was told of.
        var written: [WrittenArchive] = []
        var hasFailures = false
        /// The entries of a bundle by content.
        var contents: [Digest: ArchivePlace] = [:]
        /// The samples that were begun, and what is in the one at hand.
        var samples: Set<TextKey> = []
        var sample: String?
        var namesInSample: Set<String> = []
        var samplesInArchive = 0
        var entryCount = 0
        /// What is in the archive at hand.
        var outputsInArchive = 0
        var companionsInArchive = 0
        /// How many bytes the outcome before still has in memory: whoever is told of it may look at them.
        var shownBytes = 0
    }

    /// - Parameters:
    ///   - output: the archive.
    ///   - overwrites: whether it may replace one.
    ///   - digests: which digests the outcomes are to have.
    ///   - cancellation: looked at while bytes are made and copied.
    ///   - check: throws for a path that may not be written.
    ///   - waitingBytes: how many bytes of outputs may wait in memory; more wait in a file.
    /// - Throws: `file.create-failed` when the archive cannot be made, `file.name-collision` when it exists and may not be
    ///   replaced.
    package init(
        _ output: ArchiveOutput, overwrites: Bool, digests: FileDigests.Kinds, cancellation: CancellationFlag?,
        check: @escaping @Sendable (_ path: String) throws(MediaError) -> Void = { _ in },
        waitingBytes: Int = 128 << 20
    ) throws(MediaError) {
        self.output = output
        self.overwrites = overwrites
        self.check = check
        self.digests = output.form == .bundle ? digests.union(.sha256) : digests
        self.cancellation = cancellation
        waiting = WaitingBytes(folder: output.path.splitPath.folder, budget: waitingBytes)
        let path = output.path(of: 0)
        try check(path)
        state = Mutex(State(archive: try OpenArchive(path, overwrites: overwrites)))
    }

    package func write(_ path: String, _ encode: Encoding) throws(MediaError) -> StoredOutput {
        try cancellation?.check()
        let memory = MemorySink()
        let report = try encode(InterruptibleSink.around(memory, cancellation))
        var stored = StoredOutput(report: report)
        stored.digests = unsafe FileDigests(digests, of: memory.bytes.span.bytes)
        try waiting.keep(memory.takeBytes(), for: &stored)
        return stored
    }

    package func commit(_ outcome: inout ConversionOutcome) throws(MediaError) {
        try state.withLock { (state) throws(MediaError) in try commit(&outcome, &state) }
    }

    package func finish() throws(MediaError) {
        try state.withLock { (state) throws(MediaError) in
            // Nothing but failures is no reason to replace what is there.
            guard state.entryCount > 0 || !state.hasFailures else { return }
            try finishArchive(&state)
        }
    }

    /// The archives that have become whole since this was asked last.
    package func takeWritten() -> [WrittenArchive] {
        state.withLock { state in
            defer { state.written = [] }
            return state.written
        }
    }

    private func finishArchive(_ state: inout State) throws(MediaError) {
        let byteCount = try state.archive.finish()
        state.written.append(
            WrittenArchive(
                path: state.archive.path, outputs: state.outputsInArchive, companions: state.companionsInArchive,
                byteCount: byteCount))
        (state.samplesInArchive, state.outputsInArchive, state.companionsInArchive) = (0, 0, 0)
    }

    // MARK: Placing

    private func commit(_ outcome: inout ConversionOutcome, _ state: inout State) throws(MediaError) {
        waiting.releaseMemory(state.shownBytes)
        state.shownBytes = 0
        var placed: [ConversionOutcome.Output] = []
        for output in outcome.outputs {
            var output = output
            do throws(MediaError) {
                output.archivePlace = try place(output, &state)
                placed.append(output)
                state.outputsInArchive += 1
            } catch {
                guard error.isOfName else { throw error }
                outcome.add(error, member: output.member)
            }
        }
        outcome.outputs = placed
        if outcome.input.isCompanion, let entry = outcome.input.entry {
            do throws(MediaError) {
                try begin(entry.name, &state)
                _ = try state.archive.append(entry.name, byteCount: entry.member.byteCount) {
                    (take) throws(MediaError) in
                    try entry.archive.stream(entry.member) { (bytes) throws(MediaError) in
                        try cancellation?.check()
                        try take(bytes)
                    }
                }
                state.entryCount += 1
                state.companionsInArchive += 1
                outcome.copiedPath = entry.name
            } catch {
                guard error.isOfName else { throw error }
                outcome.add(error, member: nil)
            }
        }
        if !outcome.failures.isEmpty { state.hasFailures = true }
    }

    private func place(
        _ output: ConversionOutcome.Output, _ state: inout State
    ) throws(MediaError) -> ArchivePlace {
        defer {
            waiting.releaseFile(output)
            state.shownBytes += output.bytes?.count ?? 0
        }
        let name: String
        switch self.output.form {
        case .samples:
            name = output.path
            try begin(name, &state)
        case .bundle:
            guard let digest = output.digests.sha256 else {
                throw MediaError(.writeFailed, "the digest of \(output.path) is missing")
            }
            if let known = state.contents[digest] { return known }
            name = digest.hex + "." + output.path.splitPath.name.pathEnding
        }
        let offset = try state.archive.append(name, byteCount: output.report.byteCount) { (take) throws(MediaError) in
            try waiting.give(output, to: take)
        }
        state.entryCount += 1
        let place = ArchivePlace(archive: state.archive.name, name: name, offset: offset)
        if self.output.form == .bundle, let digest = output.digests.sha256 { state.contents[digest] = place }
        return place
    }

    /// Makes room for a member of a sample, in the next archive when this one has its samples.
    ///
    /// - Throws: `file.name-collision` when the sample has a member of that name, or was ended before.
    private func begin(_ name: String, _ state: inout State) throws(MediaError) {
        let key = name.sampleKey
        if key != state.sample {
            guard state.samples.insert(TextKey(key)).inserted else {
                throw MediaError(
                    .nameCollision, "its output \(name) belongs to a sample that ended before, others came between",
                    hint: "rename it, or convert it into another archive")
            }
            if case .samples(let most) = output.form, output.isNumbered, state.samplesInArchive >= most {
                try finishArchive(&state)
                let path = output.path(of: state.archiveCount)
                try check(path)
                state.archive = try OpenArchive(path, overwrites: overwrites)
                state.archiveCount += 1
            }
            state.sample = key
            state.namesInSample = []
            state.samplesInArchive += 1
        }
        guard state.namesInSample.insert(name).inserted else {
            throw MediaError(
                .nameCollision, "its output \(name) is in the archive already",
                hint: "rename one of them, or convert them into different archives")
        }
    }
}

/// An archive that is being written; nothing of it is seen before it is whole.
private struct OpenArchive {
    let path: String
    /// Its name without the folder.
    let name: String
    private let sink: FileSink
    private let writer: TARWriter

    init(_ path: String, overwrites: Bool) throws(MediaError) {
        self.path = path
        name = path.splitPath.name
        do throws(MediaError) {
            try FileSystem.makeFolders(path.splitPath.folder)
            sink = try FileSink(path: path, overwrite: overwrites ? .replace : .refuse)
        } catch {
            throw error.whileCreating
        }
        writer = TARWriter(to: sink)
    }

    /// Where its bytes begin.
    func append(_ name: String, byteCount: Int, _ source: TARWriter.Source) throws(MediaError) -> Int {
        try writer.append(name, byteCount: byteCount, source)
    }

    /// Gives it its name, and says how many bytes it has.
    func finish() throws(MediaError) -> Int {
        try writer.finish()
        return try sink.commit().byteCount
    }
}

extension MediaError {
    /// Whether only this output has no place, and the archive is as it was.
    fileprivate var isOfName: Bool { code == .nameCollision || code == .pathInvalid }
}

extension String {
    /// What follows the last dot of a name.
    fileprivate var pathEnding: Substring {
        utf8.lastIndex(of: UInt8(ascii: ".")).map { self[index(after: $0)...] } ?? ""
    }
}
