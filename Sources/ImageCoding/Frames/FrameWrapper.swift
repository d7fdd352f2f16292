import MediaCore

/// Frames that are those of another source, but for what is stated.
package protocol FrameWrapper: FrameSource {
    /// The frames as they were.
    var base: any FrameSource { get }
}

extension FrameWrapper {
    package var width: Int { base.width }
    package var height: Int { base.height }
    package var format: PixelFormat { base.format }
    package var frameCount: Int? { base.frameCount }
    package var timeBase: TimeBase { base.timeBase }
    package var canRewind: Bool { base.canRewind }
    package var facts: PixelFacts { base.facts }
    package func time(ofFrame index: Int) -> Int { base.time(ofFrame: index) }
}
