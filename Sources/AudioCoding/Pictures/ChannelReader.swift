import MediaCore
import TensorIO

/// Reads a sound from front to back, channel by channel: packed floats, with 0 for what is not finite.
///
/// It keeps one block of the source and one of a channel, whatever the length of the sound.
struct ChannelReader {
    /// How many samples there are.
    let count: Int
    /// The most samples that are read at once.
    let blockLength: Int
    private let source: any SampleSource
    private let channels: Int
    /// The greatest magnitude that numbers keep.
    private let limit: Float
    /// The block that was read last, channels next to each other.
    private var numbers: [Float]
    /// What was not finite, of the samples before ``lookedThrough``.
    private(set) var tally = SoundTally()
    private var lookedThrough = 0

    /// - Parameters:
    ///   - limit: louder numbers count as this.
    /// - Throws: `shape.invalid` for a sound without samples; where only reading tells how many there are, what that throws.
    init(
        _ source: any SampleSource, limit: Float = .greatestFiniteMagnitude, cancellation: CancellationFlag?
    ) throws(MediaError) {
        self.source = (source as? Sound)?.source ?? source
        self.limit = limit
        channels = source.channels
        guard (1...SoundLayout.mostChannels).contains(channels) else {
            throw MediaError(
                .argumentInvalid, "a sound of \(channels) channels", hint: "1 to \(SoundLayout.mostChannels) are drawn",
                at: .init(field: "channels"))
        }
        blockLength = max(1, SoundBlock.length / channels)
        numbers = [Float](repeating: 0, count: blockLength * channels)
        if let known = source.count {
            count = known
        } else {
            count = try Self.length(of: source, block: blockLength, &numbers, cancellation)
        }
        guard count > 0 else {
            throw MediaError(
                .shapeInvalid, "the sound has no samples", hint: "a picture needs at least one",
                at: .init(field: "samples"))
        }
    }

    /// The length of a sound that does not tell it: samples may be asked for twice, so they are.
    private static func length(
        of source: any SampleSource, block: Int, _ numbers: inout [Float], _ cancellation: CancellationFlag?
    ) throws(MediaError) -> Int {
        var place = 0
        while place < Int.max - block {
            try cancellation?.check()
            var room = numbers.mutableSpan
            let count = min(block, max(0, try source.fill(place..<place + block, into: &room)))
            place += count
            if count < block { break }
        }
        return place
    }

    /// Reads the block that begins at `place`; its length is ``blockLength``, or less at the end of the sound.
    ///
    /// - Returns: how many samples were read. A source that ends before it said gives fewer.
    mutating func read(at place: Int) throws(MediaError) -> Int {
        let end = min(count, place + blockLength)
        guard place < end else { return 0 }
        let source = source
        do throws(MediaError) {
            var room = numbers.mutableSpan
            let length = min(end - place, max(0, try source.fill(place..<end, into: &room)))
            lookThrough(place..<place + length)
            return length
        } catch {
            throw error.inField("samples[\(place)]")
        }
    }

    /// Counts what is not finite in the block, where that was not done before.
    private mutating func lookThrough(_ range: Range<Int>) {
        let from = max(range.lowerBound, lookedThrough)
        guard from < range.upperBound else { return }
        lookedThrough = range.upperBound
        let part = (from - range.lowerBound) * channels..<range.count * channels
        // 0 times a finite number is 0; nearly every block ends here.
        var zeros = SIMD8<Float>.zero
        let whole = part.count & ~7
        unsafe numbers.withUnsafeBytes { bytes in
            for i in stride(from: 0, to: whole, by: 8) {
                zeros +=
                    unsafe bytes.loadUnaligned(
                        fromByteOffset: 4 &* (part.lowerBound &+ i), as: SIMD8<Float>.self) * 0
            }
        }
        for i in part.lowerBound + whole..<part.upperBound { zeros[0] += numbers[i] * 0 }
        guard !zeros.sum().isFinite else { return }
        for i in part where !numbers[i].isFinite {
            if tally.firstNotFinite == nil {
                tally.firstNotFinite = SoundPlace(sample: range.lowerBound + i / channels, channel: i % channels)
            }
            tally.notFinite += 1
        }
    }

    /// Copies the first `count` numbers of a channel of the block to `output`, from `start` on.
    func copy(channel: Int, count: Int, to output: inout [Float], at start: Int) {
        guard start >= 0, count >= 0, count <= blockLength, start + count <= output.count, channel < channels else {
            return
        }
        let (channels, limit) = (channels, limit)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            unsafe output.withUnsafeMutableBufferPointer { output in
                if channels == 1 {
                    for i in 0..<count { unsafe output[start &+ i] = Self.kept(numbers[i], limit) }
                } else {
                    for i in 0..<count {
                        unsafe output[start &+ i] = Self.kept(numbers[i &* channels &+ channel], limit)
                    }
                }
            }
        }
    }

    /// Copies the mean over all channels to `output`.
    func copyMix(count: Int, to output: inout [Float], at start: Int) {
        guard channels > 1 else { return copy(channel: 0, count: count, to: &output, at: start) }
        guard start >= 0, count >= 0, count <= blockLength, start + count <= output.count else { return }
        let (channels, limit) = (channels, limit)
        // Each number is divided before it is added: the sum of loud ones would be infinite.
        let share = 1 / Float(channels)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            unsafe output.withUnsafeMutableBufferPointer { output in
                for i in 0..<count {
                    var sum: Float = 0
                    for channel in 0..<channels {
                        unsafe sum += Self.kept(numbers[i &* channels &+ channel], limit) * share
                    }
                    unsafe output[start &+ i] = sum
                }
            }
        }
    }

    @inline(always)
    private static func kept(_ number: Float, _ limit: Float) -> Float {
        let magnitude = number.magnitude
        let loud: Float = magnitude < .infinity ? (number < 0 ? -limit : limit) : 0
        return magnitude <= limit ? number : loud
    }
}
