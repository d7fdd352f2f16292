import ImageCoding
import MediaCore
import Synchronization

/// Frames that come once, of which one is kept when it passes by, so that a stream of any length has a poster and is read
/// once.
final class KeptFrame: FrameWrapper {
    let base: any FrameSource
    private let index: Int
    private let seen = Mutex<(count: Int, picture: (any PixelSource)?)>((0, nil))

    /// - Parameter index: the frame that is kept.
    init(_ index: Int, of base: any FrameSource) {
        self.base = base
        self.index = index
    }

    func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard let frame = try base.frame(index) else { return nil }
        seen.withLock { seen in
            seen.count = index + 1
            if index == self.index { seen.picture = frame }
        }
        return frame
    }

    /// The frame that was kept; before any frame was asked for, as when a run is only planned, a blank one.
    ///
    /// - Throws: `argument.invalid` when it did not pass by.
    func picture() throws(MediaError) -> any PixelSource {
        let (count, picture) = seen.withLock { ($0.count, $0.picture) }
        if let picture { return picture }
        guard count > 0 else { return try base.blankFrame() }
        throw MediaError(
            .argumentInvalid, "\(count) frame\(count == 1 ? " was" : "s were") read, there is no frame \(index)",
            hint: "frames count from 0; those behind the end of the clip are not read", at: .init(field: "poster"))
    }
}
