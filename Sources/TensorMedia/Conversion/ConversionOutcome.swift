public import ImageCoding
public import MediaCore
public import TensorIO

/// What became of one input.
public struct ConversionOutcome: Sendable {
    /// One picture that was written.
    public struct Output: Sendable {
        /// The file, below the output folder.
        public var path: String
        /// Which tensor of the input it shows; `nil` when the input is one tensor.
        public var member: String?
        /// The shape of that tensor.
        public var shape: [Int]
        /// The type of its numbers.
        public var elementType: ElementType
        /// What its numbers were taken for.
        public var kind: PictureKind
        /// What was decided, lost and written.
        public var report: EncodingReport

        /// What was decided, in short: `(3, 192, 256) float32, image chw, 256×192 rgb, unit 0…1 inferred`.
        public var summary: String {
            var parts = ["\(describe(shape)) \(elementType)", kind.rawValue]
            if let layout = report.facts.layout { parts[1] += " " + layout }
            parts.append("\(report.width)×\(report.height) \(report.format)")
            if let mapping = report.facts.mapping { parts.append(mapping.description) }
            return parts.joined(separator: ", ")
        }
    }

    /// One tensor or picture that could not be converted.
    public struct Failure: Sendable {
        /// Which tensor of the input; `nil` for the input as a whole.
        public var member: String?
        /// Why.
        public var error: MediaError
    }

    /// The input.
    public var input: ConversionInput
    /// The pictures that were written, in order.
    public var outputs: [Output] = []
    /// What failed.
    public var failures: [Failure] = []
    /// What was noticed about the input as a whole.
    public var findings: [Finding] = []

    /// Nothing yet.
    init(input: ConversionInput) { self.input = input }
}
