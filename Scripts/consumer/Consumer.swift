// What a program outside the package writes: the product ImageCoding, and nothing else, turns a tensor into a file. The
// documentation's tutorial shows these lines.
import ImageCoding

@main
enum Consumer {
    static func main() throws {
        let (width, height) = (64, 48)
        let values = (0..<3 * height * width).map { Float($0 % width) / Float(width - 1) }

        let tensor = try Tensor(values, shape: [3, height, width])
        let file = try FileSink(path: CommandLine.arguments[1], digest: .sha256)
        let report = try PNGEncoder().encode(tensor.picture(), to: file)
        let receipt = try file.commit()
        print(receipt.path, receipt.byteCount, report.facts.layout ?? "", report.facts.mapping?.name ?? "")
    }
}
