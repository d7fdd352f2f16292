public import ImageCoding
package import MediaCore

/// The frames of a file: those of a GIF, or of an mp4, webm or ogg.
public protocol ClipDecoder: FrameSource {
    /// The frames per second, when all frames last equally long.
    var frameRate: FrameRate? { get }
}

extension ClipDecoder {
    /// The rate of the frames, or the mean of rates that differ.
    package var meanRate: FrameRate {
        get throws(MediaError) {
            if let frameRate { return frameRate }
            let count = frameCount ?? 0
            let seconds = Double(time(ofFrame: count)) * timeBase.seconds
            return try FrameRate(Double(max(1, count)) / max(seconds, timeBase.seconds))
        }
    }
}

extension GIFDecoder: ClipDecoder {
    /// The frames per second, when all frames last equally long.
    public var frameRate: FrameRate? { file.frameRate }
}

extension VideoDecoder: ClipDecoder {
    /// The frames per second, when all frames last equally long.
    public var frameRate: FrameRate? { file.frameRate }
}

extension ClipFormat {
    /// What kind of file of frames these bytes are, if libav or giflib reads such frames; `nil` for others.
    package static func readable(_ contents: FileContents) -> ClipFormat? {
        let format = contents.withBytes(ClipFormat.of)
        return format == .apng ? nil : format
    }

    /// Opens the frames of a file of this kind.
    ///
    /// - Throws: what ``GIFDecoder/init(_:limits:)`` or ``VideoDecoder/init(_:limits:)`` throws.
    package func decoder(of contents: FileContents, limits: Limits) throws(MediaError) -> any ClipDecoder {
        if self == .gif { return try GIFDecoder(contents, limits: limits) }
        return try VideoDecoder(contents, limits: limits)
    }
}
