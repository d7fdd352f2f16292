public import ImageCoding
public import MediaCore

extension FrameSource {
    /// The same frames in another size.
    ///
    /// - Parameters:
    ///   - size: the new size.
    ///   - filter: how pixels are made; `nil` takes the nearest for indices and ``/ImageCoding/ResizeFilter/lanczos3`` for others.
    ///   - limits: how long a side may be.
    /// - Throws: `argument.invalid` for a size that no frame can have; what making the first frame throws.
    public func resized(
        to size: FrameSize, filter: ResizeFilter? = nil, limits: Limits = .default
    ) throws(MediaError) -> any FrameSource {
        let new = try size.applied(width: width, height: height, limits: limits)
        if new == (width, height) { return self }
        let filter = filter ?? (format.model == .indexed ? .nearest : .lanczos3)
        guard canRewind else {
            guard format.bits >= 8, format.model != .indexed else {
                throw MediaError(
                    .argumentInvalid, "frames of \(format) that can be read only once are not resized",
                    hint: "convert them to gray or rgb", at: .init(field: "size"))
            }
            return mapFrames(width: new.width, height: new.height, format: format) { (_, frame) throws(MediaError) in
                try ResizedSource(frame, width: new.width, height: new.height, filter: filter)
            }
        }
        guard let first = try frame(0) else { return self }
        // The tables of the first serve for all.
        let resizer = try ResizedSource(first, width: new.width, height: new.height, filter: filter)
        return mapFrames(width: new.width, height: new.height, format: resizer.format) {
            (_, frame) throws(MediaError) in
            try resizer.applied(to: frame)
        }
    }

    /// The same frames in another pixel format.
    public func converted(to format: PixelFormat, rule: ConversionRule = ConversionRule()) -> any FrameSource {
        if format == self.format { return self }
        return mapFrames(width: width, height: height, format: format) { (_, frame) throws(MediaError) in
            try ConvertedSource(frame, to: format, rule: rule)
        }
    }

    /// The frame at `index` as a picture, such as a poster that stands for the clip.
    ///
    /// - Throws: `argument.invalid` when the clip has no such frame, or can be read only once.
    public func poster(_ index: Int) throws(MediaError) -> any PixelSource {
        try checkRewinding("a poster")
        guard index >= 0, index < frameCount ?? .max, let picture = try frame(index) else {
            let count = frameCount.map { "the clip has \($0) frames, " } ?? ""
            throw MediaError(
                .argumentInvalid, "\(count)there is no frame \(index)", hint: "frames count from 0",
                at: .init(field: "poster"))
        }
        return picture
    }

    /// Frames from all over the clip in one picture, in reading order.
    ///
    /// - Parameters:
    ///   - count: how many frames, evenly spread; all of a clip that has fewer.
    ///   - options: columns, padding, background.
    ///   - limits: how long a side of the picture may be.
    /// - Throws: `argument.invalid` for fewer than one frame, and for clips of unknown length or that can be read only
    ///   once; what ``/ImageCoding/ImageGrid`` throws.
    public func contactSheet(
        of count: Int, options: ImageGrid.Options = ImageGrid.Options(), limits: Limits = .default
    ) throws(MediaError) -> ImageGrid {
        try checkRewinding("a contact sheet")
        guard let length = frameCount else {
            throw MediaError(
                .argumentInvalid, "a contact sheet needs the number of frames, which is known at the end only",
                hint: "choose the frames yourself", at: .init(field: "contactSheet"))
        }
        guard count >= 1 else {
            throw MediaError(
                .argumentInvalid, "a contact sheet of \(count) frames", hint: "choose 1 or more",
                at: .init(field: "contactSheet"))
        }
        let shown = min(count, length)
        var pictures: [any PixelSource] = []
        for place in 0..<shown {
            // The middle of each of equal parts.
            let index = Int((2 * Double(place) + 1) * Double(length) / (2 * Double(shown)))
            if let picture = try frame(min(index, length - 1)) { pictures.append(picture) }
        }
        return try ImageGrid(pictures, options: options, limits: limits)
    }

    private func checkRewinding(_ what: String) throws(MediaError) {
        guard canRewind else {
            throw MediaError(
                .argumentInvalid, "\(what) cannot be made of frames that can be read only once",
                hint: "keep the frames while they are encoded", at: .init(field: "frames"))
        }
    }
}
