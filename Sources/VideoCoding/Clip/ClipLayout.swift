import MediaCore
import TensorIO

/// What the axes of a tensor of moving pictures mean, outermost first: `n` clips, `t` frames, `c` channels, `h` rows,
/// `w` columns.
public enum ClipLayout: String, Sendable, Hashable, CaseIterable {
    /// Frames, channels, columns, rows: the documented default.
    case tcwh
    /// Frames, channels, rows, columns: what PyTorch uses, and what the wandb SDK reads.
    case tchw
    /// Frames, rows, columns, channels: what NumPy, OpenCV and imageio use.
    case thwc
    /// Frames, rows, columns: gray.
    case thw
    /// Channels, frames, columns, rows.
    case ctwh
    /// Channels, frames, rows, columns: what three-dimensional convolutions of PyTorch take.
    case cthw
    /// Several clips of `tcwh`: the documented default.
    case ntcwh
    /// Several clips of `tchw`.
    case ntchw
    /// Several clips of `thwc`.
    case nthwc
    /// Several gray clips.
    case nthw
    /// Several clips of `ctwh`.
    case nctwh
    /// Several clips of `cthw`.
    case ncthw

    /// Whether the first axis counts clips.
    public var isBatch: Bool { rawValue.utf8.first == UInt8(ascii: "n") }
    /// How many axes there are.
    public var rank: Int { rawValue.utf8.count }

    /// Which axis has the letter, if one has.
    func axis(_ letter: Character) -> Int? {
        rawValue.firstIndex(of: letter).map { rawValue.distance(from: rawValue.startIndex, to: $0) }
    }
}

extension ClipLayout: CustomStringConvertible {
    /// One letter per axis.
    public var description: String { rawValue }
}

extension ClipLayout {
    /// What a shape was taken for, and what there is to say about it.
    struct Reading: Hashable, Sendable {
        var layout: ClipLayout
        /// Whether nobody stated it.
        var isDefault = false
        var findings: [Finding] = []
    }

    /// The layout of a shape: the one that was stated, or the documented one of its rank.
    ///
    /// A clip's axes are never guessed. Where the shape contradicts the layout, the error names the layouts that it fits.
    ///
    /// - Parameters:
    ///   - layout: what was stated.
    ///   - shape: the tensor's shape.
    ///   - compatibility: the wandb rules read `tchw`, and know no clip of three axes.
    /// - Throws: `shape.invalid`.
    static func read(
        _ layout: ClipLayout?, shape: [Int], compatibility: Compatibility = .standard
    ) throws(MediaError) -> Reading {
        let layouts = compatibility.isWandb ? wandbLayouts : defaultLayouts
        let chosen = layout ?? layouts[shape.count]
        guard let chosen, chosen.rank == shape.count else { throw wrongRank(layout, shape, layouts) }
        var reading = Reading(layout: chosen, isDefault: layout == nil)
        for letter in "nthw" {
            guard let axis = chosen.axis(letter), shape[axis] == 0 else { continue }
            throw MediaError(
                .shapeInvalid, "axis \(axis) of shape \(describe(shape)) is empty: there is no \(noun(letter))",
                hint: "a clip needs at least one", at: .init(field: "shape"))
        }
        guard let axis = chosen.axis("c") else { return reading }
        let others = likely(shape, besides: chosen)
        guard (1...4).contains(shape[axis]) else {
            var hint = "1 to 4 channels make a picture"
            if !others.isEmpty { hint = "the shape looks like \(listed(others)); state the layout" }
            throw MediaError(
                .shapeInvalid,
                "axis \(axis) of shape \(describe(shape)) would be \(shape[axis]) channels under layout \(chosen)"
                    + (layout == nil ? ", the default" : ""),
                hint: hint, at: .init(field: "layout"))
        }
        // Columns and rows look alike in a shape; another place for the channels does not.
        let doubtful = others.filter { $0.axis("c") != axis }
        if layout == nil, !doubtful.isEmpty {
            reading.findings.append(
                .warning(
                    .layoutAmbiguous,
                    "shape \(describe(shape)) is read as \(chosen), the default; it could be \(listed(doubtful)) too",
                    path: "layout", value: chosen.rawValue, hint: "state the layout"))
        }
        return reading
    }

    private static let defaultLayouts: [Int: ClipLayout] = [3: .thw, 4: .tcwh, 5: .ntcwh]
    private static let wandbLayouts: [Int: ClipLayout] = [4: .tchw, 5: .ntchw]

    /// Layouts of the rank under which the axis of channels has 1, 3 or 4, those with `h` before `w` only.
    private static func likely(_ shape: [Int], besides chosen: ClipLayout) -> [ClipLayout] {
        allCases.filter { layout in
            guard layout != chosen, layout.rank == shape.count, let axis = layout.axis("c"),
                !layout.rawValue.hasSuffix("wh")
            else { return false }
            return [1, 3, 4].contains(shape[axis])
        }
    }

    private static func wrongRank(
        _ layout: ClipLayout?, _ shape: [Int], _ layouts: [Int: ClipLayout]
    ) -> MediaError {
        if let layout {
            return MediaError(
                .shapeInvalid, "shape \(describe(shape)) has \(shape.count) axes, layout \(layout) has \(layout.rank)",
                hint: "state the layout that names every axis", at: .init(field: "layout"))
        }
        let ranks = layouts.keys.sorted().map { "\($0) (\(layouts[$0]?.rawValue ?? ""))" }
        return MediaError(
            .shapeInvalid,
            "shape \(describe(shape)) has \(shape.count) axes; a clip has \(ranks.joined(separator: ", "))",
            hint: shape.count < 3 ? "reshape it to frames × rows × columns" : "take a slice, or state the layout",
            at: .init(field: "shape"))
    }

    private static func listed(_ layouts: [ClipLayout]) -> String {
        layouts.map(\.rawValue).joined(separator: " or ")
    }

    private static func noun(_ letter: Character) -> String {
        switch letter {
        case "n": "clip"
        case "t": "frame"
        case "h": "row"
        default: "column"
        }
    }
}
