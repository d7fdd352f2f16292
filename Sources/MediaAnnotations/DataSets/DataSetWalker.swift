public import MediaCore

/// Reads the files of a data set one after the other, and gives their pictures.
public struct DataSetWalker: Sendable {
    /// What a step along the set gives.
    public enum Step: Sendable {
        /// A picture with its annotations, and what was found about them.
        case image(DataSetImage)
        /// What was found in a file that belongs to no picture of it. Files without such findings are no step.
        case file(FileReport)
    }

    /// The findings of a file.
    public struct FileReport: Sendable, Hashable {
        /// The path of the file.
        public var file: String
        /// What was found.
        public var report: ValidationReport
    }

    /// The names of the classes that were met so far; all of them after the last step.
    ///
    /// Formats that have names alone (LabelMe, Pascal VOC) give them numbers from 0 in the order in which they are met.
    public var labels: ClassLabels {
        switch set.format {
        case .coco, .yolo: knownLabels
        case .labelMe, .voc: numbering.labels
        }
    }

    /// The skeletons of classes with keypoints that were met so far.
    public private(set) var skeletons: [Int: Skeleton] = [:]

    private let set: AnnotatedDataSet
    private var knownLabels: ClassLabels
    private var numbering = ClassNumbering()
    /// Files of the folder that is being read, and folders that come later; the next one last.
    private var files: [String] = []
    private var folders: [String] = []
    /// Pictures of the COCO file that is being read; the next one last.
    private var images: [DataSetImage] = []
    /// The folder of that file.
    private var imagesFolder = ""
    private var waiting: [FileReport] = []

    init(_ set: AnnotatedDataSet) {
        self.set = set
        knownLabels = set.names.labels
        switch set.start {
        case .file(let file): files = [file]
        case .folder(let folder): folders = [folder]
        }
        guard set.format == .yolo else { return }
        var report = set.names.report
        if set.names.labels.isEmpty, !report.hasErrors {
            report.add(
                .warning(
                    .dataSetLabelsMissing, "the classes have no names",
                    hint: "add data.yaml with names: […], or classes.txt with a name per line"))
        }
        if report.count > 0 {
            waiting.append(
                FileReport(file: set.namesFile.map(set.root.path.appendingPath) ?? set.root.path, report: report))
        }
    }

    /// The next picture, or the findings of the next file; `nil` at the end.
    ///
    /// - Throws: `file.unreadable` when a folder cannot be listed. A file that cannot be read is a finding.
    public mutating func next() throws(MediaError) -> Step? {
        while true {
            if let report = waiting.popLast() { return .file(report) }
            if let image = images.popLast() { return .image(withPicture(image)) }
            if let file = files.popLast() {
                if set.format == .coco { readCOCO(file) } else { return .image(read(file)) }
            } else if let folder = folders.popLast() {
                let list = try set.root.list(folder, endings: endings)
                files = list.files.filter { set.format != .yolo || !YOLONames.hasNoRows($0) }.reversed()
                folders += list.folders.reversed()
            } else {
                return nil
            }
        }
    }

    private var endings: Set<String> {
        switch set.format {
        case .coco, .labelMe: ["json"]
        case .yolo: ["txt"]
        case .voc: ["xml"]
        }
    }

    /// Opens a file inside the set's folder.
    private func open(_ file: String) throws(MediaError) -> FileContents {
        switch set.root.find(file) {
        case .file(let path): return try FileContents.open(path, limits: set.options.limits)
        case .nothing: throw MediaError(.fileNotFound, "there is no such file", hint: "check where its link leads")
        case .outside(let reason):
            throw MediaError(
                .pathInvalid, "the file is not inside \(set.root.path): \(reason)", hint: "copy the file into the set")
        }
    }

    // MARK: COCO

    private mutating func readCOCO(_ file: String) {
        let path = set.root.path.appendingPath(file)
        do throws(MediaError) {
            var document = try COCODocument(try open(file), limits: set.options.limits)
            merge(document.labels, into: &document.report)
            skeletons.merge(document.skeletons) { known, _ in known }
            images = document.images.reversed()
            imagesFolder = file.parentFolder
            if document.report.count > 0 { waiting.append(FileReport(file: path, report: document.report)) }
        } catch {
            var report = ValidationReport()
            report.add(error)
            waiting.append(FileReport(file: path, report: report))
        }
    }

    /// Adds the classes of another file of the set; a number means the same in all of them.
    private mutating func merge(_ labels: ClassLabels, into report: inout ValidationReport) {
        var entries = knownLabels.entries
        for entry in labels.entries {
            switch knownLabels[entry.id] {
            case nil: entries.append(entry)
            case entry.name?: break
            case let name?:
                report.add(
                    .error(
                        .labelsRepeated, "class \(entry.id) is \"\(entry.name)\" here and \"\(name)\" in another file",
                        path: "categories", value: entry.name, hint: "give every class one name"))
            }
        }
        knownLabels = (try? ClassLabels(entries)) ?? knownLabels
    }

    private func withPicture(_ image: DataSetImage) -> DataSetImage {
        var image = image
        // Images without findings have no room for any: a file has many thousands.
        if image.report.count == 0 { image.report = ValidationReport() }
        guard let pictures = set.pictures else { return image }
        let stem = image.file.splitPath.name.withoutPathEnding
        // instances_val2017.json speaks of the pictures in val2017.
        let part = stem.split(separator: "_").last.map(String.init) ?? stem
        let folders =
            set.options.pictureFolder == nil ? ["", "images", part, "images/" + part, "data", imagesFolder] : [""]
        pictures.find(&image, in: folders.uniqued)
        return image
    }

    // MARK: A file per picture

    private mutating func read(_ file: String) -> DataSetImage {
        let path = set.root.path.appendingPath(file)
        let stem = file.splitPath.name.withoutPathEnding
        var image = DataSetImage(name: stem, file: path)
        do throws(MediaError) {
            let reader = PictureFileReader(format: set.format, names: set.names, options: set.options)
            image = try reader.read(try open(file), into: image, numbering: &numbering)
        } catch {
            image.report.add(error)
            return image
        }
        guard let pictures = set.pictures else { return image }
        let isInside = set.options.pictureFolder == nil
        let folder = file.parentFolder
        switch set.format {
        case .voc:
            pictures.find(
                &image, in: isInside ? ["JPEGImages", "images", "Images", folder, ""].uniqued : [""],
                orStem: stem)
        case .labelMe: pictures.find(&image, in: [isInside ? folder : ""], orStem: stem)
        case .coco, .yolo: pictures.findStem(&image, stems: isInside ? Self.stems(of: file) : [stem])
        }
        return image
    }

    /// Where the picture of a file of rows may be: in `images` where the rows are in `labels`, or beside it.
    private static func stems(of file: String) -> [String] {
        let stem = file.withoutPathEnding
        var parts = stem.split(separator: "/")
        guard let place = parts.dropLast().lastIndex(of: "labels") else { return [stem, "images/" + stem] }
        parts[place] = "images"
        return [parts.joined(separator: "/"), stem]
    }
}

extension DataSetWalker {
    /// What a single file of annotations gives that is in memory already; pictures are not looked for.
    ///
    /// For a YOLO set, bytes that begin a list of names are read as one too.
    ///
    /// - Throws: what the reader of the format throws for a file that is none.
    package static func steps(
        of contents: FileContents, as format: DataSetFormat, limits: Limits = .default
    ) throws(MediaError) -> [Step] {
        if format == .coco {
            let document = try COCODocument(contents, limits: limits)
            return document.images.map { .image($0) } + [
                .file(FileReport(file: contents.name, report: document.report))
            ]
        }
        var options = DataSetOptions()
        options.limits = limits
        let names = format == .yolo ? YOLONames(contents, isYAML: true, limits: limits) : YOLONames()
        var numbering = ClassNumbering()
        let reader = PictureFileReader(format: format, names: names, options: options)
        let image = try reader.read(
            contents, into: DataSetImage(name: contents.name, file: contents.name), numbering: &numbering)
        return [.file(FileReport(file: contents.name, report: names.report)), .image(image)]
    }
}

/// Reads a file that speaks of one picture, in the format of its set.
private struct PictureFileReader {
    let format: DataSetFormat
    let names: YOLONames
    let options: DataSetOptions

    func read(
        _ contents: FileContents, into image: DataSetImage, numbering: inout ClassNumbering
    ) throws(MediaError) -> DataSetImage {
        switch format {
        case .voc: try VOCDocument.read(contents, into: image, numbering: &numbering, limits: options.limits)
        case .labelMe: try LabelMeDocument.read(contents, into: image, numbering: &numbering, limits: options.limits)
        case .coco, .yolo: YOLODocument.read(contents, into: image, names: names, options: options)
        }
    }
}

extension [String] {
    /// The same without what stood before.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
