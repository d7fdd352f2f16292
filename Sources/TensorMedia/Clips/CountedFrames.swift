import ImageCoding
import MediaCore

/// Frames that are counted as an encoder asks for them.
struct CountedFrames: FrameWrapper {
    let base: any FrameSource
    let progress: Progress?

    func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        let frame = try base.frame(index)
        // The one before is on its way.
        if index > 0 { progress?.finished() }
        return frame
    }
}
