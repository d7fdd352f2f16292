public import MediaCore

/// The kinds of data set that are read here.
public enum DataSetFormat: String, Sendable, CaseIterable {
    /// One JSON file for all pictures: <https://cocodataset.org/#format-data>, object detection and keypoints.
    case coco
    /// A text file per picture, a row of numbers per thing; the names of classes beside them.
    case yolo
    /// A JSON file per picture, as the program LabelMe writes it.
    case labelMe = "labelme"
    /// An XML file per picture: Pascal Visual Object Classes.
    case voc

    /// What people call it.
    public var title: String {
        switch self {
        case .coco: "COCO"
        case .yolo: "YOLO"
        case .labelMe: "LabelMe"
        case .voc: "Pascal VOC"
        }
    }

    /// The kind of a data set, from what there is at a path.
    ///
    /// A file is told by its ending and, for JSON, by its first bytes. In a folder, the folders that the formats prescribe are
    /// looked at first (`Annotations`, `annotations`, `labels`), then the files beside them.
    ///
    /// - Throws: `file.not-found`; `format.unrecognized` when the path is of no known kind, or of several.
    public static func detect(_ path: String) throws(MediaError) -> DataSetFormat {
        switch try FileSystem.status(of: path)?.kind {
        case nil:
            throw MediaError(
                .fileNotFound, "there is no such file or folder", hint: "check the path", at: .init(file: path))
        case .folder?: return try detect(folder: try DataSetFolder(path: path))
        case _?:
            guard let format = try detect(file: path) else { throw unrecognized(path, "the file is of no known kind") }
            return format
        }
    }

    private static func detect(folder: DataSetFolder) throws(MediaError) -> DataSetFormat {
        let top = try folder.list("", endings: endings)
        var found: Set<DataSetFormat> = []
        for name in ["Annotations", "annotations", "labels", "Labels"] where top.folders.contains(name) {
            found.formUnion(try formats(in: folder, name))
        }
        // `labels/train`, `labels/val`.
        if found.isEmpty, top.folders.contains("labels") {
            for name in try folder.list("labels", endings: endings).folders {
                found.formUnion(try formats(in: folder, name))
            }
        }
        if found.isEmpty { found = try formats(in: folder, "") }
        // `train` and `valid` with everything inside.
        if found.isEmpty {
            for name in top.folders.prefix(16) {
                found.formUnion(try formats(in: folder, name))
                if try folder.list(name, endings: []).folders.contains(name + "/labels") {
                    found.formUnion(try formats(in: folder, name + "/labels"))
                }
            }
        }
        if let format = found.first, found.count == 1 { return format }
        if found.isEmpty {
            throw unrecognized(folder.path, "there are no annotations of a known kind in the folder")
        }
        let names = allCases.filter(found.contains).map(\.title).joined(separator: " and ")
        throw unrecognized(folder.path, "the folder has annotations of several kinds: \(names)")
    }

    /// The kinds of the files in one folder. One file of each ending is looked at: sets have many thousands.
    private static func formats(in folder: DataSetFolder, _ name: String) throws(MediaError) -> Set<DataSetFormat> {
        var found: Set<DataSetFormat> = []
        var seen: Set<String> = []
        for file in try folder.list(name, endings: endings).files where !YOLONames.hasNoRows(file) {
            let ending = file.fileEnding
            // JSON may be anything, so a few are looked at.
            guard ending == "json" ? found.isEmpty : seen.insert(ending).inserted else { continue }
            if case .file(let path) = folder.find(file), let format = try detect(file: path) { found.insert(format) }
        }
        return found
    }

    private static let endings: Set<String> = ["json", "xml", "txt"]

    private static func detect(file path: String) throws(MediaError) -> DataSetFormat? {
        switch path.fileEnding {
        case "xml": return .voc
        case "txt": return YOLONames.hasNoRows(path) ? nil : .yolo
        case "yaml", "yml": return .yolo
        case "json": return try detectJSON(path)
        default: return nil
        }
    }

    /// COCO has `images`, `annotations` or `categories`, LabelMe `shapes` or `imagePath`; of both, the first words say it.
    private static func detectJSON(_ path: String) throws(MediaError) -> DataSetFormat? {
        let (file, status) = try FileContents.openForParts(path)
        let count = min(status.byteCount, 1 << 16)
        let beginning = try FileContents.part(0..<count, of: file, name: path, limits: .default)
        let text = beginning.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
        if ["\"shapes\"", "\"imagePath\"", "\"imageData\""].contains(where: text.contains) { return .labelMe }
        if ["\"images\"", "\"annotations\"", "\"categories\""].contains(where: text.contains) { return .coco }
        return nil
    }

    private static func unrecognized(_ path: String, _ message: String) -> MediaError {
        MediaError(
            .unrecognized, message, hint: "name the kind (coco, yolo, labelme, voc), or a file of the data set",
            at: .init(file: path))
    }
}
