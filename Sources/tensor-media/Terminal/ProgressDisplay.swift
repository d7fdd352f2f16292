import Synchronization
import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Shows how far a run is, beside what else the program says.
///
/// The bar is the last line of the terminal. Lines that are written meanwhile wait for its next turn, ten times a second:
/// then the bar is erased, they are written, and it is drawn again below them. Nothing is torn, and a thousand lines in a
/// second cost ten redraws.
final class ProgressDisplay: Sendable {
    private let style: ProgressStyle
    private let progress: Progress
    /// Counts the frames of clips.
    let frames = Progress()
    /// Whether the frames of one clip are what is counted, instead of inputs.
    private let countsFrames: Bool
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    private struct State {
        var meter: ProgressMeter
        var frames: ProgressMeter
        var isDrawn = false
        var waiting: [(descriptor: Int32, text: String)] = []
        /// When the next plain line or JSON object is due, in seconds since the start.
        var due: Double
        var ticker: Ticker?
        var thread: pthread_t?
        var hasEnded = false
    }

    /// How often the bar is drawn, and how often JSON is written, in milliseconds.
    private static let barInterval: Int32 = 100
    private static let jsonInterval = 0.25

    init(_ style: ProgressStyle, total: Int, countsFrames: Bool = false) {
        self.style = style
        self.countsFrames = countsFrames
        progress = Progress(total: total)
        let due: Double =
            switch style {
            case .plain(let interval, _): interval
            case .json: Self.jsonInterval
            case .bar, .none: 0
            }
        state = Mutex(
            State(
                meter: ProgressMeter(progress.snapshot), frames: ProgressMeter(frames.snapshot), due: due))
    }

    /// Whether programs read standard error, so that people's lines have no place there.
    var ownsStandardError: Bool { style == .json(STDERR_FILENO) }

    /// Begins to show.
    func begin(output: String) {
        guard style != .none else { return }
        if case .json = style { send(.begin(inputs: progress.snapshot.total, output: output)) }
        guard let ticker = Ticker(milliseconds: Self.barInterval, { [self] in tick() }) else { return }
        let thread = ticker.start()
        state.withLock { state in
            state.ticker = ticker
            state.thread = thread
        }
    }

    /// Counts an input and says what became of it.
    func take(_ outcome: ConversionOutcome) {
        if case .json = style {
            for output in outcome.outputs { send(.output(outcome.input, output)) }
            for failure in outcome.failures { send(.failure(input: outcome.input.path, failure.error)) }
        }
        if outcome.keptOutputs > 0, outcome.outputs.isEmpty, outcome.failures.isEmpty { return progress.wasKept() }
        let bytes = outcome.outputs.reduce(0) { $0 + $1.report.byteCount }
        progress.finished(bytes: bytes, hasFailed: !outcome.failures.isEmpty)
    }

    /// Says that an archive is in place.
    func take(_ archive: WrittenArchive) { send(.archive(archive)) }

    /// Stops to draw; what comes is written as it comes.
    func stop() {
        let (ticker, thread) = state.withLock { state in
            defer { (state.ticker, state.thread) = (nil, nil) }
            return (state.ticker, state.thread)
        }
        ticker?.stop(thread)
        state.withLock { state in
            state.hasEnded = true
            erase(&state)
            Self.flush(&state)
            state.meter.update(progress.snapshot, seconds: seconds)
            state.frames.update(frames.snapshot, seconds: seconds)
            if case .plain(_, true) = style {
                _ = Terminal.write("tensor-media: \(text(state).line)\n", to: STDERR_FILENO)
            }
        }
    }

    /// Says how the run ended, to programs.
    func end(outputs: Int, status: Int32) {
        guard case .json = style else { return }
        send(.end(state.withLock(\.meter), outputs: outputs, status: status))
    }

    /// Writes a line that belongs to somebody else; gives back `errno`, or 0.
    func write(_ text: String, to descriptor: Int32) -> Int32 {
        // Standard output that is no terminal is not in the way of the bar, and must say at once that it failed.
        guard style == .bar, Terminal.isTerminal(descriptor) else { return Terminal.write(text, to: descriptor) }
        return state.withLock { state in
            if state.hasEnded { return Terminal.write(text, to: descriptor) }
            state.waiting.append((descriptor, text))
            return 0
        }
    }

    /// Writes an event, whole, unless nobody reads any more.
    func send(_ event: ProgressEvent) {
        guard case .json(let descriptor) = style, let text = try? JSONWriter.string(event.json) else { return }
        state.withLock { _ in _ = Terminal.write(text + "\n", to: descriptor) }
    }

    // MARK: Drawing

    private var seconds: Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    private func tick() {
        let now = seconds
        let event: ProgressEvent? = state.withLock { state in
            state.meter.update(progress.snapshot, seconds: now)
            state.frames.update(frames.snapshot, seconds: now)
            switch style {
            case .none: break
            case .bar: draw(&state)
            case .plain(let interval, _):
                guard now >= state.due else { return nil }
                // After a minute six times as rare: logs are long enough.
                state.due = now + (now < 60 ? interval : 6 * interval)
                _ = Terminal.write("tensor-media: \(text(state).line)\n", to: STDERR_FILENO)
            case .json:
                guard now >= state.due else { return nil }
                state.due = now + Self.jsonInterval
                return .progress(state.meter)
            }
            return nil
        }
        if let event { send(event) }
    }

    private func text(_ state: State) -> ProgressText {
        countsFrames
            ? ProgressText(state.frames, unit: "frames") : ProgressText(state.meter, frames: state.frames)
    }

    private func draw(_ state: inout State) {
        // The last column stays free: some terminals go to the next line after it.
        let width = Terminal.size(STDERR_FILENO).columns - 1
        let text = text(state).bar(width: width, hasColors: Terminal.hasColors)
        if !state.waiting.isEmpty {
            erase(&state)
            Self.flush(&state)
        }
        // Sent to the background, the program leaves the last line to whoever has the terminal.
        guard Terminal.isInForeground(STDERR_FILENO) else { return }
        _ = Terminal.write("\r\(text)\u{1B}[K", to: STDERR_FILENO)
        state.isDrawn = true
    }

    private func erase(_ state: inout State) {
        guard state.isDrawn else { return }
        state.isDrawn = false
        guard Terminal.isInForeground(STDERR_FILENO) else { return }
        _ = Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
    }

    /// Writes the waiting lines in their order, those for one descriptor at once.
    private static func flush(_ state: inout State) {
        var start = 0
        while start < state.waiting.count {
            let descriptor = state.waiting[start].descriptor
            let end = state.waiting[start...].firstIndex { $0.descriptor != descriptor } ?? state.waiting.count
            _ = Terminal.write(state.waiting[start..<end].map(\.text).joined(), to: descriptor)
            start = end
        }
        state.waiting.removeAll(keepingCapacity: true)
    }
}
