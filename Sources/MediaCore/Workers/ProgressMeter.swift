/// How fast a piece of work goes on and how long it will take, from looks at its ``Progress`` now and then.
///
/// Recent looks count most: half of the weight is on about the last ten seconds, so that a run that became slower says so.
public struct ProgressMeter: Sendable {
    /// What the counts were at the last look.
    public private(set) var snapshot: Progress.Snapshot
    /// When that was, in seconds since the beginning.
    public private(set) var seconds = 0.0
    /// The sums of weighted items and bytes, and of the weighted time they took.
    private var items = 0.0, bytes = 0.0, time = 0.0

    /// After this many seconds a look counts less by a factor of e.
    private static let memory = 15.0

    /// Begins at time 0, with what was done before: that does not count as speed.
    public init(_ snapshot: Progress.Snapshot) { self.snapshot = snapshot }

    /// Notes the counts at `seconds` since the beginning; an earlier time than before is ignored.
    public mutating func update(_ snapshot: Progress.Snapshot, seconds: Double) {
        let step = seconds - self.seconds
        guard step > 0 else { return }
        let kept = Self.memory / (Self.memory + step)
        let worked = (snapshot.done - snapshot.kept) - (self.snapshot.done - self.snapshot.kept)
        items = items * kept + Double(worked)
        bytes = bytes * kept + Double(snapshot.bytes - self.snapshot.bytes)
        time = time * kept + step
        self.snapshot = snapshot
        self.seconds = seconds
    }

    /// Items finished in a second; 0 before the first look.
    public var itemsPerSecond: Double { time > 0 ? max(0, items) / time : 0 }

    /// Bytes written in a second; 0 before the first look.
    public var bytesPerSecond: Double { time > 0 ? max(0, bytes) / time : 0 }

    /// How long the rest will take at this speed, in seconds; `nil` while nothing is finished.
    public var secondsLeft: Double? {
        let rate = itemsPerSecond
        guard rate > 0 else { return nil }
        return Double(max(0, snapshot.total - snapshot.done)) / rate
    }

    /// What part is done, 0…1; 0 when nothing was announced.
    public var fraction: Double {
        snapshot.total > 0 ? min(1, max(0, Double(snapshot.done) / Double(snapshot.total))) : 0
    }
}
