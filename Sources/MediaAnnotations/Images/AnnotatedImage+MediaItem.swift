import ImageCoding
public import MediaCore

extension AnnotatedImage: MediaListElement {
    /// Writes the picture, and each mask and each group of boxes as a file beside it.
    ///
    /// The files are `media/images/<key>…`, `media/images/mask/<key>…​.mask.png` and
    /// `media/metadata/boxes2D/<key>…​.boxes2D.json`. History: that of the picture, then
    /// `boxes?: {group: {_type: "boxes2D", sha256, size, path}}` and `masks?: {group: {_type: "mask", …}}`. The names of classes
    /// are records for the configuration of the run.
    ///
    /// - Throws: what writing the picture and the sidecars throws, with the name of the group.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        var sidecars = Sidecars()
        for entry in masks.entries {
            do throws(MediaError) {
                try sidecars.add(entry.group, entry.name, folder, key, step, compatibility)
            } catch {
                throw error.under("masks" + entry.name.asSubscript)
            }
        }
        for entry in boxes.entries {
            do throws(MediaError) {
                let file = try entry.group.writeSidecar(
                    to: folder, key: key, step: step, compatibility: compatibility)
                sidecars.files.append(file)
                sidecars.boxes[entry.name] = .object(BoundingBoxGroup.historyJSON(of: file))
                sidecars.labels.append(entry.group.labelRecord(key: key, group: entry.name))
            } catch {
                throw error.under(BoundingBoxGroup.path(ofGroup: entry.name))
            }
        }
        var record = try image.write(to: folder, key: key, step: step, compatibility: compatibility)
        var json = record.json.object ?? JSONObject()
        if !boxes.isEmpty { json["boxes"] = .object(sidecars.boxes) }
        if !masks.isEmpty { json["masks"] = .object(sidecars.masks) }
        record.json = .object(json)
        record.files += sidecars.files
        record.configRecords += sidecars.labels
        record.findings += findings
        return record
    }

    /// Writes the files of a list under one key; see ``AnnotatedImageList`` for the choices.
    public static func write(
        _ items: [AnnotatedImage], to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        try AnnotatedImageList(items).write(to: folder, key: key, step: step, compatibility: compatibility)
    }
}

/// What was written beside a picture.
private struct Sidecars {
    var files: [MediaRecord.File] = []
    var masks = JSONObject()
    var boxes = JSONObject()
    var labels: [MediaRecord.ConfigRecord] = []

    mutating func add(
        _ mask: AnnotatedImage.Mask, _ group: String, _ folder: MediaFolder, _ key: String, _ step: MediaStep,
        _ compatibility: Compatibility
    ) throws(MediaError) {
        let file: MediaRecord.File
        switch mask {
        case .ids(let ids):
            file = try ids.writeSidecar(to: folder, key: key, step: step, compatibility: compatibility)
            labels.append(ids.labelRecord(key: key, group: group))
        case .file(let path):
            file = try SegmentationMask.copySidecar(
                fileAt: path, to: folder, key: key, step: step, compatibility: compatibility
            ).file
        }
        files.append(file)
        masks[group] = .object(SegmentationMask.historyJSON(of: file))
    }
}

extension MediaError {
    /// The error, said of a part of something larger.
    fileprivate func under(_ path: String) -> MediaError {
        var copy = self
        copy.location.field = location.field.map { $0.hasPrefix("[") ? path + $0 : path + "." + $0 } ?? path
        return copy
    }
}
