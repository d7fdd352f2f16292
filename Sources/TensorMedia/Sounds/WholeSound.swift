import MediaCore
import TensorIO

/// The sound of a file whose header says how long it is: one that ends before is told, not taken for a shorter one.
struct WholeSound: SampleSource {
    /// What decodes the file.
    let source: any SampleSource
    /// How many samples the header says.
    let claimed: Int
    let name: String

    var rate: Int { source.rate }
    var channels: Int { source.channels }
    var count: Int? { source.count }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let count = try source.fill(range, into: &samples)
        let end = range.lowerBound + count
        guard count == range.count || end >= claimed else {
            throw MediaError(
                .truncated, "the header says \(claimed) samples, the file ends after \(end)",
                hint: "copy it again, or write it again", at: .init(file: name))
        }
        return count
    }
}
