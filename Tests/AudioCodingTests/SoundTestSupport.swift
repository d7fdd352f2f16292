import AudioCoding
import TestSupport
import Testing

/// The file that an encoder makes of a source, in memory.
func encoded(_ source: any SampleSource, _ encoder: WAVEncoder = WAVEncoder()) throws -> (
    bytes: [UInt8], report: SoundReport
) {
    let sink = MemorySink()
    let report = try encoder.encode(source, to: sink)
    return (sink.bytes, report)
}

/// A source that nobody knows the type or, on demand, the length of.
struct PlainSource: SampleSource {
    var rate = 8000
    var channels = 1
    var numbers: [Float]
    var isCounted = true

    var count: Int? { isCounted ? numbers.count / channels : nil }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) -> Int {
        let range = range.clamped(to: 0..<numbers.count / channels)
        for (place, index) in (range.lowerBound * channels..<range.upperBound * channels).enumerated() {
            samples[place] = numbers[index]
        }
        return range.count
    }
}

extension [UInt8] {
    /// A little-endian number.
    func little(_ place: Int, _ count: Int) -> Int {
        self[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Four letters.
    func tag(_ place: Int) -> String { String(decoding: self[place..<place + 4], as: UTF8.self) }
}
