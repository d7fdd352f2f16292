import Foundation
import ImageCoding
import MediaCore
import TensorIO

/// `encode-benchmarks CORPUS`: answers lines on standard input with lines of JSON, so that whoever asks can let other
/// encoders run in between.
///
/// - `open NAME [CONTESTANT]`: gets a picture ready for all contestants, or for one; answers with their names.
/// - `round SECONDS`: runs each for so long, at least once, and answers with what one encoding took.
/// - `memory`: how much `.fastest` takes beside the picture, on one and two threads.
/// - `conversion HEIGHT WIDTH ROUNDS`: a ``ConversionSpeed``.
/// - `machine`: the level of instructions and versions of libraries.
@main
enum Main {
    static func main() {
        do {
            guard CommandLine.arguments.count == 2 else { throw Failure("usage: encode-benchmarks CORPUS") }
            try serve(CommandLine.arguments[1])
        } catch {
            FileHandle.standardError.write(Data("encode-benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func serve(_ folder: String) throws {
        let corpus = try Corpus.open(folder)
        var picture: Contestants?
        var contestants: [Contestant] = []
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("open"?, 2...):
                let opened = try Contestants(corpus.entry(words[1]), folder: folder)
                let wanted = words.dropFirst(2).joined(separator: " ")
                contestants = opened.all.filter { wanted.isEmpty || $0.name == wanted }
                picture = opened
                try answer(Opened(contestants: contestants.map(\.name), pixelBytes: opened.pixels.rows.count))
            case ("round"?, 2):
                let seconds = Double(words[1]) ?? 0
                try answer(contestants.map { try $0.run(for: seconds) })
            case ("memory"?, 1):
                try answer([try picture?.peakMemory(threads: 1), try picture?.peakMemory(threads: 2)])
            case ("conversion"?, 4):
                let numbers = words.dropFirst().compactMap { Int($0) }
                guard numbers.count == 3 else { throw Failure("no numbers: \(line)") }
                try answer(try ConversionSpeed(height: numbers[0], width: numbers[1], rounds: numbers[2]))
            case ("machine"?, 1):
                var facts = ["level": CPULevel.current.rawValue]
                for library in ImageLibraries.all { facts[library.name] = library.version }
                try answer(facts)
            default: throw Failure("not understood: \(line)")
            }
        }
    }

    private struct Opened: Encodable {
        var contestants: [String]
        var pixelBytes: Int
    }

    private static func answer(_ value: some Encodable) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(value) + Data("\n".utf8))
    }
}
