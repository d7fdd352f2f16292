import MediaCore
import TensorIO

extension Tensor {
    /// Pictures of optical flow, of normals, of depth: codings that give numbers a colour by their meaning.
    func fieldPictures(_ options: PictureOptions) throws(MediaError) -> [any PixelSource] {
        let layout = options.layout ?? fieldLayout(options.kind)
        if let layout, layout.rank != rank {
            throw MediaError(
                .shapeInvalid, "shape \(describe(shape)) has \(rank) axes, layout \(layout) has \(layout.rank)",
                hint: "state the layout that names every axis", at: .init(field: "layout"))
        }
        if options.strictness == .strict {
            try refuseNotFinite(hint: "replace it, or leave strictness out to show it as unknown")
        }
        var tensors = [self]
        let isBatch = layout?.isBatch ?? false
        if isBatch {
            tensors = []
            for index in 0..<shape[0] { tensors.append(try slice(at: index)) }
        }
        // Scales are found over the whole batch, or its colours could not be compared.
        let single = options.layout?.single
        let pictures: [any PixelSource] =
            switch options.kind {
            case .flow:
                complete(
                    try FlowSource.batch(
                        tensors, layout: single, scale: try options.flowScale(), isBatch: isBatch), options)
            case .normals:
                complete(try NormalSource.batch(tensors, layout: single, isBatch: isBatch), options)
            default:
                complete(
                    try DepthSource.batch(
                        tensors, layout: single, coding: options.kind == .logDepth ? .logarithm : .inverse,
                        range: try options.depthRange(), map: options.colorMap ?? .magma, isBatch: isBatch), options)
            }
        if options.strictness == .strict, let guess = pictures.first?.facts.findings.first {
            throw MediaError(guess.code, guess.message, hint: guess.hint, at: .init(field: guess.path))
        }
        return pictures
    }

    /// The fields, with what the options say about them in their facts.
    private func complete<Field: FieldSource>(_ fields: [Field], _ options: PictureOptions) -> [Field] {
        fields.map { field in
            var field = field
            field.facts.mapping?.wasInferred = options.mapping == .automatic && options.kind != .normals
            if case .percentile = options.mapping { field.facts.mapping?.clipsOnPurpose = true }
            return field
        }
    }

    /// The layout of a batch, from its rank; single fields are read by their sources.
    private func fieldLayout(_ kind: PictureKind) -> ImageLayout? {
        let channels = kind == .flow ? 2 : kind == .normals ? 3 : 1
        switch rank {
        case 3 where channels == 1 && shape[0] != 1 && shape[2] != 1: return .nhw
        case 4: return shape[3] == channels ? .nhwc : .nchw
        default: return nil
        }
    }
}

extension PictureOptions {
    /// The value mapping as the length of full colour.
    fileprivate func flowScale() throws(MediaError) -> FlowSource.Scale {
        switch mapping {
        case .automatic: return .longest
        case .range(0, let length): return .length(length)
        default: throw unfit("flow takes a range from 0 to the length of full colour, such as 0:20")
        }
    }

    /// The value mapping as nearest and farthest depth.
    fileprivate func depthRange() throws(MediaError) -> DepthSource.Range {
        switch mapping {
        case .automatic: return .percentile(1, 99)
        case .minMax: return .percentile(0, 100)
        case .percentile(let low, let high): return .percentile(low, high)
        case .range(let near, let far): return .between(near, far)
        default: throw unfit("depth takes min-max, percentile:LOW:HIGH or a range such as 0.5:80")
        }
    }

    private func unfit(_ hint: String) -> MediaError {
        MediaError(
            .argumentInvalid, "the range \(mapping) does not go with \(kind.rawValue)", hint: hint,
            at: .init(field: "mapping"))
    }
}

/// A coding of numbers as colours, whose facts are completed when it is one of a batch.
private protocol FieldSource: PixelSource {
    var facts: PixelFacts { get set }
}

extension FlowSource: FieldSource {}
extension NormalSource: FieldSource {}
extension DepthSource: FieldSource {}
