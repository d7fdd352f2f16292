import Synchronization

/// How far a piece of work is: counted by many threads, looked at by one that shows it.
public final class Progress: Sendable {
    /// The counts at one moment; each is right, and together they may be a moment apart.
    public struct Snapshot: Sendable, Hashable {
        /// Items that are finished, failed ones included.
        public var done: Int
        /// Items there will be, as far as known.
        public var total: Int
        /// Items that failed.
        public var failures: Int
        /// Bytes that were written.
        public var bytes: Int
        /// Items among the finished ones that took no work, because they were done before.
        public var kept: Int

        /// Creates counts.
        public init(done: Int, total: Int, failures: Int, bytes: Int, kept: Int = 0) {
            self.kept = kept
            self.done = done
            self.total = total
            self.failures = failures
            self.bytes = bytes
        }
    }

    private let done = Atomic<Int>(0)
    private let total: Atomic<Int>
    private let failures = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let kept = Atomic<Int>(0)

    /// Creates a progress over `total` items; more can be announced later.
    public init(total: Int = 0) { self.total = Atomic(total) }

    /// Announces further items.
    public func expect(_ count: Int) { total.add(count, ordering: .relaxed) }

    /// Counts an item that was finished and the bytes that it made.
    public func finished(bytes count: Int = 0) {
        bytes.add(count, ordering: .relaxed)
        done.add(1, ordering: .relaxed)
    }

    /// Counts an item that was finished, or of which something failed, and the bytes that it made.
    public func finished(bytes count: Int, hasFailed: Bool) {
        if hasFailed { failures.add(1, ordering: .relaxed) }
        finished(bytes: count)
    }

    /// Counts an item that was done before: it is finished, and says nothing about speed.
    public func wasKept() {
        kept.add(1, ordering: .relaxed)
        done.add(1, ordering: .relaxed)
    }

    /// Counts an item that failed.
    public func failed() {
        failures.add(1, ordering: .relaxed)
        done.add(1, ordering: .relaxed)
    }

    /// The counts now.
    public var snapshot: Snapshot {
        Snapshot(
            done: done.load(ordering: .relaxed), total: total.load(ordering: .relaxed),
            failures: failures.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed),
            kept: kept.load(ordering: .relaxed))
    }
}
