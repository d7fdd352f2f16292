/// Memory of a frame for a video encoder, borrowed from whoever owns it: luma, two planes of chroma, and opacity if wanted.
///
/// Unchecked: the memory has to be there for as long as the value is used, and hold every row of the size that
/// ``YUVRenderer`` states. Strides are bytes from a row to the next.
@safe
public struct YUVPlanes {
    /// Luma: ``YUVRenderer/codedHeight`` rows of ``YUVRenderer/codedWidth`` bytes.
    public var y: UnsafeMutablePointer<UInt8>
    /// Blueness: as many rows, or half of them with half the bytes under 4:2:0.
    public var u: UnsafeMutablePointer<UInt8>
    /// Redness, like blueness.
    public var v: UnsafeMutablePointer<UInt8>
    /// Opacity, of the size of luma; full range, 255 is opaque. `nil` where nobody asks for it.
    public var alpha: UnsafeMutablePointer<UInt8>?
    /// Bytes from a row of luma to the next.
    public var yStride: Int
    /// Bytes from a row of chroma to the next, in both planes.
    public var chromaStride: Int
    /// Bytes from a row of opacity to the next.
    public var alphaStride: Int

    /// Borrows memory.
    public init(
        y: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>,
        alpha: UnsafeMutablePointer<UInt8>? = nil, yStride: Int, chromaStride: Int, alphaStride: Int = 0
    ) {
        unsafe self.y = y
        unsafe self.u = u
        unsafe self.v = v
        unsafe self.alpha = alpha
        self.yStride = yStride
        self.chromaStride = chromaStride
        self.alphaStride = alphaStride
    }
}
