extension MediaError.Code {
    // MARK: Files and sinks

    /// The file does not exist.
    public static let fileNotFound: Self = "file.not-found"
    /// The file exists and cannot be opened or read.
    public static let fileUnreadable: Self = "file.unreadable"
    /// The file, folder or stream cannot be written.
    public static let writeFailed: Self = "file.write-failed"
    /// Two outputs, or an output and an input, would have the same name.
    public static let nameCollision: Self = "file.name-collision"
    /// A path or a key cannot be used as a file name, or would leave its folder.
    public static let pathInvalid: Self = "path.invalid"

    // MARK: Formats

    /// The file ends before the data that its header promises.
    public static let truncated: Self = "format.truncated"
    /// The file breaks the rules of its format.
    public static let malformed: Self = "format.malformed"
    /// The file is sound, but of a kind that is not read or written here.
    public static let unsupported: Self = "format.unsupported"
    /// The content is of another format than the name says, or of none that is known.
    public static let unrecognized: Self = "format.unrecognized"
    /// A checksum in the file does not agree with its data.
    public static let checksumMismatch: Self = "format.checksum"

    // MARK: Values

    /// A size, count or depth is over what `Limits` allows.
    public static let limitExceeded: Self = "limit.exceeded"
    /// A shape cannot be what is asked for: rank, axis lengths, product.
    public static let shapeInvalid: Self = "shape.invalid"
    /// Axes could be read in more than one way, and strictness forbids guessing.
    public static let layoutAmbiguous: Self = "layout.ambiguous"
    /// An element type cannot be used here.
    public static let elementTypeInvalid: Self = "element-type.invalid"
    /// A value is outside its range.
    public static let valueOutOfRange: Self = "value.out-of-range"
    /// A value is NaN or infinite, and strictness forbids replacing it.
    public static let valueNotFinite: Self = "value.not-finite"
    /// The range of values does not say what they mean, and strictness forbids guessing.
    public static let valueRangeGuessed: Self = "value-range.guessed"
    /// An argument or option is wrong, or does not go with another.
    public static let argumentInvalid: Self = "argument.invalid"

    // MARK: Process

    /// The work was cancelled before it was done.
    public static let cancelled: Self = "work.cancelled"
    /// Memory for a checked size could not be had.
    public static let outOfMemory: Self = "memory.exhausted"
    /// A library that this needs is missing or too old.
    public static let libraryMissing: Self = "library.missing"
    /// A library reported a failure of its own.
    public static let libraryFailed: Self = "library.failed"
}
