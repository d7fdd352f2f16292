public import ImageCoding
public import MediaCore
import Synchronization

/// Frames from a stream of bytes: standard input, a pipe, a file. Each is read when it is asked for, once, and takes the memory
/// of one frame.
///
/// Luma and chroma of YUV4MPEG2 become RGB by BT.601: limited range (16…235, 16…240), or full range where the header says
/// `XCOLORRANGE=FULL`; a sample of chroma serves all pixels of its block. Mono is gray, stretched the same way.
public final class StreamedFrames: FrameSource {
    /// How many pixels a row of every frame has.
    public let width: Int
    /// How many rows every frame has.
    public let height: Int
    /// What a pixel of every frame is.
    public let format: PixelFormat
    /// How many frames are shown per second.
    public let frameRate: FrameRate
    /// Whether neither the stream nor the caller says the rate.
    public let frameRateIsDefault: Bool
    private let header: Y4MHeader?
    private let frameBytes: Int
    private let reader: SequentialReader
    private let next = Mutex(0)

    /// The frames of an open descriptor, which stays open.
    ///
    /// - Parameters:
    ///   - descriptor: what is read: 0 is standard input.
    ///   - form: how frames lie in it.
    ///   - frameRate: how many are shown per second; `nil` takes what the stream says, else four.
    ///   - name: what messages call it.
    ///   - limits: how large frames may be.
    ///   - cancellation: ends waiting.
    /// - Throws: what reading the header throws: `format.unrecognized`, `format.malformed`, `format.unsupported`,
    ///   `limit.exceeded`, `format.truncated`; `argument.invalid` for a rate that contradicts the stream's.
    public convenience init(
        descriptor: Int32, form: StreamForm, frameRate: FrameRate? = nil, name: String = "standard input",
        limits: Limits = .default, cancellation: CancellationFlag? = nil
    ) throws(MediaError) {
        let reader = SequentialReader(descriptor: descriptor, name: name, cancellation: cancellation)
        try self.init(reader, form, frameRate, limits)
    }

    /// The frames of bytes that are there.
    ///
    /// - Throws: as ``init(descriptor:form:frameRate:name:limits:cancellation:)``.
    public convenience init(
        _ contents: FileContents, form: StreamForm, frameRate: FrameRate? = nil, limits: Limits = .default
    ) throws(MediaError) {
        try self.init(SequentialReader(contents), form, frameRate, limits)
    }

    private init(
        _ reader: SequentialReader, _ form: StreamForm, _ rate: FrameRate?, _ limits: Limits
    ) throws(MediaError) {
        self.reader = reader
        switch form {
        case .y4m:
            let header: Y4MHeader
            do throws(MediaError) {
                guard let line = try reader.readLine(atMost: Y4MHeader.longestLine) else {
                    throw MediaError(.truncated, "the stream is empty")
                }
                header = try Y4MHeader(line, limits: limits)
            } catch {
                throw error.inFile(reader.name)
            }
            if let rate, let own = header.frameRate, rate != own {
                throw MediaError(
                    .argumentInvalid, "a rate of \(rate) frames/s for a stream that says \(own)",
                    hint: "leave the rate out", at: .init(file: reader.name, field: "frameRate"))
            }
            self.header = header
            (width, height, frameBytes) = (header.width, header.height, header.frameBytes)
            format = header.chroma == .mono ? .gray : .rgb
            frameRate = header.frameRate ?? rate ?? ClipOptions.defaultFrameRate
            frameRateIsDefault = header.frameRate == nil && rate == nil
        case .raw(let format, let width, let height):
            guard format.bits == 8, format.model != .indexed, (1...limits.imageSide).contains(width),
                (1...limits.imageSide).contains(height), width <= limits.imagePixels / height
            else {
                throw MediaError(
                    .argumentInvalid, "a stream of \(format) frames of \(width)×\(height) pixels",
                    hint: "frames are gray, gray-alpha, rgb or rgba, up to \(limits.imagePixels) pixels",
                    at: .init(field: "form"))
            }
            header = nil
            (self.width, self.height, self.format) = (width, height, format)
            frameBytes = width * height * format.bytesPerPixel
            frameRate = rate ?? ClipOptions.defaultFrameRate
            frameRateIsDefault = rate == nil
        }
    }

    /// Not known before the end.
    public var frameCount: Int? { nil }
    /// The duration of one frame.
    public var timeBase: TimeBase { frameRate.frameDuration }
    /// Never.
    public var canRewind: Bool { false }

    /// The next frame, which has to be the one at `index`.
    ///
    /// - Throws: `argument.invalid` for another one; `format.truncated` for a frame that is cut short, `format.malformed` for
    ///   what is no frame; `file.unreadable`; `work.cancelled`. All name the frame.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        try next.withLock { (next) throws(MediaError) in
            guard index == next else {
                throw MediaError(
                    .argumentInvalid, "frame \(index) of a stream that is at frame \(next)",
                    hint: "streams are read once, in order", at: .init(file: reader.name, field: "frames[\(index)]"))
            }
            do throws(MediaError) {
                if header != nil, try !readFrameLine() { return nil }
                let bytes = try reader.read(frameBytes)
                if bytes.isEmpty, header == nil { return nil }
                guard bytes.count == frameBytes else {
                    throw MediaError(
                        .truncated, "frame \(index) has \(bytes.count) of \(frameBytes) bytes",
                        hint: "the stream ended early, or its form is another")
                }
                next += 1
                guard let header else {
                    return try PackedPixels(width: width, height: height, format: format, bytes: bytes)
                }
                return YUVPicture(
                    width: width, height: height, format: format, bytes: bytes, colors: YUVColors(header))
            } catch {
                throw error.inField("frames[\(index)]").inFile(reader.name)
            }
        }
    }

    /// The line before a frame; `false` at the end of the stream.
    private func readFrameLine() throws(MediaError) -> Bool {
        guard let line = try reader.readLine(atMost: Y4MHeader.longestLine) else { return false }
        guard line.starts(with: "FRAME".utf8), line.count == 5 || line[5] == UInt8(ascii: " ") else {
            throw MediaError(
                .malformed, "there is no frame where one should begin", at: .init(offset: reader.offset))
        }
        return true
    }
}

/// One frame of a stream of luma and chroma.
private struct YUVPicture: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    let bytes: [UInt8]
    /// How samples become colours.
    let colors: YUVColors

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount >= rows.count * bytesPerRow else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of a picture of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        colors.fill(rows, from: bytes, into: &band)
    }
}
