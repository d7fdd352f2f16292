import ArgumentParser
import TensorMedia

/// What `overlay` does with a data set.
struct DataSetArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "coco, yolo, labelme or voc; found out if not given. --format says what to write.", valueName: "kind"),
        completion: .list(DataSetFormat.allCases.map(\.rawValue)))
    var datasetFormat: String?
    @OptionGroup var reading: DataSetReading
    @Option(help: ArgumentHelp("Draw on the first pictures alone.", valueName: "n"))
    var limit: Int?
    @Flag(help: "Leave out pictures without annotations.")
    var annotatedOnly = false
    @Flag(help: "Leave existing files alone: a picture that exists is a failure.")
    var noOverwrite = false
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("How many threads, 1 to 1024; all processors if not given.", valueName: "n"))
    var jobs: Int?

    /// The options that were given.
    var given: [String] {
        let options: [(String, Bool)] = [
            ("--dataset-format", datasetFormat != nil), ("--pictures", reading.pictures != nil),
            ("--yolo-rows", reading.yoloRows != nil), ("--limit", limit != nil), ("--annotated-only", annotatedOnly),
            ("--no-overwrite", noOverwrite), ("--jobs", jobs != nil),
        ]
        return options.filter(\.1).map(\.0)
    }

    /// Looks at a call that names neither masks nor boxes.
    func validate(_ command: Overlay) throws {
        guard Self.isDataSet(command.image) else {
            throw ValidationError(
                "Nothing to draw: give --mask or --boxes, or name a data set: a folder, or a file of annotations.")
        }
        try DataSetReading.checkKind(datasetFormat, option: "--dataset-format")
        if let limit, limit < 1 { throw ValidationError("--limit is a whole number from 1.") }
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is a whole number from 1 to 1024.") }
        let (reading, writing, drawing) = (command.reading, command.writing, command.annotations)
        let options: [(String, Bool)] = [
            ("--as", reading.kind != nil), ("--layout", reading.layout != nil), ("--range", reading.range != nil),
            ("--colormap", reading.colormap != nil), ("--raw", reading.raw != nil), ("--rules", reading.rules != nil),
            ("--grid", writing.grid != nil), ("--range-bar", writing.rangeBar), ("--keep", writing.keep),
            ("--resize-masks", drawing.resizeMasks), ("--pixels", drawing.pixels),
        ]
        if let option = options.first(where: \.1)?.0 {
            throw ValidationError("\(option) has no effect on the pictures of a data set; leave it out.")
        }
    }

    /// Whether a path is to be read as a data set.
    private static func isDataSet(_ path: String) -> Bool {
        switch (try? FileSystem.status(of: path)) ?? nil {
        case let status? where status.kind == .folder: return true
        case _?: return ["json", "xml", "txt", "yaml", "yml"].contains { path.lowercased().hasSuffix("." + $0) }
        // That there is no such thing is said when it is opened.
        case nil: return ImageFileType(pathOf: path) == nil && !path.lowercased().hasSuffix(".npy")
        }
    }
}

/// How a data set is read where its files do not say: shared by all that read one.
struct DataSetReading: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder with the pictures, when it is not the data set's.", valueName: "folder"),
        completion: .directory)
    var pictures: String?
    @Option(
        help: ArgumentHelp(
            "What rows of YOLO are: boxes, polygons or oriented (turned boxes); told by their numbers if not given.",
            valueName: "kind"),
        completion: .list(YOLORowKind.allCases.map(\.rawValue)))
    var yoloRows: YOLORowKind?

    /// Puts what was given into `options`.
    func apply(to options: inout DataSetOptions) {
        options.pictureFolder = pictures
        if let yoloRows { options.yoloRows = yoloRows.rows }
    }

    /// Refuses a kind of data set that there is not.
    static func checkKind(_ kind: String?, option: String) throws {
        guard let kind, DataSetFormat(rawValue: kind) == nil else { return }
        throw ValidationError("There is no kind of data set \"\(kind)\"; \(option) is coco, yolo, labelme or voc.")
    }
}

/// What the rows of YOLO files are, as the command line has it.
enum YOLORowKind: String, ExpressibleByArgument, CaseIterable {
    case boxes, polygons, oriented

    /// The same for the library.
    var rows: DataSetOptions.YOLORows {
        switch self {
        case .boxes: .boxes
        case .polygons: .polygons
        case .oriented: .orientedBoxes
        }
    }
}
