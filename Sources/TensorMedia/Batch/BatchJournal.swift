import MediaCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps the manifest of a run so that a killed one can be taken up again.
///
/// While the run goes on, lines are appended to a journal beside the manifest, `NAME.journal`, each input's in one write.
/// At the end the manifest is made from the journal and the manifest before, in the order of the inputs, appears under its
/// name whole, and the journal goes. A process that is killed leaves the journal; a torn last line is cut off.
final class BatchJournal: Sendable {
    /// Lines of one input, in one of the two files.
    private struct Place: Sendable {
        var isInManifest: Bool
        var offset: Int
        var count: Int
    }

    private struct State: Sendable {
        /// What each recorded input has, by ``ManifestRecord/key(_:)``; the journal's lines go before the manifest's.
        var recorded: [TextKey: Place] = [:]
        /// What this run has, input after input.
        var lines: [Place] = []
        var end = 0
    }

    private let path: String
    private let options: TextKey
    private let journal: FileDescriptor
    private let manifest: FileDescriptor?
    private let state: Mutex<State>

    /// Opens the journal of the manifest at `path`.
    ///
    /// - Parameters:
    ///   - path: the manifest; its folder exists.
    ///   - options: stands for everything that decides about outputs.
    ///   - resumes: whether records of earlier runs count.
    /// - Throws: `file.write-failed`; `file.in-use` when another process works with this manifest.
    init(path: String, options: TextKey, resumes: Bool) throws(MediaError) {
        self.path = path
        self.options = options
        do throws(MediaError) {
            // What would be in the way at the end is so now. The file without a name goes at once.
            _ = try FileSink(path: path)
        } catch {
            throw error.whileCreating
        }
        let journalPath = path + ".journal"
        do throws(SystemFailure) {
            journal = try .open(journalPath, flags: O_RDWR | O_CREAT, mode: 0o666)
        } catch {
            throw error.error(.createFailed, "open the journal of the manifest", path: journalPath)
        }
        guard flock(journal.number, LOCK_EX | LOCK_NB) == 0 else {
            throw MediaError(
                .inUse, "another run is writing this manifest", hint: "wait for it, or name another with --manifest",
                at: .init(file: path))
        }
        var state = State()
        manifest = resumes ? try? .open(path, flags: O_RDONLY) : nil
        if let manifest { _ = try Self.index(manifest, isManifest: true, path, &state) }
        if resumes { state.end = try Self.index(journal, isManifest: false, journalPath, &state) }
        guard ftruncate(journal.number, off_t(state.end)) == 0 else {
            throw SystemFailure.last.error(.writeFailed, "cut the journal", path: journalPath)
        }
        self.state = Mutex(state)
    }

    /// Whether an input was converted before, and nothing about it has changed: the source, the options, the outputs.
    func isDone(_ input: ConversionInput, outputExists: (_ path: String, _ size: Int64) -> Bool) -> Int? {
        guard let source = ManifestRecord.Source(input) else { return nil }
        let key = ManifestRecord.key(input)
        guard let place = state.withLock({ $0.recorded[key] }), let lines = try? read(place),
            let recorded = RecordedInput(lines), recorded.isAll(of: source, options: options),
            recorded.outputs.allSatisfy({ outputExists($0.path, $0.size) })
        else { return nil }
        return recorded.outputs.count
    }

    /// Takes the next input's outcome.
    func add(_ outcome: ConversionOutcome) throws(MediaError) {
        let key = ManifestRecord.key(outcome.input)
        if outcome.keptOutputs > 0 {
            state.withLock { state in if let place = state.recorded[key] { state.lines.append(place) } }
            return
        }
        let lines = try ManifestRecord.lines(outcome, key: key, source: outcome.source, options: options)
        guard !lines.isEmpty else { return }
        do throws(SystemFailure) {
            let offset = state.withLock { $0.end }
            try unsafe journal.writeAll(lines.span.bytes, at: offset)
            state.withLock { state in
                state.end += lines.count
                state.lines.append(Place(isInManifest: false, offset: offset, count: lines.count))
            }
        } catch {
            throw error.error(.writeFailed, "write the journal", path: path + ".journal")
        }
    }

    /// Makes the manifest and removes the journal.
    func finish() throws(MediaError) {
        let sink = try FileSink(path: path)
        for place in state.withLock({ $0.lines }) { try copy(place, to: sink) }
        _ = try sink.commit()
        try FileSystem.removeFile(path + ".journal")
    }

    private func copy(_ place: Place, to sink: FileSink) throws(MediaError) {
        let lines = try read(place)
        try unsafe sink.write(lines.span.bytes)
    }

    private func read(_ place: Place) throws(MediaError) -> [UInt8] {
        guard let file = place.isInManifest ? manifest : journal else { return [] }
        var bytes = [UInt8](repeating: 0, count: place.count)
        var span = bytes.mutableSpan
        var memory = unsafe span.mutableBytes
        do throws(SystemFailure) {
            guard try file.read(at: place.offset, into: &memory) == place.count else {
                throw SystemFailure(number: EIO)
            }
        } catch {
            throw error.error(.fileUnreadable, "read the manifest", path: path)
        }
        return bytes
    }

    // MARK: Index

    /// What only the first line of an input has; a text in JSON cannot hold it, because its quotes are escaped.
    private static let firstPart = Array(#""part":1,"#.utf8)
    /// No line is longer; what is longer is no line of a manifest.
    private static let longestLine = 1 << 24

    /// Notes which lines belong to which input, and returns where the last whole line ends. What is no record is passed
    /// over: the inputs that it may have stood for are converted again.
    private static func index(
        _ file: FileDescriptor, isManifest: Bool, _ path: String, _ state: inout State
    ) throws(MediaError) -> Int {
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var pending: [UInt8] = []
        var (offset, lineStart) = (0, 0)
        var last: TextKey?
        while true {
            var count = 0
            do throws(SystemFailure) {
                var span = block.mutableSpan
                var memory = unsafe span.mutableBytes
                count = try file.read(at: offset, into: &memory)
            } catch {
                throw error.error(.fileUnreadable, "read the manifest", path: path)
            }
            guard count > 0 else { return lineStart }
            offset += count
            var rest = block[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                pending += rest[..<end]
                let length = pending.count + 1
                let key = Self.key(ofLine: pending)
                if let key {
                    if key == last, !pending.contains(firstPart), var place = state.recorded[key] {
                        place.count += length
                        state.recorded[key] = place
                    } else {
                        state.recorded[key] = Place(isInManifest: isManifest, offset: lineStart, count: length)
                    }
                }
                last = key
                lineStart += length
                pending.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            pending += rest
            guard pending.count <= longestLine else { return lineStart }
        }
    }

    private static func key(ofLine line: [UInt8]) -> TextKey? {
        let front = ManifestPlace.front
        guard line.starts(with: front), line.count > front.count + 32 else { return nil }
        return TextKey(hex: line[front.count..<front.count + 32])
    }
}
