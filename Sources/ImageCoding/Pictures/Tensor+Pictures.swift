public import MediaCore
public import TensorIO

extension Tensor {
    /// The one picture that the tensor is.
    ///
    /// - Throws: what ``pictures(_:)`` throws; `shape.invalid` when the tensor is a batch of another number of pictures.
    public func picture(_ options: PictureOptions = PictureOptions()) throws(MediaError) -> any PixelSource {
        let pictures = try pictures(options)
        guard pictures.count == 1, let picture = pictures.first else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(shape)) is \(pictures.count) pictures, one is wanted",
                hint: "take a slice, or lay them out in a grid", at: .init(field: "shape"))
        }
        return picture
    }

    /// The pictures that the tensor is: one, or those of a batch. No pixel is computed yet.
    ///
    /// - Throws: `shape.invalid`, `layout.ambiguous`, `element-type.invalid`, `value.out-of-range`; under
    ///   ``/MediaCore/Strictness/strict`` also for guesses, values outside the range, and values that are not finite.
    public func pictures(_ options: PictureOptions = PictureOptions()) throws(MediaError) -> [any PixelSource] {
        if let bits = options.bits, bits != 8, bits != 16 {
            throw MediaError(
                .argumentInvalid, "samples of \(bits) bits", hint: "use 8 or 16; mode bilevel gives 1",
                at: .init(field: "bits"))
        }
        var pictures = try codedPictures(options)
        if let side = options.maxSide {
            pictures = try pictures.mapTyped { (picture) throws(MediaError) in
                try ResizedSource.fit(
                    picture, maxSide: side, filter: picture.format.model == .indexed ? .nearest : .lanczos3)
            }
        }
        if let grid = options.grid { pictures = try grid.grids(of: pictures) }
        if let mode = options.mode, !options.compatibility.isWandb {
            pictures = try pictures.mapTyped { (picture) throws(MediaError) in
                picture.format == mode.format
                    ? picture : try ConvertedSource(picture, to: mode.format, rule: mode.rule)
            }
        }
        return pictures
    }

    /// The pictures before they are resized, laid out and converted.
    private func codedPictures(_ options: PictureOptions) throws(MediaError) -> [any PixelSource] {
        if case .wandb(let version) = options.compatibility, options.kind == .image {
            return [try WandbPicture.make(self, version: version, options: options)]
        }
        switch options.kind {
        case .image: return try imagePictures(options)
        case .labels: return try labelPictures(options)
        case .flow, .normals, .logDepth, .inverseDepth: return try fieldPictures(options)
        }
    }

    private func imagePictures(_ options: PictureOptions) throws(MediaError) -> [any PixelSource] {
        let reading = try readLayout(options.layout, format: options.mode?.format)
        var decision = try MappingDecision(
            self, mapping: options.mapping, bits: options.requestedBits(of: elementType), isTorch: false)
        decision.findings.insert(contentsOf: reading.findings, at: 0)
        decision.layoutWasInferred = options.layout == nil
        if options.strictness == .strict { try refuseGuessesAndLosses(decision, options.mapping) }
        return try eachPicture(reading.layout) { (tensor, layout, prefix) throws(MediaError) in
            let pixels = try TensorPixels(tensor, layout: layout, decision: decision, prefix: prefix)
            guard let map = options.colorMap else { return pixels }
            guard pixels.format.model == .gray else {
                throw MediaError(
                    .argumentInvalid,
                    "a colour map is for one channel, shape \(describe(shape)) has \(pixels.format.channels)",
                    hint: "leave the colour map out, or select a channel", at: .init(field: "colorMap"))
            }
            return try ColorMappedSource(pixels, map: map)
        }
    }

    /// The layout that was given, checked against the shape, or the one that the shape suggests.
    func readLayout(_ layout: ImageLayout?, format: PixelFormat?) throws(MediaError) -> ImageLayout.Reading {
        guard let layout else { return try ImageLayout.infer(shape: shape, format: format) }
        guard layout.rank == rank else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(shape)) has \(rank) axes, layout \(layout) has \(layout.rank)",
                hint: "state the layout that names every axis", at: .init(field: "layout"))
        }
        if let channel = layout.axis("c"), !(1...4).contains(shape[channel]) {
            var hint = "1 to 4 channels make a picture"
            if let likely = try? ImageLayout.infer(shape: shape, format: format).layout {
                hint = "the shape looks like \(likely)"
            }
            throw MediaError(
                .shapeInvalid,
                "axis \(channel) of shape \(describe(shape)) would be \(shape[channel]) channels under layout \(layout)",
                hint: hint, at: .init(field: "layout"))
        }
        if let channel = layout.axis("c"), shape[channel] == 2, format == nil {
            throw MediaError(
                .shapeInvalid,
                "axis \(channel) of shape \(describe(shape)) would be two channels, which are gray and opacity only when asked for",
                hint: "pass mode gray-alpha, or select a channel", at: .init(field: "mode"))
        }
        return ImageLayout.Reading(layout: layout)
    }

    /// Calls `body` with the tensor of every picture, its layout, and its place in the batch.
    func eachPicture(
        _ layout: ImageLayout,
        _ body: (Tensor, ImageLayout, [Int]) throws(MediaError) -> any PixelSource
    ) throws(MediaError) -> [any PixelSource] {
        guard layout.isBatch else { return [try body(self, layout, [])] }
        var pictures: [any PixelSource] = []
        pictures.reserveCapacity(shape[0])
        for index in 0..<shape[0] {
            pictures.append(try body(try slice(at: index), layout.single, [index]))
        }
        return pictures
    }
}

extension PictureOptions {
    /// The depth of samples that mode or bits ask for.
    func requestedBits(of type: ElementType) -> Int? {
        // A mode that keeps numbers is reached from what the numbers are: 255 stays 255 in 16 bits.
        if let mode, mode.keepsNumbers { return type == .uint16 ? 16 : 8 }
        if let mode { return mode.format.bits == 16 ? 16 : 8 }
        if colorMap != nil { return 8 }
        return bits
    }
}

extension Array {
    /// `map` whose closure throws one type.
    func mapTyped<Result>(_ transform: (Element) throws(MediaError) -> Result) throws(MediaError) -> [Result] {
        var result: [Result] = []
        result.reserveCapacity(count)
        for element in self { result.append(try transform(element)) }
        return result
    }
}
