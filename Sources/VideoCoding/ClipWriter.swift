public import ImageCoding
public import MediaCore

/// A file of moving pictures that is being written, frame by frame.
///
/// A writer belongs to one thread at a time. After an error nothing can be added, and the file is not finished.
public protocol ClipWriter: AnyObject {
    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: of the size and format that was said.
    ///   - end: when it ends, in units of the time base, counted from the beginning of the clip.
    func append(_ frame: any PixelSource, endingAt end: Int) throws(MediaError)

    /// Writes what waits, and the end of the file.
    func finish() throws(MediaError) -> ClipReport
}

extension ClipWriter {
    /// Adds all frames of a source, and finishes the file.
    ///
    /// - Throws: what the source, ``append(_:endingAt:)`` and ``finish()`` throw. An error that names no place, such as one
    ///   of the sink, names the frame that was asked for or added last.
    public func write(_ source: any FrameSource) throws(MediaError) -> ClipReport {
        let count = try source.feed([self])
        do throws(MediaError) { return try finish() } catch { throw error.inField("frames[\(max(0, count - 1))]") }
    }
}

extension FrameSource {
    /// Adds all frames to several files in one pass: each frame is asked for once. The files are then to be finished.
    ///
    ///     let film = try VideoEncoder(format: .mp4).begin(ClipDescription(of: clip), to: FileSink(path: "clip.mp4"))
    ///     let small = try GIFEncoder().begin(ClipDescription(of: clip), to: FileSink(path: "clip.gif"))
    ///     try clip.feed([film, small])
    ///     let reports = [try film.finish(), try small.finish()]
    ///
    /// - Returns: how many frames there were.
    /// - Throws: what the source and `ClipWriter.append(_:endingAt:)` throw. An error that names no place, such as one of a
    ///   sink, names the frame that was asked for or added last.
    @discardableResult
    public func feed(_ writers: [any ClipWriter]) throws(MediaError) -> Int {
        var index = 0
        do throws(MediaError) {
            while let frame = try frame(index) {
                for writer in writers { try writer.append(frame, endingAt: time(ofFrame: index + 1)) }
                index += 1
            }
            return index
        } catch {
            throw error.inField("frames[\(index)]")
        }
    }
}

/// Looks at frames before a writer takes them: one after the other, of one size and format, for as long as the file is open.
struct FrameGate {
    let width: Int
    let height: Int
    let format: PixelFormat
    /// How many frames were let through.
    private(set) var count = 0
    /// When the last of them ends.
    private(set) var end = 0
    /// Whether the file is finished, or something failed.
    private var isClosed = false

    init(_ clip: ClipDescription) { (width, height, format) = (clip.width, clip.height, clip.format) }

    /// Closes the file until ``reopen()``: what fails in between leaves it closed.
    ///
    /// - Throws: `argument.invalid` when it is closed already.
    mutating func close() throws(MediaError) {
        guard !isClosed else {
            throw MediaError(
                .argumentInvalid, "the file is finished, or failed, before frame \(count)", hint: "begin another",
                at: .init(field: "frames[\(count)]"))
        }
        isClosed = true
    }

    /// Lets the file go on.
    mutating func reopen() { isClosed = false }

    /// Lets a frame through.
    ///
    /// - Returns: how long it lasts, in units of the time base.
    /// - Throws: `argument.invalid` for one of another size or format, and for one that ends before it begins.
    mutating func pass(_ frame: any PixelSource, endingAt end: Int) throws(MediaError) -> Int {
        try frame.checkFrame(count, width: width, height: height, format: format)
        guard end > self.end else {
            throw MediaError(
                .argumentInvalid, "frame \(count) would end at \(end), it begins at \(self.end)",
                hint: "let times rise", at: .init(field: "frames[\(count)]"))
        }
        defer { self.end = end }
        count += 1
        return end - self.end
    }
}
