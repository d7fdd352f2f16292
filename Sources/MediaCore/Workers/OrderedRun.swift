/// One call of ``WorkerPool/runOrdered(count:inFlight:cancellation:makeSlot:work:consume:)``: a ring of slots, the
/// window of items that may be in them, and who is at work.
///
/// Item `i` lives in slot `i % width`. Items are claimed in order, so when one fails, all before it are claimed already
/// and will end: that is what makes the first error in order independent of the timing. Helpers never wait here; when
/// nothing can be claimed they go back to the pool, and are called again when a slot becomes free. The calling thread
/// works itself while its next result is missing, so a run makes progress even when no helper ever comes.
@safe final class OrderedRun<Slot: ~Copyable>: WorkerJob, @unchecked Sendable {
    private enum State {
        case free, running, done
        case failed(MediaError)
    }

    private let threads: WorkerThreads
    private let cancellation: CancellationFlag?
    private let helperLimit: Int
    private let width: Int
    private let slots: UnsafeMutablePointer<Slot>
    private let monitor = Monitor()
    // Guarded by `monitor`, except that a slot belongs to whoever claimed its item.
    private var work: (@Sendable (Int, inout Slot) throws(MediaError) -> Void)?
    private var slotCount = 0
    private var states: [State]
    private var announced = 0
    private var claimed = 0
    private var consumed = 0
    /// Helpers in the pool's line or at work.
    private var helpers = 0
    /// Whether nothing more is begun: after a failure, a cancellation or at the end.
    private var isClosed = false

    init(
        pool: WorkerPool, width: Int, cancellation: CancellationFlag?,
        work: @escaping @Sendable (Int, inout Slot) throws(MediaError) -> Void
    ) {
        threads = pool.threads
        helperLimit = min(pool.threadCount, width) - 1
        self.width = width
        self.cancellation = cancellation
        self.work = work
        states = Array(repeating: .free, count: width)
        unsafe slots = .allocate(capacity: width)
    }

    deinit {
        unsafe slots.deinitialize(count: slotCount)
        unsafe slots.deallocate()
    }

    /// Adds one of the slots; on the calling thread, before the item that needs it is announced.
    func addSlot(_ slot: consuming Slot) {
        unsafe (slots + slotCount).initialize(to: slot)
        slotCount += 1
    }

    /// Whether the slot of the next item to announce still has to be made.
    var needsSlot: Bool { slotCount == announced && slotCount < width }

    /// Lends the slot of the next item to announce; on the calling thread, when that slot exists.
    func withNextSlot(_ body: (inout Slot) -> Void) { unsafe body(&slots[announced % width]) }

    /// Runs everything on the calling thread and its helpers.
    ///
    /// - Parameters:
    ///   - pull: Called while there is a free slot; says how many further items can be begun, 0 at the end. They may be
    ///     more than there are slots when they need nothing that is put into a slot first.
    ///   - consume: Takes the items in order.
    func drive(
        pull: () throws(MediaError) -> Int, consume: (Int, inout Slot) throws(MediaError) -> Void
    ) throws(MediaError) {
        var failure: MediaError?
        var isExhausted = false
        monitor.lock()
        while true {
            if !isExhausted, announced < consumed + width {
                if cancellation?.isCancelled == true {
                    failure = .cancelled
                    break
                }
                monitor.unlock()
                var count = 0
                do throws(MediaError) { count = try pull() } catch { failure = error }
                monitor.lock()
                announced += count
                isExhausted = count == 0
                callHelpers()
                continue
            }
            // An error of `pull` counts after those of the items before it.
            guard consumed < announced else { break }
            if cancellation?.isCancelled == true {
                failure = .cancelled
                break
            }
            let position = consumed % width
            switch states[position] {
            case .failed(let error):
                failure = error
            case .done:
                monitor.unlock()
                var refused: MediaError?
                do throws(MediaError) {
                    try unsafe consume(consumed, &slots[position])
                } catch {
                    refused = error
                }
                monitor.lock()
                if let refused {
                    failure = refused
                    break
                }
                states[position] = .free
                consumed += 1
                callHelpers()
                continue
            case .free, .running:
                if let index = claim() { perform(index) } else { monitor.wait() }
                continue
            }
            break
        }
        isClosed = true
        monitor.unlock()
        finish()
        if let failure { throw failure }
    }

    /// Lends a hand from a worker thread.
    func help() {
        monitor.lock()
        while cancellation?.isCancelled != true, let index = claim() { perform(index) }
        helpers -= 1
        if isClosed { monitor.signal() }
        monitor.unlock()
    }

    /// Waits for the helpers and gives up everything that belongs to the caller.
    private func finish() {
        let withdrawn = threads.withdraw(self)
        monitor.lock()
        helpers -= withdrawn
        while helpers > 0 { monitor.wait() }
        // A worker may hold the last reference for a moment longer: what the caller made goes now.
        let count = slotCount
        slotCount = 0
        work = nil
        monitor.unlock()
        unsafe slots.deinitialize(count: count)
    }

    /// The next item to begin, when there is one and a slot for it. Under the lock.
    private func claim() -> Int? {
        guard !isClosed, claimed < min(announced, consumed + width) else { return nil }
        defer { claimed += 1 }
        states[claimed % width] = .running
        return claimed
    }

    /// Does an item. Under the lock, which is given up meanwhile.
    private func perform(_ index: Int) {
        guard let work else { return }
        let position = index % width
        monitor.unlock()
        var outcome = State.done
        do throws(MediaError) { try unsafe work(index, &slots[position]) } catch { outcome = .failed(error) }
        monitor.lock()
        states[position] = outcome
        if case .failed = outcome { isClosed = true }
        if index == consumed { monitor.signal() }
    }

    /// Calls as many helpers as there are items to begin. Under the lock.
    private func callHelpers() {
        guard !isClosed else { return }
        let items = min(announced, consumed + width) - claimed
        for _ in 0..<max(0, min(items, helperLimit - helpers)) where threads.enqueue(self) { helpers += 1 }
    }
}
