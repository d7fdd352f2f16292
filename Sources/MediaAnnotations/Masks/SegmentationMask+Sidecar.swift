public import ImageCoding
public import MediaCore
import TensorIO

extension SegmentationMask {
    /// The mask as a gray picture whose levels are the ids: 8 bits, or 16 when an id is above 255.
    public var source: any PixelSource { MaskPixels(mask: self) }

    /// The folder of masks below `media`.
    public static let subfolder = "images/mask"

    /// Writes the mask as `media/images/mask/<key>_<step>_<sha>.mask.png`, a gray PNG of the ids as they are.
    ///
    /// History: `{_type: "mask", sha256, size, path}`; see ``historyJSON(of:)``.
    ///
    /// - Throws: `mask.id-range` for ids above 255 under the rules of wandb, whose masks have 8 bits; what writing throws.
    public func writeSidecar(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord.File {
        if compatibility.isWandb, let entry = classes.last, entry.id > 255 {
            throw MediaError(
                .maskIDRange, "class \(entry.id) is above 255, the most that a mask of wandb holds",
                hint: "number the classes from 0, or write under .standard", at: .init(field: "mask_data"))
        }
        let source = source
        return try folder.write(
            subfolder: Self.subfolder, key: key, step: step, extension: ".mask.png", compatibility: compatibility,
            role: .sidecar
        ) { (sink) throws(MediaError) in
            try PNGEncoder(.init(preset: .fastest, reduction: .never)).encode(source, to: sink)
        }.file
    }

    /// Copies a file that holds a mask, byte for byte, as `media/images/mask/<key>_<step>_<sha>` with its own extension.
    ///
    /// The file is decoded first, so that none that is damaged is copied.
    ///
    /// - Returns: the file, and the size of its picture.
    /// - Throws: what ``ImageCoding/ImageFile/decode(path:limits:appliesOrientation:)`` and
    ///   ``MediaCore/MediaFolder/copy(fileAt:subfolder:key:step:extension:compatibility:role:)`` throw.
    public static func copySidecar(
        fileAt path: String, to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility = .standard, limits: Limits = .default
    ) throws(MediaError) -> (file: MediaRecord.File, width: Int, height: Int) {
        let contents = try FileContents.open(path, limits: limits)
        let picture = try ImageFile.decode(contents, limits: limits, appliesOrientation: false)
        // What was decoded is what is written, even when the file changes meanwhile.
        let file = try folder.write(
            subfolder: subfolder, key: key, step: step, extension: fileExtension(of: path),
            compatibility: compatibility, role: .sidecar
        ) { (sink) throws(MediaError) in
            try contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
        }.file
        return (file, picture.width, picture.height)
    }

    /// The extension of a path with its dot; empty when it has none.
    private static func fileExtension(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return String(name[dot...])
    }

    /// What stands in the history for the file of a mask.
    public static func historyJSON(of file: MediaRecord.File) -> JSONObject { file.json(mediaType: "mask") }

    /// The labels as they stand in the configuration of a run, under `_wandb`, `mask/class_labels` and the names of the
    /// picture's key and of the group.
    ///
    /// - Parameters:
    ///   - key: the key of the picture, as it was logged.
    ///   - group: the name of the group that the mask stands in, such as `predictions`.
    public func labelRecord(key: String, group: String) -> MediaRecord.ConfigRecord {
        labels.record(kind: "mask/class_labels", key: key, group: group)
    }
}

/// The numbers of a mask as gray levels.
private struct MaskPixels: PixelSource {
    let mask: SegmentationMask
    var width: Int { mask.width }
    var height: Int { mask.height }
    var format: PixelFormat { mask.tensor.elementType == .uint16 ? .gray16 : .gray }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let length = bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount >= rows.count * length else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of a mask of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        unsafe band.withUnsafeMutableBytes { bytes in
            guard let target = bytes.baseAddress else { return }
            unsafe mask.withRows { first, pitch in
                for (i, row) in rows.enumerated() {
                    unsafe (target + i * length).copyMemory(from: first + row * pitch, byteCount: length)
                }
            }
        }
    }
}
