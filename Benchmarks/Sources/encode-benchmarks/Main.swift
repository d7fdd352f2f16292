import CPeers
import Foundation
import ImageCoding
import MediaCore
import TensorIO

/// `encode-benchmarks CORPUS OUT.json`: times ours, libpng and libjpeg on every picture of a corpus.
@main
enum Main {
    static func main() {
        do {
            guard CommandLine.arguments.count == 3 else { throw Failure("usage: encode-benchmarks CORPUS OUT.json") }
            let folder = CommandLine.arguments[1]
            var results: [Measurement] = []
            for entry in try Corpus.open(folder).entries where entry.isPicture {
                let contestants = try Contestants(entry, path: folder + "/" + entry.file)
                results += try Harness().measure(
                    contestants.all, entry: entry.name, group: entry.group, pixelBytes: contestants.pixels.rows.count)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(results).write(to: URL(fileURLWithPath: CommandLine.arguments[2]))
        } catch {
            print("encode-benchmarks: \(error)")
            exit(1)
        }
    }
}
