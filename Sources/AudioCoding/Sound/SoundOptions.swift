public import MediaCore
public import TensorIO

/// How a tensor becomes a sound.
public struct SoundOptions: Sendable, Hashable {
    /// What the axes mean; `nil` takes `t` of one axis, and of two `tc`, or `ct` where the shape leaves no doubt
    /// (``Sound`` says when).
    public var layout: SoundLayout?
    /// Whose rules decide: ours, or those of a wandb version.
    public var compatibility: Compatibility = .standard

    /// The defaults.
    public init() {}

    /// The defaults with some changes: `SoundOptions { $0.layout = .ct }`.
    public init(_ change: (inout SoundOptions) -> Void) {
        self.init()
        change(&self)
    }
}

/// What was decided about a sound when it was made.
public struct SoundFacts: Sendable, Hashable {
    /// The layout in which a tensor's axes were read; `nil` for what is no tensor.
    public var layout: SoundLayout?
    /// Whether the layout follows from the shape because nobody stated it.
    public var layoutWasInferred = false
    /// The type of the numbers; `nil` where they have none of their own.
    public var elementType: ElementType?
    /// The rate before the sound was brought to another, in hertz; `nil` where it has its own.
    public var originalRate: Int?
    /// Guesses, to be reported or, under ``/MediaCore/Strictness/strict``, refused.
    public var findings: [Finding] = []

    /// No facts.
    public init() {}
}
