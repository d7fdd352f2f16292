public import MediaCore

/// Pictures that are logged together under one key.
///
/// History: `{_type: "images/separated", width, height, format, count, filenames, captions?}`, where width, height and
/// format are those of the first picture, as the wandb SDK writes it. Its rules lose things silently; ours do not: captions
/// are kept when any picture has one, `sizes` and `groupings` are added when they differ, and what happens to lists over
/// the limit or to pictures of different sizes is the caller's choice. The findings count what was left out, split or padded.
public struct ImageList: MediaItem {
    /// What happens to a list that is longer than the limit.
    public enum Overflow: String, Sendable, CaseIterable {
        /// It is an error. The default.
        case error
        /// The first ones are kept, the number of the others is reported.
        case truncate
        /// Several lists are made; the history value is an object of them, named by the place of their first picture.
        case split
    }

    /// What happens to pictures of different sizes.
    public enum SizePolicy: String, Sendable, CaseIterable {
        /// They are kept as they are and listed in `sizes`. The default.
        case independent
        /// They are an error that names the first that differs.
        case requireEqual
        /// They are set on black, at the top left, in the size of the largest. Files cannot be padded.
        case padToLargest
    }

    /// The pictures.
    public var images: [Image]
    /// The most pictures that a list may hold. Viewers of the wandb SDK show 108.
    public var limit: Int
    /// What happens to longer lists.
    public var overflow: Overflow
    /// What happens to pictures of different sizes.
    public var sizes: SizePolicy

    /// Creates a list.
    public init(
        _ images: [Image], limit: Int = 108, overflow: Overflow = .error, sizes: SizePolicy = .independent
    ) {
        self.images = images
        self.limit = limit
        self.overflow = overflow
        self.sizes = sizes
    }

    /// Writes every file and makes the one value of the list.
    ///
    /// - Throws: `limit.exceeded` for too many pictures, `shape.invalid` for different sizes, where they are errors; what
    ///   writing a picture throws, with its place in the list.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        try ImageListWriter(items: images, limit: limit, overflow: overflow, sizes: sizes)
            .write(to: folder, key: key, step: step, compatibility: compatibility)
    }
}

extension MediaError.Code {
    /// Pictures that are shown together have different sizes.
    public static let sizesDiffer: Self = "shape.sizes-differ"
}

extension Image: ListedImage {
    package var image: Image { self }

    /// Pictures alone have nothing to add.
    package static func listDetails(_ records: [MediaRecord]) -> JSONObject { JSONObject() }

    /// The picture at the top left of a larger black one.
    package func padded(width: Int, height: Int) throws(MediaError) -> Image {
        guard let source else {
            throw MediaError(
                .unsupported, "a file cannot be padded without decoding it",
                hint: "decode it, or choose sizes: .independent")
        }
        let colors = source.format.model == .indexed ? try ConvertedSource(source, to: .rgba) : source
        let padded = try PaddedSource(
            colors, insets: EdgeInsets(bottom: height - source.height, right: width - source.width),
            with: .color(.black))
        return Image(
            padded, fileType: fileType, caption: caption, grouping: grouping, classes: classes, encoder: encoder)
    }
}
