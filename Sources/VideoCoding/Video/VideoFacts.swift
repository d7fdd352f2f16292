/// What was decided about the video of a file.
public struct VideoFacts: Sendable, Hashable {
    /// How frames are compressed.
    public var codec: VideoCodec
    /// The size that is compressed: under 4:2:0 even, with the last column or row of the picture repeated.
    public var codedWidth: Int, codedHeight: Int
    /// By how much frames are enlarged; 1 for as they were.
    public var scale: Int
    /// Which colours the numbers stand for; `nil` for RGB.
    public var matrix: YUVMatrix?
    /// How many pixels share their chroma.
    public var subsampling: YUVSubsampling
    /// Whether opacity is kept.
    public var keepsAlpha: Bool
    /// How many threads the codec used.
    public var threads: Int

    /// Creates facts.
    public init(
        codec: VideoCodec, codedWidth: Int, codedHeight: Int, scale: Int = 1, matrix: YUVMatrix?,
        subsampling: YUVSubsampling = .quarter, keepsAlpha: Bool = false, threads: Int = 1
    ) {
        self.codec = codec
        self.codedWidth = codedWidth
        self.codedHeight = codedHeight
        self.scale = scale
        self.matrix = matrix
        self.subsampling = subsampling
        self.keepsAlpha = keepsAlpha
        self.threads = threads
    }

    /// `h264`, with what is unusual: `vp9 4:4:4`, `h264 RGB`, `vp9 with opacity`, `h264 on 4 threads`.
    public var summary: String {
        var text = codec.rawValue
        if matrix == nil { text += " RGB" } else if subsampling == .none { text += " 4:4:4" }
        if keepsAlpha { text += " with opacity" }
        if threads > 1 { text += " on \(threads) threads" }
        return text
    }
}
