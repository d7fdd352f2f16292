import ImageCoding
import MediaCore
import Synchronization

/// A decoder at work on one file, which goes from frame to frame. The shelf's lock keeps it to one thread at a time.
protocol FrameSession: AnyObject, Sendable {
    /// How many frames have been decoded.
    var decoded: Int { get }

    /// Decodes the next frame.
    func decodeNext() throws(MediaError)

    /// The pixels of the frame that was decoded last.
    func picture() throws(MediaError) -> PackedPixels
}

/// Keeps a decoder at the frame that it has come to, for whoever asks for the next, or for the same again.
final class FrameShelf<Session: FrameSession>: Sendable {
    private let session = Mutex<Session?>(nil)

    /// The frame at `index`; one before the last that was asked for is decoded from the beginning.
    ///
    /// - Parameter open: begins with the first frame of the file.
    func frame(_ index: Int, open: () throws(MediaError) -> Session) throws(MediaError) -> PackedPixels {
        // The mutex passes no typed errors.
        let result = session.withLock { (session: inout Session?) -> Result<PackedPixels, MediaError> in
            do throws(MediaError) {
                let work: Session
                if let current = session, current.decoded <= index + 1 { work = current } else { work = try open() }
                // Nothing can be decoded behind damage: what fails is not kept.
                session = nil
                while work.decoded <= index { try work.decodeNext() }
                let picture = try work.picture()
                session = work
                return .success(picture)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
