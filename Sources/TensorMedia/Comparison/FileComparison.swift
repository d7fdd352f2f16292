public import ImageCoding
public import MediaCore
public import TensorIO

/// How far two tensors, or two pictures, from two files are apart.
public struct FileComparison: Sendable {
    /// A pair of pictures and how far they are apart.
    public struct Pictures: Sendable {
        /// The pictures.
        public var first: any PixelSource, second: any PixelSource
        /// How far they are apart.
        public var comparison: PictureComparison

        /// Their difference as a picture.
        ///
        /// - Parameter factor: what differences are multiplied with; `nil` takes the largest that clips nothing.
        /// - Throws: what ``/ImageCoding/DifferenceSource/init(_:_:factor:)`` throws.
        public func difference(factor: Int? = nil) throws(MediaError) -> DifferenceSource {
            try DifferenceSource(first, second, factor: factor ?? comparison.brighteningFactor)
        }
    }

    /// What was compared.
    public var firstName: String, secondName: String
    /// The values, when both are tensors of one shape.
    public var values: TensorComparison?
    /// The pictures that were compared, in order; several for batches, none for tensors that are no pictures.
    public var pictures: [Pictures] = []
    /// What was decided to make them comparable, and what was noticed.
    public var notes: [String] = []

    /// Nothing compared yet.
    init(_ firstName: String, _ secondName: String) {
        self.firstName = firstName
        self.secondName = secondName
    }

    /// Whether there is no difference in what was compared.
    public var isIdentical: Bool {
        values.map(\.isIdentical) ?? true && pictures.allSatisfy(\.comparison.isIdentical)
    }
}
