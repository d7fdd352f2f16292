/// What a reader accepts before it refuses a file, checked before memory is taken.
///
/// A header is a claim by a stranger. Every reader compares it with the bytes that are really there and with these
/// limits first. The defaults let everything through that people log, and stop what only an attack or a mistake asks for.
public struct Limits: Sendable, Hashable {
    /// The longest header or directory entry that is parsed, in bytes. safetensors itself stops at 100 MB.
    public var headerBytes = 100_000_000
    /// The most axes of a tensor.
    public var rank = 64
    /// The most members of an archive or entries of a header.
    public var members = 1_000_000
    /// The most bytes that one compressed member may inflate to.
    public var inflatedBytes = 8 << 30
    /// The largest ratio of inflated to compressed size that is believed, for members that inflate to more than
    /// ``trustedInflatedBytes``. Deflate itself cannot pass 1032.
    public var inflationRatio = 400
    /// What a member may inflate to whatever its ratio, in bytes.
    public var trustedInflatedBytes = 256 << 20
    /// The most bytes that are read from standard input or a pipe.
    public var streamedBytes = 8 << 30
    /// The longest side of a picture, in pixels. PNG ends at 2³¹−1; libpng and browsers refuse more than a million.
    public var imageSide = 1_000_000
    /// The most pixels of a picture that is decoded into memory.
    public var imagePixels = 1 << 30
    /// The deepest nesting of a JSON document or of a pickle.
    public var nestingDepth = 128
    /// Files up to this size are read, larger ones are mapped, in bytes. A mapped file that another program cuts short
    /// while it is read ends the process (SIGBUS); `Int.max` reads everything.
    public var mappedFileBytes = 4 << 20

    /// The default limits.
    public init() {}

    /// The default limits.
    public static let `default` = Limits()
}
