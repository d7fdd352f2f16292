extension WorkerPool {
    /// Runs `body` on a thread of the pool, so that Swift's cooperative threads stay free, and waits for it.
    ///
    /// `body` gets a flag that is raised when the surrounding task is cancelled; hand it on, or look at it now and then.
    /// A task that is cancelled before `body` begins throws `work.cancelled` without running it.
    ///
    /// - Throws: What `body` throws, with its type kept; `work.cancelled`.
    public func async<R: Sendable>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: @escaping @Sendable (_ cancellation: CancellationFlag) throws(MediaError) -> R
    ) async throws(MediaError) -> R {
        let cancellation = CancellationFlag()
        let result: Result<R, MediaError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = SingleRun {
                    do throws(MediaError) {
                        try cancellation.check()
                        continuation.resume(returning: .success(try body(cancellation)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
                // A machine without a thread to spare: late is better than never.
                if !threads.enqueue(job) { job.help() }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }
}

/// A closure that stands in the pool's line once.
private final class SingleRun: WorkerJob {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func help() { body() }
}
