import CMediaKernels
import MediaCore

/// A filter at work: it keeps the input samples that the next outputs need, a block more, and asks for what is missing.
///
/// What an output is depends on its place alone, and not on what was asked for together with it.
final class ResamplingStage: ResamplingInput {
    private let filter: PolyphaseFilter
    private let input: any ResamplingInput
    private let channels: Int
    /// How many input samples of a channel there is room for.
    private let capacity: Int
    /// The input samples from `start` up to `end`, channel after channel.
    private var numbers: [Float]
    private var start = 0
    private var end = 0

    /// Numbers of a channel that are read at a time, as far as they stay in the cache, and over all channels at the most.
    private static let advance = 8192, mostNumbers = 1 << 18

    /// - Parameter first: the first output that will be asked for.
    init(_ filter: PolyphaseFilter, _ input: any ResamplingInput, channels: Int, first: Int) {
        self.filter = filter
        self.input = input
        self.channels = channels
        capacity = filter.taps + max(256, min(Self.advance, Self.mostNumbers / channels))
        numbers = [Float](repeating: 0, count: capacity * channels)
        start = Self.window(filter, first)
        end = start
    }

    /// The first input sample of an output.
    static func window(_ filter: PolyphaseFilter, _ output: Int) -> Int {
        filter.ratio.time(of: output).sample - filter.taps / 2 + 1
    }

    func read(
        _ range: Range<Int>, into target: inout MutableSpan<Float>, at start: Int, channelStep: Int, step: Int
    ) throws(MediaError) {
        var place = range.lowerBound
        while place < range.upperBound {
            let window = Self.window(filter, place)
            // As many outputs as have their last input sample within the room that there is.
            let room = capacity - filter.taps
            let most = max(1, filter.ratio.outputs(of: max(0, room - 1)))
            let count = min(range.upperBound - place, most)
            try provide(window..<Self.window(filter, place + count - 1) + filter.taps)
            let first = start + (place - range.lowerBound) * step
            for channel in 0..<channels {
                compute(
                    place..<place + count, channel: channel, to: &target, at: first + channel * channelStep, step: step)
            }
            place += count
        }
    }

    /// Has the input samples of `range`, which is not longer than the room.
    private func provide(_ range: Range<Int>) throws(MediaError) {
        guard range.upperBound > end else { return }
        if range.upperBound - start > capacity {
            let old = range.lowerBound - start
            let kept = max(0, end - range.lowerBound)
            unsafe numbers.withUnsafeMutableBufferPointer { numbers in
                guard let all = numbers.baseAddress else { return }
                for channel in 0..<channels {
                    let base = unsafe all + channel * capacity
                    unsafe base.update(from: base + min(old, capacity - kept), count: kept)
                }
            }
            start = range.lowerBound
            end = start + kept
        }
        // Out of here meanwhile: a span of a member would not be allowed.
        var numbers: [Float] = []
        swap(&numbers, &self.numbers)
        defer { swap(&numbers, &self.numbers) }
        var room = numbers.mutableSpan
        try input.read(end..<range.upperBound, into: &room, at: end - start, channelStep: capacity, step: 1)
        end = range.upperBound
    }

    /// Makes outputs of a channel, whose input samples are there.
    private func compute(
        _ outputs: Range<Int>, channel: Int, to target: inout MutableSpan<Float>, at place: Int, step: Int
    ) {
        let (first, phase) = filter.ratio.time(of: outputs.lowerBound)
        let offset = first - filter.taps / 2 + 1 - start
        let count = outputs.count
        guard count > 0, offset >= 0, place >= 0,
            place + (count - 1) * step < target.count,
            offset + Self.window(filter, outputs.upperBound - 1) - Self.window(filter, outputs.lowerBound) + filter.taps
                <= capacity
        else { return }
        let (filter, capacity) = (filter, capacity)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            unsafe filter.table.withUnsafeBufferPointer { table in
                unsafe target.withUnsafeMutableBufferPointer { target in
                    guard let table = table.baseAddress, let outputs = target.baseAddress,
                        let inputs = numbers.baseAddress
                    else { return }
                    let output = unsafe outputs + place, input = unsafe inputs + (channel * capacity + offset)
                    if filter.isExact {
                        unsafe Self.exact(filter, table, input, phase, output, step, count)
                    } else {
                        unsafe tm_resample_between(
                            table, filter.taps, filter.rows, input, UInt64(phase), UInt64(filter.ratio.up),
                            UInt64(filter.ratio.down), output, step, count)
                    }
                }
            }
        }
    }

    /// Row after row of the table, each for all outputs that lie at its place.
    @unsafe private static func exact(
        _ filter: PolyphaseFilter, _ table: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ phase: Int,
        _ output: UnsafeMutablePointer<Float>, _ step: Int, _ count: Int
    ) {
        let (up, down) = (filter.ratio.up, filter.ratio.down)
        let (whole, rest) = down.quotientAndRemainder(dividingBy: up)
        var (phase, window) = (phase, 0)
        for k in 0..<min(count, up) {
            unsafe tm_resample_row(
                table + phase &* filter.taps, filter.taps, input + window, down, output + k &* step, up &* step,
                (count &- k &+ up &- 1) / up)
            window &+= whole
            phase &+= rest
            if phase >= up {
                phase &-= up
                window &+= 1
            }
        }
    }
}
