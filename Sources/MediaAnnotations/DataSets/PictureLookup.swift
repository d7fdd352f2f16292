import ImageCoding
import MediaCore

/// Finds the pictures that annotations speak of, inside one folder, and compares their sizes.
struct PictureLookup: Sendable {
    var folder: DataSetFolder
    /// Whether the headers of pictures are read.
    let readsHeaders: Bool
    let limits: Limits
    /// Which pictures have to be there.
    var demand = PictureDemand.none

    /// The endings that are tried for a stem, the usual ones first.
    static let endings = ["jpg", "jpeg", "png", "bmp", "webp", "gif", "JPG", "JPEG", "PNG", "BMP", "tif", "tiff"]

    /// Looks for a picture by the name that the annotations give, in several folders in turn.
    ///
    /// - Parameters:
    ///   - image: Its name is looked for; the path, size and findings are set.
    ///   - folders: Relative to the folder; the first that has the picture wins.
    ///   - stem: The name that a picture in one of the folders has, but for its ending, when the given one is wrong.
    func find(_ image: inout DataSetImage, in folders: [String], orStem stem: String? = nil) {
        var outside: String?
        for place in folders {
            switch folder.find(image.name, in: place) {
            case .file(let path): return take(path, &image)
            case .nothing: break
            case .outside(let reason): outside = outside ?? reason
            }
        }
        if let outside {
            image.report.add(
                .error(
                    .pathInvalid, "the picture \"\(image.name)\" is not inside \(folder.path): \(outside)",
                    path: image.nameField, value: image.name,
                    hint: "name pictures relative to the data set's folder, with /"))
        } else if let stem, let (name, path) = picture(withStem: stem, in: folders) {
            image.report.add(
                .warning(
                    .dataSetPictureMissing, "there is no picture \"\(image.name)\", \(name) is taken",
                    path: image.nameField,
                    value: image.name, hint: "write \(name)"))
            take(path, &image)
        } else {
            reportMissing(&image)
        }
    }

    private func picture(withStem stem: String, in folders: [String]) -> (name: String, path: String)? {
        for place in folders {
            for ending in Self.endings {
                if case .file(let path) = folder.find(stem + "." + ending, in: place) {
                    return (stem + "." + ending, path)
                }
            }
        }
        return nil
    }

    /// Looks for a picture by its stem, with each ending that pictures have.
    func findStem(_ image: inout DataSetImage, stems: [String]) {
        for stem in stems {
            for ending in Self.endings {
                switch folder.find(stem + "." + ending) {
                case .file(let path):
                    image.name = stem + "." + ending
                    return take(path, &image)
                case .outside(let reason):
                    image.report.add(
                        .error(
                            .pathInvalid, "the picture \"\(stem).\(ending)\" is not inside \(folder.path): \(reason)",
                            hint: "copy the picture, or name the folder that it is in"))
                    return
                case .nothing: break
                }
            }
        }
        reportMissing(&image)
    }

    private func reportMissing(_ image: inout DataSetImage) {
        let isDemanded = demand == .all || (demand == .annotated && !image.annotations.isEmpty)
        image.report.add(
            Finding(
                isDemanded ? .error : .warning, .dataSetPictureMissing,
                "there is no picture \"\(image.name)\" in \(folder.path)", path: image.nameField, value: image.name,
                hint: "copy the pictures there, or name the folder that they are in"))
    }

    /// Notes the picture, and compares its size with what the annotations say.
    private func take(_ path: String, _ image: inout DataSetImage) {
        image.picture = path
        guard readsHeaders else { return }
        do throws(MediaError) {
            let header = try header(of: path)
            let (width, height) = (header.orientedWidth, header.orientedHeight)
            guard let statedWidth = image.width, let statedHeight = image.height else {
                (image.width, image.height) = (image.width ?? width, image.height ?? height)
                return
            }
            // Annotations are made on the picture as it is shown, or as it is stored: both are used.
            let fits = (statedWidth, statedHeight) == (width, height)
            guard !fits, (statedWidth, statedHeight) != (header.width, header.height) else { return }
            image.fitsPicture = false
            image.report.add(
                .error(
                    .dataSetPictureSize,
                    "the picture has \(width)×\(height) pixels, its annotations are for \(statedWidth)×\(statedHeight)",
                    path: image.nameField, value: "\(statedWidth)×\(statedHeight)",
                    hint: "annotate this picture, or scale it back"))
        } catch {
            // TIFF and others are fine as pictures of a data set, though not read here.
            if error.code == .unrecognized, !["jpg", "jpeg", "png", "bmp", "webp", "gif"].contains(path.fileEnding) {
                return
            }
            image.report.add(
                .warning(
                    error.code, "the picture \(path) cannot be read: \(error.message)", path: image.nameField,
                    hint: error.hint))
        }
    }

    /// The header of a picture, from its beginning where that is enough.
    private func header(of path: String) throws(MediaError) -> ImageHeader {
        let (file, status) = try FileContents.openForParts(path)
        var limits = limits
        limits.mappedFileBytes = .max
        for count in [1 << 14, 1 << 20] where count < status.byteCount {
            let beginning = try FileContents.part(0..<count, of: file, name: path, limits: limits)
            if let header = beginning.withBytes({ try? ImageHeader.read($0) }) { return header }
        }
        return try FileContents.open(path, limits: self.limits).withBytes { (bytes) throws(MediaError) in
            try ImageHeader.read(bytes)
        }
    }
}
