import ImageCoding
import MediaCore

extension FrameSource {
    /// The frames with what stands beside them, all of one size: that of the widest caption that the digits of numbers and
    /// times can make.
    ///
    /// Of frames that come once, nobody knows how many there will be: there is room for a million of them.
    func decorated(_ beside: PictureFrame) throws(MediaError) -> any FrameSource {
        guard let first = try canRewind ? frame(0) : blankFrame() else { return self }
        let last = FrameMoment(max(0, (frameCount ?? 1_000_000) - 1), of: self)
        var size = (width: 0, height: 0)
        var format = first.format
        for digit in "0123456789" {
            let widest = try beside.around(first, index: 0, moment: last.replacingDigits(by: digit))
            size = (max(size.width, widest.width), max(size.height, widest.height))
            format = widest.format
        }
        let (width, height) = size
        return mapFrames(width: width, height: height, format: format) { (index, frame) throws(MediaError) in
            let made = try beside.around(frame, index: index, moment: FrameMoment(index, of: self))
            return try made.filled(width: width, height: height)
        }
    }

    /// A frame without content, of the size and format of the others, which are not indices.
    func blankFrame() throws(MediaError) -> any PixelSource {
        try PackedPixels(
            width: width, height: height, format: format,
            bytes: [UInt8](repeating: 0, count: width * height * format.bytesPerPixel))
    }
}

extension PixelSource {
    /// The picture with white on the right and below, or cut there.
    fileprivate func filled(width: Int, height: Int) throws(MediaError) -> any PixelSource {
        var result: any PixelSource = self
        if self.width > width || self.height > height {
            result = try CroppedSource(result, columns: 0..<min(width, self.width), rows: 0..<min(height, self.height))
        }
        guard result.width < width || result.height < height else { return result }
        return try PaddedSource(
            result, insets: EdgeInsets(bottom: height - result.height, right: width - result.width),
            with: .color(.white))
    }
}

/// Which frame of a clip a caption is for. Numbers have the digits of the last, so that captions of all frames are of one
/// size.
struct FrameMoment {
    /// The number of the frame, from 0: `007`.
    let number: String
    /// When it is first shown, in seconds: `03.25`.
    let time: String

    /// The moment of a frame.
    init(_ index: Int, of frames: any FrameSource) {
        let count = frames.frameCount ?? index + 1
        number = Self.padded(index, like: max(0, count - 1))
        func hundredths(_ index: Int) -> Int {
            Int(min(Double(frames.time(ofFrame: index)) * frames.timeBase.seconds * 100, 1e15).rounded(.down))
        }
        let now = hundredths(index), last = hundredths(max(0, count - 1))
        time = Self.padded(now / 100, like: last / 100) + "." + Self.padded(now % 100, like: 99)
    }

    private init(number: String, time: String) { (self.number, self.time) = (number, time) }

    /// The moment with every digit the same, to see how wide it may get.
    func replacingDigits(by digit: Character) -> FrameMoment {
        func replaced(_ text: String) -> String { String(text.map { $0.isNumber ? digit : $0 }) }
        return FrameMoment(number: replaced(number), time: replaced(time))
    }

    private static func padded(_ number: Int, like last: Int) -> String {
        String(number).leftPadded(to: String(last).utf8.count)
    }
}
