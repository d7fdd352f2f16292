public import MediaCore

extension TensorFile {
    /// How files of tensors are read.
    public struct Options: Sendable, Hashable {
        /// What is accepted before a file is refused.
        public var limits = Limits.default
        /// What elements without a type are: NumPy writes `bfloat16` and the 8-bit floats of ml_dtypes as plain bytes
        /// (`<V2`, `<V1`). They are refused while this is `nil`.
        public var voidAs: ElementType?
        /// What the bytes are, when the file has no header: any file is then read as this dump.
        public var raw: RawTensor?
        /// Whether pipes and devices are read to their end.
        public var acceptsStreams = false

        /// Whether the checksums of archives are compared, which reads all bytes of a member.
        public var verifiesChecksums = true

        /// The default options.
        public init() {}
    }
}
