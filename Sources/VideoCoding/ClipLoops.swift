import MediaCore

/// How often a clip is shown.
public enum ClipLoops: Sendable, Hashable {
    /// Again and again.
    case forever
    /// So many times, 1…65,536.
    case times(Int)

    /// Checks the number.
    ///
    /// - Throws: `argument.invalid` outside 1…65,536.
    func check() throws(MediaError) {
        guard case .times(let count) = self, !(1...65536).contains(count) else { return }
        throw MediaError(
            .argumentInvalid, "a clip that is shown \(count) times", hint: "use 1 to 65536, or forever",
            at: .init(field: "loops"))
    }
}
