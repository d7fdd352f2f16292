import ArgumentParser
import TensorMedia

/// `tensor-media doctor`.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show which libraries, codecs and processor instructions are in use.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = SystemReport()
        if json {
            let text = try JSONWriter.string(report.json, options: .init(indentation: 2))
            for line in text.split(separator: "\n") { try Console.result(String(line)) }
        } else {
            for line in report.lines { try Console.result(line) }
        }
    }
}
