import ImageCoding
import MediaCore

/// Frames that are counted as an encoder asks for them.
struct CountedFrames: FrameSource {
    let base: any FrameSource
    let progress: Progress?

    var width: Int { base.width }
    var height: Int { base.height }
    var format: PixelFormat { base.format }
    var frameCount: Int? { base.frameCount }
    var timeBase: TimeBase { base.timeBase }
    var canRewind: Bool { base.canRewind }
    var facts: PixelFacts { base.facts }

    func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        let frame = try base.frame(index)
        // The one before is on its way.
        if index > 0 { progress?.finished() }
        return frame
    }

    func time(ofFrame index: Int) -> Int { base.time(ofFrame: index) }
}
