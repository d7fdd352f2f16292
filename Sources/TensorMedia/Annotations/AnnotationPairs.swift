import ImageCoding
import MediaCore

/// Finds the masks and boxes that lie beside the pictures they are for: `x.mask.npy`, `x.boxes.json` beside `x.npy`; with the
/// name of a group between, `x.truth.mask.npy`.
enum AnnotationPairs {
    private enum Kind {
        case mask, boxes
    }

    /// Whether a file is a mask by its name.
    static func isMask(_ input: ConversionInput) -> Bool { input.entry == nil && kind(of: input.relativePath) == .mask }

    /// Whether a file is a mask or one of boxes by its name.
    static func isSidecar(_ input: ConversionInput) -> Bool {
        input.entry == nil && kind(of: input.relativePath) != nil
    }

    private static func kind(of path: String) -> Kind? {
        if path.hasSuffix(".boxes.json") { return .boxes }
        let stem = path.withoutEnding
        guard stem.hasSuffix(".mask"), stem.utf8.count < path.utf8.count else { return nil }
        return AnnotationFiles.maskEndings.contains(String(path.dropFirst(stem.count + 1)).lowercased()) ? .mask : nil
    }

    /// Gives inputs the annotations that were found with them, and takes those out of the inputs. A mask among the inputs that
    /// belongs to nothing stays one.
    ///
    /// - Parameter sidecars: files of masks and boxes that are no inputs themselves.
    static func attach(to inputs: inout [ConversionInput], sidecars: [ConversionInput]) {
        let masks = inputs.indices.filter { isMask(inputs[$0]) && inputs[$0].member == nil }
        guard !masks.isEmpty || !sidecars.isEmpty else { return }
        let taken = Set(masks)
        var owners: [String: Int] = [:]
        for index in inputs.indices where inputs[index].entry == nil && !taken.contains(index) {
            let stem = inputs[index].path.withoutEnding
            if owners[stem] == nil { owners[stem] = index }
        }
        var attached: Set<Int> = []
        for index in masks {
            guard let (owner, group) = owner(of: inputs[index].path.withoutEnding, owners) else { continue }
            add(.init(group: group, path: inputs[index].path), .mask, to: &inputs[owner])
            attached.insert(index)
        }
        for file in sidecars {
            guard let kind = kind(of: file.path), let (owner, group) = owner(of: file.path.withoutEnding, owners) else {
                continue
            }
            add(.init(group: group, path: file.path), kind, to: &inputs[owner])
        }
        guard !attached.isEmpty else { return }
        inputs = inputs.enumerated().filter { !attached.contains($0.offset) }.map(\.element)
    }

    /// The input that `a/x.mask` or `a/x.group.mask` belongs to.
    private static func owner(of stem: String, _ owners: [String: Int]) -> (Int, group: String?)? {
        let base = stem.withoutEnding
        if let owner = owners[base] { return (owner, nil) }
        let root = base.withoutEnding
        guard root.utf8.count < base.utf8.count, let owner = owners[root] else { return nil }
        return (owner, String(base.dropFirst(root.count + 1)))
    }

    /// Looks for annotations without the name of a group beside a file that was named alone.
    static func look(beside input: inout ConversionInput) {
        guard kind(of: input.path) == nil else { return }
        let stem = input.path.withoutEnding
        for ending in AnnotationFiles.maskEndings.sorted() {
            let path = stem + ".mask." + ending
            if isFile(path) { add(.init(path: path), .mask, to: &input) }
        }
        if isFile(stem + ".boxes.json") { add(.init(path: stem + ".boxes.json"), .boxes, to: &input) }
    }

    private static func isFile(_ path: String) -> Bool {
        ((try? FileSystem.status(of: path)) ?? nil)?.kind == .file
    }

    private static func add(_ file: AnnotationFiles.File, _ kind: Kind, to input: inout ConversionInput) {
        var files = input.annotations ?? AnnotationFiles()
        switch kind {
        case .mask: if !files.masks.contains(file) { files.masks.append(file) }
        case .boxes: if !files.boxes.contains(file) { files.boxes.append(file) }
        }
        input.annotations = files
    }
}
