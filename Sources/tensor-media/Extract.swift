import ArgumentParser
import TensorMedia

/// `tensor-media extract`.
struct Extract: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Take the frames out of a GIF.",
        discussion: """
            -o frames/ writes a picture for each frame, -o clip.npy one tensor of frames × rows × columns × channels. Frames are \
            what a browser shows after they were drawn; where one has clear pixels all have four channels.

              tensor-media extract clip.gif -o frames/ --every 2
              tensor-media extract clip.gif -o clip.npy --start 1s --end 3s --size 128x
            """)

    @Argument(help: ArgumentHelp("The clip.", valueName: "gif"), completion: .file(extensions: ["gif"]))
    var input: String
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("A folder for pictures, or a file that ends in .npy.", valueName: "path"),
        completion: .file())
    var output: String
    @Option(help: ArgumentHelp("The kind of pictures: png (if not given), jpg, bmp.", valueName: "format"))
    var format: String?
    @Option(help: ArgumentHelp("The first frame: a number, or a time such as 1.5s.", valueName: "place"))
    var start: String?
    @Option(help: ArgumentHelp("The frame behind the last: a number, or a time.", valueName: "place"))
    var end: String?
    @Option(help: ArgumentHelp("Take every n-th frame.", valueName: "n"))
    var every: String?
    @Option(help: ArgumentHelp("320x240, 320x, x240, fit:320x240, or 320 for the longer side.", valueName: "size"))
    var size: String?
    @Flag(help: "Leave existing files alone: an output that exists is a failure.")
    var noOverwrite = false
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func run() throws {
        Interruption.listen()
        let extraction = try usage { () throws(MediaError) in
            var extraction = FrameExtraction()
            var settings = ConversionSettings()
            for (name, value) in [("start", start), ("end", end), ("every", every), ("size", size)] {
                if let value { try settings.set(name, to: value) }
            }
            extraction.cut = settings.clip.cut
            extraction.size = settings.clip.size
            extraction.overwrites = !noOverwrite
            extraction.cancellation = Interruption.flag
            if let format {
                guard let type = ImageFileType(rawValue: format) else {
                    throw MediaError(
                        .argumentInvalid, "pictures are not written as \"\(format)\"",
                        hint: "choose one of " + ImageFileType.allCases.map(\.rawValue).joined(separator: ", "),
                        at: .init(field: "--format"))
                }
                extraction.fileType = type
            }
            return extraction
        }
        do {
            let report = try extraction.run(input, to: output)
            if !quiet {
                try Console.result(
                    "\(input) → \(output): \(count(report.frameCount, "frame")), \(report.width)×\(report.height) "
                        + "\(report.channels == 4 ? "rgba" : "rgb"), \(bytes(report.byteCount))")
            }
        } catch let error as MediaError {
            if Interruption.flag.isCancelled { throw Interruption.status }
            Console.error(error.inFile(input).description)
            throw ExitStatus.of(error)
        }
    }
}
