import MediaCore
import TensorIO

/// What gives samples of any range, each channel by itself; before and behind the sound is silence.
protocol ResamplingInput: AnyObject {
    /// Writes the samples of `range`: number *i* of channel *c* to place `start + c · channelStep + i · step` of `target`.
    ///
    /// Ranges follow each other without a gap.
    func read(
        _ range: Range<Int>, into target: inout MutableSpan<Float>, at start: Int, channelStep: Int, step: Int
    ) throws(MediaError)
}

/// Reads the samples of a source from front to back, none of them twice, and keeps away what is not finite.
///
/// A number that is none would spread over a whole filter. It counts as 0; the output sample at its time, or the last before it,
/// becomes NaN instead, so that whoever writes the sound finds it as in any other.
final class ResamplingIntake: ResamplingInput {
    /// Where the sound ends, once that was seen.
    private(set) var end: Int?
    private let source: any SampleSource
    private let channels: Int
    private let ratio: ResamplingRatio
    private let blockLength: Int
    /// A block of the source, channels next to each other.
    private var block: [Float]
    /// The places of outputs that have to become NaN.
    private var spoiled: Set<SoundPlace> = []

    /// Numbers louder than this count as not finite: sums of them might be.
    private static let loudest: Float = 0x1p120

    /// - Parameter ratio: that of the whole way, for the places of outputs.
    init(_ source: any SampleSource, ratio: ResamplingRatio) {
        self.source = source
        self.ratio = ratio
        channels = source.channels
        blockLength = max(64, SoundBlock.length / 4 / channels)
        block = [Float](repeating: 0, count: blockLength * channels)
    }

    func read(
        _ range: Range<Int>, into target: inout MutableSpan<Float>, at start: Int, channelStep: Int, step: Int
    ) throws(MediaError) {
        var place = range.lowerBound
        while place < range.upperBound {
            let stop: Int
            let taken: Int
            if place < 0 {
                (stop, taken) = (min(0, range.upperBound), 0)
            } else if let end, place >= end {
                (stop, taken) = (range.upperBound, 0)
            } else {
                stop = min(range.upperBound, place + blockLength)
                taken = try take(place..<stop)
            }
            let first = start + (place - range.lowerBound) * step
            for channel in 0..<channels {
                let base = first + channel * channelStep
                if copy(channel, taken, to: &target, at: base, step: step) { note(channel, taken, after: place) }
                for i in taken..<stop - place { target[base + i * step] = 0 }
            }
            place = stop
        }
    }

    /// Reads a part of the source into ``block``, and notices where it ends.
    private func take(_ range: Range<Int>) throws(MediaError) -> Int {
        // Out of here meanwhile: a span of a member would not be allowed.
        var block: [Float] = []
        swap(&block, &self.block)
        defer { swap(&block, &self.block) }
        do throws(MediaError) {
            var room = block.mutableSpan
            let taken = min(range.count, max(0, try source.fill(range, into: &room)))
            if taken < range.count { end = range.lowerBound + taken }
            return taken
        } catch {
            throw error.inField("samples[\(range.lowerBound)]")
        }
    }

    /// Copies a channel of the block; `true` where some of it is not finite.
    private func copy(
        _ channel: Int, _ count: Int, to target: inout MutableSpan<Float>, at start: Int, step: Int
    ) -> Bool {
        guard count > 0, count <= blockLength, start >= 0, start + (count - 1) * step < target.count else {
            return false
        }
        let channels = channels
        return unsafe block.withUnsafeBufferPointer { block in
            unsafe target.withUnsafeMutableBufferPointer { target in
                var isSpoiled = false
                for i in 0..<count {
                    let number = unsafe block[i &* channels &+ channel]
                    let isKept = number.magnitude <= Self.loudest
                    isSpoiled = isSpoiled || !isKept
                    unsafe target[start &+ i &* step] = isKept ? number : 0
                }
                return isSpoiled
            }
        }
    }

    /// Remembers the outputs at the places of what is not finite.
    private func note(_ channel: Int, _ count: Int, after place: Int) {
        for i in 0..<count where !(block[i * channels + channel].magnitude <= Self.loudest) {
            spoiled.insert(SoundPlace(sample: ratio.output(of: place + i), channel: channel))
        }
    }

    /// Makes NaN of the outputs of `range` that are not to be trusted. What lies before them is forgotten.
    func spoil(_ range: Range<Int>, in samples: inout MutableSpan<Float>) {
        guard !spoiled.isEmpty else { return }
        for place in spoiled where range.contains(place.sample) {
            samples[(place.sample - range.lowerBound) * channels + place.channel] = .nan
        }
        spoiled = spoiled.filter { $0.sample >= range.upperBound }
    }
}
