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
        if options.strictness == .strict, elementType.isFloatingPoint, let index = scanRange().firstNotFinite {
            throw MediaError(
                .valueNotFinite, "the value at \(describe(index)) is not finite",
                hint: "replace it, or leave strictness out to show it as unknown", at: .init(field: "values"))
        }
        let pictures: [any PixelSource]
        switch options.kind {
        case .flow: pictures = try flowPictures(options, layout)
        case .normals:
            pictures = try eachField(options, layout) { (tensor, layout) throws(MediaError) in
                try NormalSource(tensor, layout: layout)
            }
        default: pictures = try depthPictures(options, layout)
        }
        if options.strictness == .strict, let guess = pictures.first?.facts.findings.first {
            throw MediaError(guess.code, guess.message, hint: guess.hint, at: .init(field: guess.path))
        }
        return pictures
    }

    /// One scale for all fields of a batch, or their colours could not be compared.
    private func flowPictures(
        _ options: PictureOptions, _ layout: ImageLayout?
    ) throws(MediaError) -> [any PixelSource] {
        let scale = try options.flowScale()
        let fields = try eachField(options, layout) { (tensor, layout) throws(MediaError) in
            try FlowSource(tensor, layout: layout, scale: scale)
        }
        guard fields.count > 1, scale == .longest, let longest = fields.compactMap(\.facts.mapping?.high).max(),
            longest > 0
        else { return fields }
        return try eachField(options, layout) { (tensor, layout) throws(MediaError) in
            try FlowSource(tensor, layout: layout, scale: .length(longest))
        }
    }

    /// One range for all fields of a batch: the widest of theirs.
    private func depthPictures(
        _ options: PictureOptions, _ layout: ImageLayout?
    ) throws(MediaError) -> [any PixelSource] {
        let range = try options.depthRange()
        func make(_ range: DepthSource.Range) throws(MediaError) -> [DepthSource] {
            try eachField(options, layout) { (tensor, layout) throws(MediaError) in
                try DepthSource(
                    tensor, layout: layout, coding: options.kind == .logDepth ? .logarithm : .inverse, range: range,
                    map: options.colorMap ?? .magma)
            }
        }
        let fields = try make(range)
        guard fields.count > 1, case .percentile = range else { return fields }
        // A field without a single depth has a range without width.
        let ranges = fields.compactMap(\.facts.mapping).filter { $0.low < $0.high }
        guard let near = ranges.map(\.low).min(), let far = ranges.map(\.high).max() else { return fields }
        return try make(.between(near, far))
    }

    /// The fields of the tensor, with what is known about all of them in their facts.
    private func eachField<Field: FieldSource>(
        _ options: PictureOptions, _ layout: ImageLayout?, _ make: (Tensor, ImageLayout?) throws(MediaError) -> Field
    ) throws(MediaError) -> [Field] {
        func field(_ tensor: Tensor) throws(MediaError) -> Field {
            var field = try make(tensor, options.layout?.single)
            field.facts.mapping?.wasInferred = options.mapping == .automatic && options.kind != .normals
            if case .percentile = options.mapping { field.facts.mapping?.clipsOnPurpose = true }
            return field
        }
        guard let layout, layout.isBatch else { return [try field(self)] }
        var fields: [Field] = []
        fields.reserveCapacity(shape[0])
        for index in 0..<shape[0] {
            var field = try field(try slice(at: index))
            field.facts.layout = field.facts.layout.map { "n" + $0 }
            fields.append(field)
        }
        return fields
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
