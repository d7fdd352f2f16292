import Synchronization

/// A flag that one thread raises and others look at now and then, to stop work that is not wanted any more.
public final class CancellationFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    /// Creates a flag that is not raised.
    public init() {}

    /// Raises the flag, for good. Safe in a signal handler's helper thread, and any number of times.
    public func cancel() { raised.store(true, ordering: .relaxed) }

    /// Whether the flag was raised.
    public var isCancelled: Bool { raised.load(ordering: .relaxed) }

    /// Throws `work.cancelled` when the flag was raised.
    public func check() throws(MediaError) {
        if isCancelled { throw .cancelled }
    }
}

extension MediaError {
    /// The work was cancelled.
    package static var cancelled: MediaError { MediaError(.cancelled, "the work was cancelled before it was done") }
}
