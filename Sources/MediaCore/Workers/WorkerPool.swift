/// A fixed number of threads of our own, for work that keeps a processor busy.
///
/// Swift's cooperative threads must never be kept busy for long (timers and cancellation would stop), so everything that
/// encodes in parallel runs here. Threads start when they are first needed and leave when the pool goes. There is no
/// global pool: options of encoders carry one, and sharing one pool everywhere keeps the number of threads bounded.
public final class WorkerPool: Sendable {
    /// How many threads work at the same time in one call, the calling one included.
    public let threadCount: Int

    let threads: WorkerThreads

    /// Creates a pool.
    ///
    /// - Parameter threadCount: How many threads; nil takes the processors that this process may run on. With 1,
    ///   ``runOrdered(count:inFlight:cancellation:makeSlot:work:consume:)`` works on the calling thread alone.
    public init(threadCount: Int? = nil) {
        let count = max(1, threadCount ?? Processors.available)
        self.threadCount = count
        threads = WorkerThreads(limit: count)
    }

    deinit { threads.stop() }
}

extension WorkerPool {
    /// Does `count` items on several threads and hands them over in order.
    ///
    /// `work` fills a slot, `consume` empties it. There are exactly as many slots as items in flight and each is used
    /// again and again, so buffers inside a slot are allocated once. The calling thread does the consuming and takes
    /// part in the work; calls from inside `work` or `consume` are allowed.
    ///
    /// The first error in the order of the items is the one that is thrown, whatever the timing: all items before it
    /// have been consumed then, none after it. Nothing runs any more when this returns or throws.
    ///
    /// - Parameters:
    ///   - count: How many items.
    ///   - inFlight: How many items may be begun and not yet consumed; nil takes twice the number of threads.
    ///   - cancellation: Looked at between items; raising it makes this throw `work.cancelled`.
    ///   - makeSlot: Makes a slot, on the calling thread. Slots must not share mutable state.
    ///   - work: Does item `index`, on any thread.
    ///   - consume: Takes item `index`, on the calling thread. It may not keep parts of the slot that `work` changes.
    public func runOrdered<Slot: ~Copyable>(
        count: Int, inFlight: Int? = nil, cancellation: CancellationFlag? = nil,
        makeSlot: () throws(MediaError) -> sending Slot,
        work: @escaping @Sendable (_ index: Int, _ slot: inout Slot) throws(MediaError) -> Void,
        consume: (_ index: Int, _ slot: inout Slot) throws(MediaError) -> Void
    ) throws(MediaError) {
        guard count > 0 else { return }
        let width = min(count, max(1, inFlight ?? 2 * threadCount))
        guard threadCount > 1, count > 1, width > 1 else {
            var slot = try makeSlot()
            for index in 0..<count {
                try cancellation?.check()
                try work(index, &slot)
                try consume(index, &slot)
            }
            return
        }
        let run = OrderedRun<Slot>(pool: self, width: width, cancellation: cancellation, work: work)
        for _ in 0..<width { run.addSlot(try makeSlot()) }
        var remaining = count
        try run.drive(
            pull: {
                defer { remaining = 0 }
                return remaining
            }, consume: consume)
    }

    /// Does items that come one by one, on several threads, and hands them over in order.
    ///
    /// As ``runOrdered(count:inFlight:cancellation:makeSlot:work:consume:)``; `next` is asked on the calling thread, and
    /// only while there is a free slot, so an endless sequence takes no more memory than its slots.
    ///
    /// - Parameters:
    ///   - next: The next item, or nil at the end. An error counts as the error of that item.
    ///   - inFlight: How many items may be begun and not yet consumed; twice the threads when left out.
    ///   - cancellation: Stops the run between items.
    ///   - makeSlot: Makes what is kept from item to item, such as a buffer.
    ///   - work: Runs on a worker.
    ///   - consume: Runs on the calling thread, in order.
    public func runOrdered<Item: Sendable, Slot: ~Copyable>(
        next: () throws(MediaError) -> Item?, inFlight: Int? = nil, cancellation: CancellationFlag? = nil,
        makeSlot: () throws(MediaError) -> sending Slot,
        work: @escaping @Sendable (_ item: Item, _ slot: inout Slot) throws(MediaError) -> Void,
        consume: (_ item: Item, _ slot: inout Slot) throws(MediaError) -> Void
    ) throws(MediaError) {
        let width = max(1, inFlight ?? 2 * threadCount)
        guard threadCount > 1, width > 1 else {
            var slot: Slot? = nil
            while true {
                try cancellation?.check()
                guard let item = try next() else { return }
                var current = if let made = slot.take() { made } else { try makeSlot() }
                try work(item, &current)
                try consume(item, &current)
                slot = consume current
            }
        }
        let run = OrderedRun<ItemSlot<Item, Slot>>(pool: self, width: width, cancellation: cancellation) {
            (_, pair) throws(MediaError) in try work(pair.item, &pair.slot)
        }
        try run.drive(
            pull: { () throws(MediaError) in
                guard let item = try next() else { return 0 }
                if run.needsSlot {
                    run.addSlot(ItemSlot(item: item, slot: try makeSlot()))
                } else {
                    run.withNextSlot { $0.item = item }
                }
                return 1
            },
            consume: { (_, pair) throws(MediaError) in try consume(pair.item, &pair.slot) })
    }

    /// Does `count` items on several threads and hands their results over in order.
    ///
    /// See ``runOrdered(count:inFlight:cancellation:makeSlot:work:consume:)`` for order, errors and back-pressure. Use that
    /// one where a result is a buffer worth keeping.
    public func runOrdered<Result: Sendable>(
        count: Int, inFlight: Int? = nil, cancellation: CancellationFlag? = nil,
        work: @escaping @Sendable (_ index: Int) throws(MediaError) -> Result,
        consume: (_ index: Int, _ result: Result) throws(MediaError) -> Void
    ) throws(MediaError) {
        try runOrdered(
            count: count, inFlight: inFlight, cancellation: cancellation,
            makeSlot: { () -> Result? in nil },
            work: { (index, slot: inout Result?) throws(MediaError) in slot = try work(index) },
            consume: { (index, slot: inout Result?) throws(MediaError) in
                if let result = slot.take() { try consume(index, result) }
            })
    }
}

/// A slot together with the item that is in it.
private struct ItemSlot<Item, Slot: ~Copyable>: ~Copyable {
    var item: Item
    var slot: Slot
}
