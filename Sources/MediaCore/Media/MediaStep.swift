/// The place in a run's history that a media object belongs to; a part of its file name.
public enum MediaStep: Sendable, Hashable {
    /// A step of the history.
    case step(Int)
    /// The summary of the run.
    case summary
}

extension MediaStep: CustomStringConvertible {
    /// The part of the file name: the number, or `summary`.
    public var description: String {
        switch self {
        case .step(let number): String(number)
        case .summary: "summary"
        }
    }
}
