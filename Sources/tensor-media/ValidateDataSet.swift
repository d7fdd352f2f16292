import ArgumentParser
import TensorMedia

/// `tensor-media validate dataset`.
struct ValidateDataSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Check a data set: COCO, YOLO, LabelMe or Pascal VOC.",
        discussion: """
            Looked at are the files of annotations and the headers of the pictures: forms, ids, classes, boxes and outlines on \
            their pictures, pictures that are missing or of another size.
            """)

    @Argument(
        help: ArgumentHelp("The folder of the data set, or one file of annotations.", valueName: "path"),
        completion: .file())
    var path: String

    @Option(
        name: [.long, .customLong("dataset-format")],
        help: ArgumentHelp("coco, yolo, labelme or voc; found out if not given.", valueName: "kind"))
    var format: String?
    @OptionGroup var reading: DataSetReading
    @Flag(help: "Do not look for pictures.")
    var withoutPictures = false
    @OptionGroup var printing: FindingOptions

    func validate() throws {
        if withoutPictures, reading.pictures != nil {
            throw ValidationError("--pictures and --without-pictures exclude each other.")
        }
        try DataSetReading.checkKind(format, option: "--format")
    }

    func run() throws {
        Interruption.listen()
        let printer = FindingPrinter(printing)
        var options = DataSetOptions()
        reading.apply(to: &options)
        options.findsPictures = !withoutPictures
        var summary = DataSetSummary()
        let format: DataSetFormat
        do {
            let set = try AnnotatedDataSet.open(path, format: self.format.flatMap(DataSetFormat.init), options: options)
            format = set.format
            var walker = set.walk()
            while let step = try walker.next() {
                if Interruption.flag.isCancelled { throw Interruption.status }
                summary.add(step)
                switch step {
                case .image(let image): try printer.show(image.report, of: image.file)
                case .file(let file): try printer.show(file.report, of: file.file)
                }
            }
        } catch let error as MediaError {
            Console.error(error.inFile(path).onCommandLine.description)
            throw ExitStatus.cannotCompare
        }
        if printing.json {
            try Console.result(try JSONWriter.string(["format": .string(format.rawValue), "summary": summary.json]))
        } else {
            try Console.result(summary.line(format: format))
        }
        try printer.end(errors: summary.errorCount, warnings: summary.warningCount)
    }
}

extension DataSetSummary {
    /// The counts for people.
    fileprivate func line(format: DataSetFormat) -> String {
        "\(format.title): \(count(imageCount, "picture")) (\(count(pictureCount, "file")) found), " + findings()
    }

    /// `12 annotations (and 1 refused), 2 errors, 0 warnings`.
    func findings(furtherWarnings: Int = 0) -> String {
        let refused = refusedCount > 0 ? " (and \(refusedCount) refused)" : ""
        return "\(count(annotationCount, "annotation"))\(refused), \(count(errorCount, "error")), "
            + count(warningCount + furtherWarnings, "warning")
    }
}
