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
    }

    private let done = Atomic<Int>(0)
    private let total: Atomic<Int>
    private let failures = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    /// Creates a progress over `total` items; more can be announced later.
    public init(total: Int = 0) { self.total = Atomic(total) }

    /// Announces further items.
    public func expect(_ count: Int) { total.add(count, ordering: .relaxed) }

    /// Counts an item that was finished and the bytes that it made.
    public func finished(bytes count: Int = 0) {
        bytes.add(count, ordering: .relaxed)
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
            failures: failures.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed))
    }
}
