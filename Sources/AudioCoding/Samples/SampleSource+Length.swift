package import MediaCore
package import TensorIO

extension SampleSource {
    /// How many samples there are: what the source says, or what reading it to its end tells.
    ///
    /// - Throws: what reading it throws; `work.cancelled`.
    package func measuredCount(_ cancellation: CancellationFlag? = nil) throws(MediaError) -> Int {
        if let count { return count }
        let block = max(1, SoundBlock.length / channels)
        var numbers = [Float](repeating: 0, count: block * channels)
        var place = 0
        while place < Int.max - block {
            try cancellation?.check()
            var room = numbers.mutableSpan
            let count = min(block, max(0, try fill(place..<place + block, into: &room)))
            place += count
            if count < block { break }
        }
        return place
    }
}
