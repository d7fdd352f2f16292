public import MediaCore

/// How many pixels a picture has in each direction: what fractions of it are fractions of.
public struct ImageSize: Sendable, Hashable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int

    /// The most pixels that a side can have; PNG ends there too.
    static let longestSide = 1 << 31 - 1

    /// A size of at least one pixel.
    ///
    /// - Throws: `argument.invalid` for a side that is not in 1…2³¹−1.
    public init(width: Int, height: Int) throws(MediaError) {
        for (side, field) in [(width, "width"), (height, "height")] where !(1...Self.longestSide).contains(side) {
            throw MediaError(
                .argumentInvalid, "an image cannot have a \(field) of \(side) pixels", hint: "give the size in pixels",
                at: .init(field: field))
        }
        self.width = width
        self.height = height
    }

    /// The size of the pictures that a source gives.
    ///
    /// - Throws: `argument.invalid` for a source without pixels.
    public init(_ source: some PixelSource) throws(MediaError) {
        try self.init(width: source.width, height: source.height)
    }
}

extension ImageSize: CustomStringConvertible {
    /// `640×480`.
    public var description: String { "\(width)×\(height)" }
}
