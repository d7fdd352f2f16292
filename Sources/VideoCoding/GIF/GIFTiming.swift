import ImageCoding
import MediaCore

/// Turns the times of frames into delays, which GIF counts in hundredths of a second.
///
/// What rounding takes from one frame the next gets back, so the end of every frame is right to half a hundredth. No delay is
/// below 2: players show a frame of 0 or 1 for a tenth of a second.
struct GIFTiming: Sendable {
    /// The least delay that players obey.
    static let least = 2
    /// The longest that fits into the file.
    static let most = 65535

    private let timeBase: TimeBase
    private var lastEnd = 0
    /// Whether all frames last one unit of the time base.
    private var isEven = true
    /// The sum of the delays so far.
    private(set) var written = 0
    /// When the last frame should end, in hundredths of a second, rounded.
    private(set) var wanted = 0
    /// How many frames are shown longer than they should be.
    private(set) var heldFrames = 0

    init(timeBase: TimeBase) { self.timeBase = timeBase }

    /// The delay of a frame.
    ///
    /// - Parameters:
    ///   - frame: its number, for the error.
    ///   - end: when it ends, in units of the time base, counted from the beginning of the first.
    /// - Throws: `argument.invalid` for a frame of more than 655.35 seconds.
    mutating func delay(ofFrame frame: Int, endingAt end: Int) throws(MediaError) -> Int {
        if end - lastEnd != 1 { isEven = false }
        lastEnd = end
        guard let end = Self.hundredths(end, timeBase) else { throw Self.tooLong(frame) }
        wanted = end
        let delay = max(Self.least, end - written)
        if end - written < Self.least { heldFrames += 1 }
        guard delay <= Self.most else { throw Self.tooLong(frame) }
        written += delay
        return delay
    }

    /// What there is to say about frames that are shown longer than they should be; `nil` when there are none.
    func finding(frameCount: Int) -> Finding? {
        guard heldFrames > 0 else { return nil }
        var rate = "\(heldFrames) of \(frameCount) frames"
        if isEven, let frames = try? FrameRate(timeBase.denominator, per: timeBase.numerator) { rate = "\(frames)" }
        return .warning(
            .valueOutOfRange, "retimed \(rate) → 50 fps: players show a frame of a GIF for 0.02 s at least",
            path: "frameRate", value: "\(rate)", hint: "take every second frame to keep the speed")
    }

    /// A time in hundredths of a second, rounded half up; `nil` beyond the numbers that there are.
    private static func hundredths(_ time: Int, _ base: TimeBase) -> Int? {
        let (product, overflow) = time.multipliedReportingOverflow(by: base.numerator)
        let (scaled, overflow2) = product.multipliedReportingOverflow(by: 200)
        guard !overflow, !overflow2, scaled >= 0 else { return nil }
        return (scaled / base.denominator + 1) / 2
    }

    private static func tooLong(_ frame: Int) -> MediaError {
        MediaError(
            .argumentInvalid, "frame \(frame) is shown longer than the 655.35 s that a GIF can hold",
            hint: "raise the frame rate, or repeat the frame", at: .init(field: "frames[\(frame)]"))
    }
}
