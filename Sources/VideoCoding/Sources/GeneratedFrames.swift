public import ImageCoding
public import MediaCore

/// Frames that a function makes, one when it is asked for.
///
///     let clip = try GeneratedFrames(width: 64, height: 64, format: .rgb, frameRate: FrameRate(30)) { index in
///         index < 100 ? renderer.picture(of: index) : nil
///     }
public struct GeneratedFrames: FrameSource {
    /// How many pixels a row of every frame has.
    public let width: Int
    /// How many rows every frame has.
    public let height: Int
    /// What a pixel of every frame is.
    public let format: PixelFormat
    /// How many frames there are; `nil` when the function says so at the end only.
    public let frameCount: Int?
    /// The duration of one frame.
    public let timeBase: TimeBase
    /// Whether the function makes every frame again when it is asked to.
    public let canRewind: Bool
    /// What is known of the frames.
    public let facts: PixelFacts
    private let make: @Sendable (Int) throws -> (any PixelSource)?

    /// Frames of a function.
    ///
    /// - Parameters:
    ///   - width: pixels in a row of every frame.
    ///   - height: rows of every frame.
    ///   - format: what a pixel of every frame is.
    ///   - frameRate: how many are shown per second.
    ///   - frameCount: how many there are, if known: a `nil` before is an error then.
    ///   - canRewind: whether frames can be asked for again, from the first on.
    ///   - facts: what is known of the frames.
    ///   - make: gets the index, 0, 1, 2, …, and gives back the frame, or `nil` after the last.
    public init(
        width: Int, height: Int, format: PixelFormat, frameRate: FrameRate, frameCount: Int? = nil,
        canRewind: Bool = false, facts: PixelFacts = PixelFacts(),
        _ make: @escaping @Sendable (_ index: Int) throws -> (any PixelSource)?
    ) {
        self.width = width
        self.height = height
        self.format = format
        timeBase = frameRate.frameDuration
        self.frameCount = frameCount
        self.canRewind = canRewind
        self.facts = facts
        self.make = make
    }

    /// The frame at `index`.
    ///
    /// - Throws: `source.failed` with what the function threw, unless that is a ``/MediaCore/MediaError``, which stays what it
    ///   is; `argument.invalid` for a frame of another size or format, and for one that is missing. All name the frame.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0, index < frameCount ?? .max else { return nil }
        let made: (any PixelSource)?
        do {
            made = try make(index)
        } catch let error as MediaError {
            throw error.inField("frames[\(index)]")
        } catch {
            throw MediaError(
                .sourceFailed, "frame \(index) could not be made: \(error)", at: .init(field: "frames[\(index)]"),
                underlying: error)
        }
        guard let frame = made else {
            guard let frameCount else { return nil }
            throw MediaError(
                .argumentInvalid, "there is no frame \(index), \(frameCount) were announced",
                at: .init(field: "frames[\(index)]"))
        }
        try checkFrame(index, frame)
        return frame
    }
}

extension MediaError.Code {
    /// A function of the caller that makes frames failed.
    public static let sourceFailed: Self = "source.failed"
}
