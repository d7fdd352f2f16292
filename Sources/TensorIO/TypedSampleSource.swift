package import MediaCore

/// A source whose numbers have a type of their own: an encoder that writes that type gets them as they are, and one that
/// writes another rounds them once.
package protocol TypedSampleSource: SampleSource {
    /// What the numbers are. Integers fill their own full range: the least one is −1; unsigned ones have their zero in the middle.
    var elementType: ElementType { get }

    /// Calls `body` with the samples of `range`: packed numbers in native byte order, channels next to each other.
    ///
    /// - Parameters:
    ///   - range: which samples; cut to those there are.
    ///   - body: the bytes are valid during the call only.
    /// - Throws: what reading them and `body` throw.
    func withElements<Result>(
        _ range: Range<Int>, _ body: (RawSpan) throws(MediaError) -> Result
    ) throws(MediaError) -> Result
}
