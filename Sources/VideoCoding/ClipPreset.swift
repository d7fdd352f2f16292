/// How much time an encoder of moving pictures takes, and for what.
public enum ClipPreset: String, Sendable, Hashable, CaseIterable {
    /// The least time.
    case fastest
    /// A good picture for a little time. The default.
    case balanced
    /// The smallest file.
    case smallest
    /// The best picture, for time and bytes.
    case best
}
