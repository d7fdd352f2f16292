import MediaCore
import Synchronization
import TensorIO

/// Filters on their way through a sound.
///
/// It belongs to one call at a time: whoever has taken it from the shelf.
final class ResamplingCursor: @unchecked Sendable {
    /// The next sample.
    private(set) var place: Int
    private let intake: ResamplingIntake
    private let last: any ResamplingInput
    private let ratio: ResamplingRatio
    private let channels: Int

    init(_ source: any SampleSource, _ ratio: ResamplingRatio, _ filters: [PolyphaseFilter], at place: Int) {
        self.place = place
        self.ratio = ratio
        channels = source.channels
        intake = ResamplingIntake(source, ratio: ratio)
        // Where each filter begins follows from the one behind it.
        var firsts: [Int] = []
        var first = place
        for filter in filters.reversed() {
            firsts.append(first)
            first = ResamplingStage.window(filter, first)
        }
        var last: any ResamplingInput = intake
        for (filter, first) in zip(filters, firsts.reversed()) {
            last = ResamplingStage(filter, last, channels: channels, first: first)
        }
        self.last = last
    }

    /// Writes the samples of `range`, which begins at ``place``; fewer where the source ends.
    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let block = max(1, SoundBlock.length / channels)
        var end = range.upperBound
        while place < end {
            let stop = min(end, place + block)
            let start = (place - range.lowerBound) * channels
            try last.read(place..<stop, into: &samples, at: start, channelStep: 1, step: channels)
            if let length = intake.end { end = max(range.lowerBound, min(end, ratio.outputs(of: length))) }
            place = stop
        }
        intake.spoil(range.lowerBound..<end, in: &samples)
        return end - range.lowerBound
    }
}

/// Keeps filters where they have come to, for whoever asks for what follows.
final class CursorShelf: Sendable {
    private let kept = Mutex<ResamplingCursor?>(nil)

    /// The filters, when they are at that sample; they are the caller's from now on.
    func take(at place: Int) -> ResamplingCursor? {
        kept.withLock { kept in
            guard let cursor = kept, cursor.place == place else { return nil }
            kept = nil
            return cursor
        }
    }

    func put(_ cursor: ResamplingCursor) { kept.withLock { $0 = cursor } }
}
