import AudioCoding
import MediaCore
import TensorIO
import VideoCoding

/// WAV files of strangers: walked through, read to the last sample, written again and read once more.
struct WAVTarget {
    let contents: FileContents
    let limits: Limits

    func run() throws(MediaError) {
        let file = try WAVFile(contents, limits: limits)
        precondition(file.rate > 0 && file.channels > 0 && file.sampleCount >= 0)
        precondition(
            file.sampleCount * file.channels * file.format.byteCount <= contents.byteCount, "more than there is")
        for finding in file.findings { precondition(!finding.description.utf8.contains(0x0A)) }
        var floats = [Float](repeating: 0, count: file.sampleCount * file.channels)
        var span = floats.mutableSpan
        let count = try file.fill(0..<file.sampleCount, into: &span)
        precondition(count == file.sampleCount)
        let sink = MemorySink()
        // Rates that no header has room for are refused.
        guard let report = try? WAVEncoder(sampleFormat: file.format).encode(file, to: sink) else { return }
        let again: WAVFile
        do throws(MediaError) {
            again = try WAVFile(FileContents(bytes: sink.bytes, name: "own"))
        } catch { preconditionFailure("our own file is refused: \(error)") }
        precondition(
            again.sampleCount == file.sampleCount && again.channels == file.channels && again.rate == file.rate)
        precondition(report.byteCount == sink.byteCount && again.findings.isEmpty)
    }
}

/// Files of sound of strangers: what their headers say, then by libav the first second, and the beginning again.
struct SoundTarget {
    let contents: FileContents

    func run() throws(MediaError) {
        if let header = try? SoundFileHeader.read(contents) {
            precondition(header.rate > 0 && header.channels > 0 && header.count ?? 0 >= 0)
            for finding in header.findings { precondition(!finding.description.utf8.contains(0x0A)) }
        }
        let file = try SoundFile(contents)
        precondition(file.rate > 0 && file.channels > 0)
        let most = min(file.rate, 1 << 16)
        var samples = [Float](repeating: 0, count: most * file.channels)
        var span = samples.mutableSpan
        let count = try file.fill(0..<most, into: &span)
        precondition((1...most).contains(count))
        let first = samples[0]
        samples[0] = .nan
        var again = samples.mutableSpan
        let repeated = try file.fill(0..<1, into: &again)
        precondition(repeated == 1)
        precondition(samples[0] == first || first.isNaN, "decoded otherwise")
    }
}
