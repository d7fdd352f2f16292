public import MediaCore

/// Frames from an array of pictures, each shown equally long.
public struct ArrayFrames: FrameSource {
    /// The pictures; all of one size and format.
    public let frames: [any PixelSource]
    /// How many are shown per second.
    public let frameRate: FrameRate
    /// How many pixels a row of every frame has.
    public let width: Int
    /// How many rows every frame has.
    public let height: Int
    /// What a pixel of every frame is.
    public let format: PixelFormat

    /// The frames of `pictures`, in order.
    ///
    /// - Throws: `argument.invalid` without pictures, or naming the first that is unlike the first one.
    public init(_ pictures: [any PixelSource], frameRate: FrameRate) throws(MediaError) {
        guard let first = pictures.first else {
            throw MediaError(
                .argumentInvalid, "a clip of no frames", hint: "give at least one", at: .init(field: "frames"))
        }
        frames = pictures
        self.frameRate = frameRate
        width = first.width
        height = first.height
        format = first.format
        for (index, picture) in pictures.enumerated() { try checkFrame(index, picture) }
    }

    /// As many as there are pictures.
    public var frameCount: Int? { frames.count }
    /// The duration of one frame.
    public var timeBase: TimeBase { frameRate.frameDuration }
    /// Always.
    public var canRewind: Bool { true }
    /// What was decided about the first picture.
    public var facts: PixelFacts { frames.first?.facts ?? PixelFacts() }

    /// The picture at `index`, in any order.
    ///
    /// - Throws: `argument.invalid` for a negative index.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0 else {
            throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: "frame"))
        }
        return index < frames.count ? frames[index] : nil
    }
}
