public import ImageCoding
public import MediaCore

/// What is measured, and for how long.
public struct BenchmarkOptions: Sendable {
    /// The kinds of files that encoders are compared in.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// Lossless.
        case png
        /// Lossy; for pictures of 8-bit gray or rgb.
        case jpeg
    }

    /// The kinds of files.
    public var formats = Format.allCases
    /// Our presets.
    public var presets = EncodingPreset.allCases
    /// The levels of processor instructions that our encoders run at; each is one of ``/MediaCore/CPULevel/available``.
    public var levels = CPULevel.available
    /// How often each contestant runs per picture, at least 1; the best counts.
    public var rounds = 5
    /// How long the whole may take, in seconds. When it gets short there are fewer rounds, then fewer pictures; one picture
    /// is measured in any case, in one round.
    public var seconds = 60.0
    /// The most pictures that are measured, at least 1.
    public var sample = 50
    /// Whether libpng, libjpeg-turbo, Pillow and OpenCV are measured too.
    public var measuresRivals = true
    /// The interpreter in which Pillow and OpenCV are looked for; `nil` takes the first `python3` in PATH.
    public var python: String?
    /// How long the interpreter may take for one answer beside a second per megabyte of pixels, in seconds.
    public var answerSeconds = 30.0

    /// The defaults.
    public init() {}

    /// Throws `argument.invalid` unless there is something to measure.
    func check() throws(MediaError) {
        let wrong: (String, String)? =
            if rounds < 1 {
                ("\(rounds) rounds", "use 1 or more")
            } else if sample < 1 {
                ("a sample of \(sample) pictures", "use 1 or more")
            } else if !(seconds > 0) || !(answerSeconds > 0) {
                ("no time at all", "use more than 0 seconds")
            } else if let level = levels.first(where: { !CPULevel.available.contains($0) }) {
                (
                    "this machine has no \(level.rawValue)",
                    "choose from \(CPULevel.available.map(\.rawValue).joined(separator: ", "))"
                )
            } else if formats.isEmpty || presets.isEmpty || levels.isEmpty {
                ("there is no encoder to measure", "name a format, a preset and a level")
            } else {
                nil
            }
        if let (message, hint) = wrong { throw MediaError(.argumentInvalid, message, hint: hint) }
    }
}
