import Foundation
import TensorMedia
import TestSupport
import Testing

@Suite("The tutorial compiles, and does what it says")
struct TutorialTests {
    private let folder: TemporaryFolder
    private let width: Int
    private let height: Int
    private let values: [Float]

    init() throws {
        folder = try TemporaryFolder()
        let (width, height) = (64, 48)
        let values = (0..<3 * height * width).map { Float($0 % width) / Float(width - 1) }
        (self.width, self.height, self.values) = (width, height, values)
    }

    @Test("A float tensor to PNG in five lines")
    func fiveLines() throws {
        let tensor = try Tensor(values, shape: [3, height, width])
        let file = try FileSink(path: folder.path("gradient.png"), digest: .sha256)
        let report = try PNGEncoder().encode(tensor.picture(), to: file)
        let receipt = try file.commit()
        print(receipt.path, receipt.byteCount, report.facts.layout ?? "", report.facts.mapping?.name ?? "")

        #expect(report.facts.layout == "chw" && report.facts.mapping?.name == "unit")
        #expect(receipt.sha256 != nil)
        let image = try decode(folder.bytes("gradient.png"))
        #expect((image.width, image.height, image.format) == (width, height, .rgb))
        #expect(image.pixels[0] == 0 && image.pixels[3 * 63] == 255)
    }

    @Test("Options that leave nothing to infer")
    func options() throws {
        let tensor = try Tensor(values, shape: [3, height, width])
        let options = PictureOptions { options in
            options.layout = .chw
            options.mapping = .unit
            options.strictness = .strict
        }
        let picture = try tensor.picture(options)

        #expect(picture.facts.findings.isEmpty && picture.facts.mapping?.wasInferred == false)
    }

    @Test("A picture, its record and its history JSON in five lines")
    func record() throws {
        let tensor = try Tensor(values, shape: [3, height, width])
        let image = try Image(tensor, caption: "a gradient")
        let files = try MediaFolder(path: folder.path("run/files"))
        let record = try image.write(to: files, key: "examples/gradient", step: .step(7))
        let history = try JSONWriter.string(record.json)

        let path = try #require(record.path)
        #expect(path.hasPrefix("media/images/examples/gradient_7_") && path.hasSuffix(".png"))
        #expect(folder.files() == ["run/files/" + path])
        #expect(history.hasPrefix(#"{"caption":"a gradient","_type":"image-file","sha256":""#))
        #expect(history.hasSuffix(#""format":"png","width":64,"height":48}"#))
    }

    @Test("A batch, and a sheet of it")
    func batches() throws {
        let batch = try Tensor([Float](repeating: 0.5, count: 8 * 3 * 32 * 32), shape: [8, 3, 32, 32])
        let pictures = try batch.pictures()
        let sheet = try batch.picture(PictureOptions { $0.grid = GridOptions(.init(columns: 4)) })
        let pool = WorkerPool(threadCount: 4)
        let encoder = PNGEncoder(.init(preset: .fastest, pool: pool))
        let bytes = try encoder.encode(sheet)

        #expect(pictures.count == 8)
        #expect(try decode(bytes).width == 4 * 32 + 3 * 2)
    }

    private func decode(_ file: [UInt8]) throws -> DecodedImage { try ImageFile.decode(file.span.bytes) }

    @Test("Every line of Swift in the tutorial stands in this file")
    func verbatim() throws {
        func lines(_ text: String) -> [String] {
            text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let here = Set(lines(try readText(#filePath)))
        let page = try readText(Fixtures.repository + "/Sources/TensorMedia/TensorMedia.docc/GettingStarted.md")
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let code = blocks.flatMap(lines).filter { !$0.hasPrefix("import ") && !$0.hasPrefix(".target(") }
        #expect(code.count > 20)
        for line in code {
            let line = line.replacing("\"gradient.png\"", with: "folder.path(\"gradient.png\")")
                .replacing("\"run/files\"", with: "folder.path(\"run/files\")")
            #expect(here.contains(line), "\(line)")
        }
    }
}
