public import MediaCore

/// A data set on disk: pictures, and what is marked on them.
///
///     let set = try AnnotatedDataSet.open("coco/annotations/instances_val2017.json")
///     var walker = set.walk()
///     while let step = try walker.next() {
///         if case .image(let image) = step { … }
///     }
///
/// Opening looks where things are. The files are read by a ``DataSetWalker``, one after the other, so that a set of any number
/// of files takes the memory of one.
public struct AnnotatedDataSet: Sendable {
    /// The kind.
    public let format: DataSetFormat
    /// The folder that no path of the set may leave.
    public var folder: String { root.path }
    /// The names of the classes, as far as they are known before the first picture: those of a YOLO set.
    public var labels: ClassLabels { names.labels }

    /// Where the annotations are.
    enum Start: Sendable {
        case file(String)
        case folder(String)
    }

    private(set) var root: DataSetFolder
    let start: Start
    let options: DataSetOptions
    /// The folder in which pictures are looked for, and whether the caller named it.
    private(set) var pictures: PictureLookup?
    /// What a YOLO set says of itself, and the file that says it.
    let names: YOLONames
    let namesFile: String?

    /// Looks at a data set.
    ///
    /// - Parameters:
    ///   - path: The folder of the set, the one of its annotations, or one file of annotations; for YOLO also `data.yaml`.
    ///   - format: The kind; when it is not given, ``DataSetFormat/detect(_:)`` is asked.
    ///   - options: What the files do not say.
    /// - Throws: what ``DataSetFormat/detect(_:)`` throws; `file.not-found`, `file.unreadable`.
    public static func open(
        _ path: String, format: DataSetFormat? = nil, options: DataSetOptions = DataSetOptions()
    ) throws(MediaError) -> AnnotatedDataSet {
        let known: DataSetFormat
        if let format { known = format } else { known = try DataSetFormat.detect(path) }
        return try AnnotatedDataSet(path, format: known, options: options)
    }

    private init(_ path: String, format: DataSetFormat, options: DataSetOptions) throws(MediaError) {
        let isFolder: Bool
        switch try FileSystem.status(of: path)?.kind {
        case nil:
            throw MediaError(
                .fileNotFound, "there is no such file or folder", hint: "check the path", at: .init(file: path))
        case .folder?: isFolder = true
        case _?: isFolder = false
        }
        let (rootPath, below) = format.root(of: path.withoutFinalSlashes, isFolder: isFolder)
        let root = try DataSetFolder(path: rootPath)
        var start = isFolder ? Start.folder(below) : .file(below)
        var names = YOLONames()
        var namesFile: String?
        if format == .yolo {
            if case .file(let file) = start, ["yaml", "yml"].contains(file.fileEnding) {
                (namesFile, start) = (file, .folder(""))
            }
            if namesFile == nil { namesFile = try YOLONames.file(in: root) }
            if let namesFile { names = try YOLONames(root.path.appendingPath(namesFile), limits: options.limits) }
        }
        if case .folder("") = start, let inner = try format.annotationFolder(in: root) { start = .folder(inner) }
        var pictures: PictureLookup?
        if options.findsPictures {
            var folder = root
            if let named = options.pictureFolder { folder = try DataSetFolder(path: named) }
            pictures = PictureLookup(
                folder: folder, readsHeaders: options.readsPictureHeaders, limits: options.limits)
        }
        self.format = format
        self.root = root
        self.start = start
        self.options = options
        self.pictures = pictures
        self.names = names
        self.namesFile = namesFile
    }

    /// The same set, whose pictures are drawn on: missing ones are errors, and nothing is looked at below the folder that they
    /// are written to, as long as it is inside the set's.
    ///
    /// - Throws: `argument.invalid` for a set whose pictures are not looked for; `file.unreadable`.
    package func drawn(into folder: String, demand: PictureDemand) throws(MediaError) -> AnnotatedDataSet {
        guard var pictures else {
            throw MediaError(
                .argumentInvalid, "the pictures of the data set are not looked for", hint: "open it with its pictures",
                at: .init(file: root.path))
        }
        var copy = self
        pictures.demand = demand
        if let real = try FileSystem.realPath(of: folder) {
            copy.root = root.leavingOut(real)
            pictures.folder = pictures.folder.leavingOut(real)
        }
        copy.pictures = pictures
        return copy
    }

    /// The folders of the set and of its pictures, without links.
    package var realFolders: [String] { [root.realPath] + (pictures.map { [$0.folder.realPath] } ?? []) }

    /// Where a picture is below the folder that pictures are looked for in; `nil` when it was not found.
    package func relativePath(of image: DataSetImage) -> String? {
        guard let pictures, let path = image.picture else { return nil }
        // What was found begins with the folder's path as the caller wrote it.
        return String(decoding: path.utf8.dropFirst(pictures.folder.path.appendingPath("").utf8.count), as: UTF8.self)
    }

    /// A reader of all pictures, in the order of the bytes of the files' names and in that of each file.
    public func walk() -> DataSetWalker { DataSetWalker(self) }
}

/// Which pictures have to be there: for others, that one is missing is a warning.
package enum PictureDemand: Sendable {
    case none, annotated, all
}

extension DataSetFormat {
    /// The folder that the pictures are in too, and the path below it.
    ///
    /// Annotations have a folder of their own in three formats; who names that, or a file in it, means the whole set.
    fileprivate func root(of path: String, isFolder: Bool) -> (root: String, below: String) {
        var root = isFolder ? path : path.splitPath.folder
        var below = isFolder ? "" : path.splitPath.name
        // YOLO has folders below that one: labels/train.
        let steps = self == .yolo ? 3 : 1
        var (outer, inner) = (root, below)
        for _ in 0..<steps {
            let (folder, name) = outer.splitPath
            guard !name.isEmpty, name != "..", name != "." else { break }
            inner = inner.isEmpty ? name : name + "/" + inner
            outer = folder
            if annotationFolders.contains(name) { (root, below) = (outer, inner) }
        }
        return (root, below)
    }

    /// What folders of annotations are called.
    private var annotationFolders: [String] {
        switch self {
        case .coco: ["annotations"]
        case .yolo: ["labels"]
        case .voc: ["Annotations"]
        case .labelMe: []
        }
    }

    /// The folder of annotations in a set that has one.
    fileprivate func annotationFolder(in root: DataSetFolder) throws(MediaError) -> String? {
        guard !annotationFolders.isEmpty else { return nil }
        let folders = try root.list("", endings: []).folders
        return annotationFolders.first(where: folders.contains)
    }
}

extension YOLONames {
    /// The file of names of a set: `data.yaml`, another one with names in it, or a list of names.
    fileprivate static func file(in root: DataSetFolder) throws(MediaError) -> String? {
        let top = try root.list("", endings: ["yaml", "yml", "txt", "names"])
        let usual = top.files.first { ["data.yaml", "data.yml", "dataset.yaml"].contains($0) }
        if let usual { return usual }
        for file in top.files where ["yaml", "yml"].contains(file.fileEnding) {
            if case .file(let path) = root.find(file), !(try YOLONames(path, limits: .default)).labels.isEmpty {
                return file
            }
        }
        if let list = top.files.first(where: isNameFile) { return list }
        guard top.folders.contains("labels") else { return nil }
        return try root.list("labels", endings: ["txt", "names"]).files.first(where: isNameFile)
    }
}

extension String {
    /// The path without slashes at its end; a single slash stays.
    fileprivate var withoutFinalSlashes: String {
        var path = self
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }
}
