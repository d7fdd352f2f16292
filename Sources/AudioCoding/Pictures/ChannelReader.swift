import MediaCore
import TensorIO

/// Reads a sound from front to back, block by block, as floats; those of a tensor are read where they lie.
///
/// It keeps one block at most, whatever the length of the sound.
struct ChannelReader {
    /// How many samples there are.
    let count: Int
    /// The most samples that are read at once.
    let blockLength: Int
    private let source: any SampleSource
    /// The source, where it has floats.
    private let floats: (any TypedSampleSource)?
    private let channels: Int
    /// The block that was read last, where it had to be copied.
    private var numbers: [Float] = []
    /// What was not finite.
    private(set) var tally = SoundTally()

    /// - Throws: `shape.invalid` for a sound without samples; where only reading tells how many there are, what that throws.
    init(_ source: any SampleSource, cancellation: CancellationFlag?) throws(MediaError) {
        self.source = source.unwrapped
        let typed = self.source as? any TypedSampleSource
        floats = typed?.elementType == .float32 ? typed : nil
        channels = source.channels
        guard (1...SoundLayout.mostChannels).contains(channels) else {
            throw MediaError(
                .argumentInvalid, "a sound of \(channels) channels", hint: "1 to \(SoundLayout.mostChannels) are drawn",
                at: .init(field: "channels"))
        }
        blockLength = max(1, SoundBlock.length / channels)
        // Samples may be asked for twice, so they are where nobody knows the length.
        count = try source.measuredCount(cancellation)
        guard count > 0 else {
            throw MediaError(
                .shapeInvalid, "the sound has no samples", hint: "a picture needs at least one",
                at: .init(field: "samples"))
        }
    }

    /// Reads the block that begins at `place`, and hands over its floats, channels next to each other, where they lie.
    ///
    /// - Parameters:
    ///   - most: how many samples there is room for.
    ///   - body: gets the numbers, and says whether all of them are finite.
    /// - Returns: how many samples were read: ``blockLength``, or less where there is no room, at the end of the sound, and of a
    ///   source that ends before it said.
    mutating func read(
        at place: Int, upTo most: Int = .max, _ body: (_ block: RawSpan) -> Bool
    ) throws(MediaError) -> Int {
        let range = place..<max(place, min(count, place + min(blockLength, most)))
        guard !range.isEmpty else { return 0 }
        do throws(MediaError) {
            if let floats {
                return try floats.withElements(range) { (block) throws(MediaError) in
                    if !body(block) { note(block, from: place) }
                    return block.byteCount / (4 * channels)
                }
            }
            var numbers: [Float] = []
            swap(&numbers, &self.numbers)
            defer { swap(&numbers, &self.numbers) }
            if numbers.isEmpty { numbers = [Float](repeating: 0, count: blockLength * channels) }
            var room = numbers.mutableSpan
            let length = min(range.count, max(0, try source.fill(range, into: &room)))
            let block = unsafe numbers.span.extracting(0..<length * channels).bytes
            if !body(block) { note(block, from: place) }
            return length
        } catch {
            throw error.inField("samples[\(place)]")
        }
    }

    /// Counts what is not finite in a block.
    private mutating func note(_ block: RawSpan, from place: Int) {
        let count = block.byteCount / 4
        for i in 0..<count where unsafe !block.unsafeLoadUnaligned(fromByteOffset: 4 &* i, as: Float.self).isFinite {
            if tally.firstNotFinite == nil {
                tally.firstNotFinite = SoundPlace(sample: place + i / channels, channel: i % channels)
            }
            tally.notFinite += 1
        }
    }
}

/// Takes channels out of blocks of floats, with 0 for what is not finite.
struct ChannelCopier {
    /// How many numbers a sample has.
    let channels: Int
    /// The greatest magnitude that numbers keep.
    let limit: Float

    /// Copies a channel of a block to `output`, from `start` on.
    func copy(channel: Int, of block: RawSpan, to output: inout [Float], at start: Int) {
        let count = block.byteCount / (4 * channels)
        guard start >= 0, start + count <= output.count, channel < channels else { return }
        unsafe block.withUnsafeBytes { block in
            unsafe output.withUnsafeMutableBufferPointer { output in
                if channels == 1 {
                    for i in 0..<count { unsafe output[start &+ i] = number(i, of: block) }
                } else {
                    for i in 0..<count { unsafe output[start &+ i] = number(i &* channels &+ channel, of: block) }
                }
            }
        }
    }

    /// Copies the mean over all channels to `output`.
    func copyMix(of block: RawSpan, to output: inout [Float], at start: Int) {
        guard channels > 1 else { return copy(channel: 0, of: block, to: &output, at: start) }
        let count = block.byteCount / (4 * channels)
        guard start >= 0, start + count <= output.count else { return }
        // Each number is divided before it is added: the sum of loud ones would be infinite.
        let share = 1 / Float(channels)
        unsafe block.withUnsafeBytes { block in
            unsafe output.withUnsafeMutableBufferPointer { output in
                for i in 0..<count {
                    var sum: Float = 0
                    for channel in 0..<channels {
                        unsafe sum += number(i &* channels &+ channel, of: block) * share
                    }
                    unsafe output[start &+ i] = sum
                }
            }
        }
    }

    /// A number as it is kept.
    @inline(always)
    @unsafe private func number(_ index: Int, of block: UnsafeRawBufferPointer) -> Float {
        let number = unsafe block.loadUnaligned(fromByteOffset: 4 &* index, as: Float.self)
        let magnitude = number.magnitude
        let loud: Float = magnitude < .infinity ? (number < 0 ? -limit : limit) : 0
        return magnitude <= limit ? number : loud
    }
}
