import ArgumentParser
import TensorMedia

/// `tensor-media doctor`.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which libraries, codecs and processor instructions are in use.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = SystemReport()
        if json {
            try Console.result(try JSONWriter.string(report.json, options: .init(indentation: 2)))
        } else {
            for line in report.lines { try Console.result(line) }
        }
    }
}
