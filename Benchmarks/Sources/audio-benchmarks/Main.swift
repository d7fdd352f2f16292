import AudioCoding
import CPeers
import Foundation
import ImageCoding

/// Answers questions about a sound, a line of JSON for each line of standard input, as a program does that has the library.
///
///     open SOUND.npy RATE     maps the tensor: float32, samples or samples × channels
///     run NAME OUT            one contestant: seconds of the processor, from memory to the file under its name
///     resample SOUND.npy RATE TO OUT    seconds to bring it to another rate, in memory; OUT gets the floats, - keeps them
///     memory SECONDS OUT      the most memory that writing so much made sound takes, in bytes
@main
enum Main {
    static func main() {
        var sound: OpenSound?
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            do {
                switch (words.first, words.count) {
                case ("open", 3):
                    guard let rate = Int(words[2]) else { throw Complaint("a rate is a number") }
                    let opened = try OpenSound(words[1], rate: rate)
                    answer("{\"samples\": \(opened.sound.count ?? 0), \"channels\": \(opened.sound.channels)}")
                    sound = opened
                case ("run", 3):
                    guard let sound else { throw Complaint("no sound is open") }
                    let (seconds, bytes) = try sound.run(words[1], words[2])
                    answer("{\"seconds\": \(seconds), \"bytes\": \(bytes)}")
                case ("resample", 5):
                    guard let rate = Int(words[2]), let target = Int(words[3]) else {
                        throw Complaint("rates are numbers")
                    }
                    let seconds = try resample(words[1], from: rate, to: target, writing: words[4])
                    answer("{\"seconds\": \(seconds)}")
                case ("memory", 3):
                    guard let seconds = Int(words[1]) else { throw Complaint("seconds are a number") }
                    answer("{\"peak\": \(try MadeSound(seconds: seconds).memory(writing: words[2]))}")
                default: throw Complaint("open, run, resample or memory")
                }
            } catch {
                FileHandle.standardError.write(Data("audio-benchmarks: \(line): \(error)\n".utf8))
                exit(1)
            }
        }
    }

    private static func resample(
        _ path: String, from rate: Int, to target: Int, writing out: String
    ) throws -> Double {
        let sound = try Sound(try TensorFile.open(path).onlyTensor(), rate: rate)
        let start = peer_process_seconds()
        let resampled = try ResampledSound(sound, rate: target)
        let count = resampled.count ?? 0
        var samples = [Float](repeating: 0, count: count * resampled.channels)
        var span = samples.mutableSpan
        guard try resampled.fill(0..<count, into: &span) == count else { throw Complaint("the sound ends early") }
        let seconds = peer_process_seconds() - start
        if out != "-" { try samples.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: out)) } }
        return seconds
    }

    private static func answer(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}

/// A sound in memory, and who writes it.
struct OpenSound {
    let sound: Sound
    private let samples: [Float]
    /// What a WAV of it is: the least that anybody writes.
    private let ready: [UInt8]

    init(_ path: String, rate: Int) throws {
        let tensor = try TensorFile.open(path).onlyTensor()
        guard tensor.elementType == .float32 else { throw Complaint("float32 is wanted") }
        sound = try Sound(tensor, rate: rate)
        var samples = [Float](repeating: 0, count: (sound.count ?? 0) * sound.channels)
        var span = samples.mutableSpan
        _ = try sound.fill(0..<(sound.count ?? 0), into: &span)
        self.samples = samples
        let sink = MemorySink()
        _ = try WAVEncoder().encode(sound, to: sink)
        ready = sink.bytes
    }

    /// One contestant's time, and the size of its file.
    func run(_ name: String, _ path: String) throws -> (seconds: Double, bytes: Int) {
        // An old file would have to be emptied first.
        unlink(path)
        let start = peer_process_seconds()
        switch name {
        case "write":
            guard ready.withUnsafeBytes({ peer_write(path, $0.baseAddress, $0.count) }) == 0 else {
                throw Complaint("cannot write \(path)")
            }
        case "read":
            _ = samples.withUnsafeBytes { peer_read($0.baseAddress, $0.count) }
            return (peer_process_seconds() - start, 0)
        case "libsndfile":
            let (count, channels, rate) = (sound.count ?? 0, sound.channels, sound.rate)
            let failed = peer_sound_file(path, samples, count, Int32(channels), Int32(rate))
            guard failed == 0 else { throw Complaint("libsndfile is missing, or failed") }
        case "ours": try write(WAVEncoder(), path)
        case "ours,dither": try write(WAVEncoder(dither: .triangular()), path)
        case "ours,float32": try write(WAVEncoder(sampleFormat: .float32), path)
        case "ours,flac": try write(CodedSoundEncoder(format: .flac), path)
        case "waveform": try draw(try Waveform(sound).framed(), path, .balanced)
        case "spectrogram": try draw(try Spectrogram(sound).framed(), path, .balanced)
        case "waveform,fastest": try draw(try Waveform(sound).framed(), path, .fastest)
        case "spectrogram,fastest": try draw(try Spectrogram(sound).framed(), path, .fastest)
        default: throw Complaint("there is no \(name)")
        }
        let seconds = peer_process_seconds() - start
        var status = stat()
        guard stat(path, &status) == 0 else { throw Complaint("\(path) is missing") }
        return (seconds, Int(status.st_size))
    }

    private func write(_ encoder: some SoundEncoder, _ path: String) throws {
        let sink = try FileSink(path: path)
        _ = try encoder.encode(sound, to: sink)
        _ = try sink.commit()
    }

    private func draw(_ picture: any PixelSource, _ path: String, _ preset: EncodingPreset) throws {
        let sink = try FileSink(path: path)
        _ = try PNGEncoder(preset: preset).encode(picture, to: sink)
        _ = try sink.commit()
    }
}

/// A sound that is nowhere: each number is made when it is asked for.
struct MadeSound: SampleSource {
    let rate = 48_000
    let channels = 1
    let count: Int?

    init(seconds: Int) { count = seconds * 48_000 }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let range = range.clamped(to: 0..<(count ?? 0))
        for (place, sample) in range.enumerated() { samples[place] = Float(sample % 211) / 211 - 0.5 }
        return range.count
    }

    /// How much more memory than before is resident at most while a file is written.
    func memory(writing path: String) throws -> Int64 {
        unlink(path)
        let before = peer_reset_peak()
        let sink = try FileSink(path: path)
        _ = try WAVEncoder().encode(self, to: sink)
        _ = try sink.commit()
        return peer_peak_bytes() - before
    }
}

/// What is wrong with a question.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
