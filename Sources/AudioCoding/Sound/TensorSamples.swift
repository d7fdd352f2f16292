import MediaCore
import TensorIO

/// A tensor whose axes are known to be samples and channels.
struct TensorSamples: TypedSampleSource {
    let rate: Int
    let channels: Int
    let elementType: ElementType
    let count: Int?
    private let tensor: Tensor
    private let length: Int
    /// How far apart, in bytes, neighbours in time and neighbouring channels are.
    private let step: Int
    private let channelStep: Int
    /// Whether the numbers lie as an encoder wants them, so that none has to be copied.
    private let isPacked: Bool

    /// - Parameter layout: fits the shape of `tensor`.
    init(_ tensor: Tensor, layout: SoundLayout, rate: Int) {
        let axes = Array(layout.rawValue)
        let time = axes.firstIndex(of: "t") ?? 0
        let channel = axes.firstIndex(of: "c")
        let width = tensor.elementType.byteCount
        self.tensor = tensor
        self.rate = rate
        elementType = tensor.elementType
        channels = channel.map { tensor.shape[$0] } ?? 1
        length = tensor.shape[time]
        count = length
        step = tensor.strides[time]
        channelStep = channel.map { tensor.strides[$0] } ?? width
        isPacked =
            tensor.hasNativeByteOrder && (length <= 1 || step == width * channels)
            && (channels == 1 || channelStep == width)
    }

    func withElements<Result>(
        _ range: Range<Int>, _ body: (RawSpan) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        let range = range.clamped(to: 0..<length)
        guard !range.isEmpty else { return try body(RawSpan()) }
        let width = elementType.byteCount
        let byteCount = range.count * channels * width
        if isPacked {
            return try tensor.withStorage { (bytes) throws(MediaError) in
                let start = tensor.offset + range.lowerBound * width * channels
                return try body(bytes.extracting(start..<start + byteCount))
            }
        }
        // The result leaves by this way, because the allocation's closure throws untyped.
        var result: Swift.Result<Result, MediaError>?
        unsafe withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 16) { buffer in
            unsafe gather(range, into: buffer)
            do throws(MediaError) {
                result = .success(try unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer))))
            } catch {
                result = .failure(error)
            }
        }
        guard let result else { return try body(RawSpan()) }
        return try result.get()
    }

    /// Copies the samples of a range, channel by channel.
    @unsafe private func gather(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) {
        guard let target = buffer.baseAddress else { return }
        let width = elementType.byteCount
        unsafe tensor.withUnsafeStorage { bytes in
            guard let base = bytes.baseAddress else { return }
            let first = unsafe base + (tensor.offset + range.lowerBound * step)
            for channel in 0..<channels {
                unsafe Tensor.gather(
                    first + channel * channelStep, stride: step, count: range.count, width: width,
                    isSwapped: !tensor.hasNativeByteOrder, to: target + channel * width, step: channels)
            }
        }
    }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        try fillFloats(range, into: &samples)
    }
}

extension TypedSampleSource {
    /// ``/TensorIO/SampleSource/fill(_:into:)`` of every source with a type: its numbers as floats, rounded once.
    ///
    /// - Throws: `argument.invalid` for a negative lower bound, and when there is too little room.
    func fillFloats(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        guard range.lowerBound >= 0 else {
            throw MediaError(
                .argumentInvalid, "there is no sample \(range.lowerBound)", hint: "samples count from 0",
                at: .init(field: "range"))
        }
        let range = range.clamped(to: 0..<(count ?? range.upperBound))
        guard !range.isEmpty else { return 0 }
        guard range.count <= samples.count / channels else {
            throw MediaError(
                .argumentInvalid, "\(range.count) samples of \(channels) channels do not fit \(samples.count) numbers",
                hint: "ask for fewer", at: .init(field: "range"))
        }
        // A block at a time: what is not packed needs as much memory again.
        let block = max(1, 1 << 14 / channels)
        var place = range.lowerBound
        while place < range.upperBound {
            let part = place..<min(range.upperBound, place + block)
            let start = (place - range.lowerBound) * channels
            try withElements(part) { (bytes) throws(MediaError) in
                unsafe samples.withUnsafeMutableBufferPointer { target in
                    guard let base = target.baseAddress else { return }
                    unsafe NumberWidening.floats(bytes, as: elementType, to: base + start)
                }
            }
            place = part.upperBound
        }
        return range.count
    }
}
