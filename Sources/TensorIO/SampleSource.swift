public import MediaCore

/// Sound that is made piece by piece, when an encoder asks.
///
/// A tensor with a sample rate is one; so is a decoded file, a mix of others, a resampled one. Like a picture's rows, any
/// range of samples may be asked for at any time and from several threads, so that nothing holds a whole sound.
///
/// A *sample* here is one moment: a number for each channel. Numbers are within −1…1 when they are not louder than the
/// loudest that a file can hold; what is done with louder ones is the encoder's option, and reported.
public protocol SampleSource: Sendable {
    /// How many samples a second has, in hertz; at least 1.
    var rate: Int { get }
    /// How many numbers a sample has; at least 1.
    var channels: Int { get }
    /// How many samples there are; `nil` when that is known only at the end.
    var count: Int? { get }

    /// Writes the samples of `range` into `samples`, channels next to each other: left, right, left, right.
    ///
    /// - Parameters:
    ///   - range: which samples; its lower bound is not negative.
    ///   - samples: at least `range.count * channels` numbers.
    /// - Returns: how many samples were written: fewer than asked for only where the sound ends.
    /// - Throws: what reading them throws.
    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int
}
