import ImageCoding
import MediaAnnotations
import MediaCore

/// Walks along a data set and says of each picture where it goes.
struct DataSetPictures {
    /// A step, with what a worker needs to draw.
    struct Picture: Sendable {
        var step: DataSetWalker.Step
        /// The file of the picture and its place among the outputs; `nil` when nothing is drawn.
        var input: ConversionInput?
        /// Why it is not drawn.
        var failure: MediaError?
        var labels = ClassLabels()
        var skeletons: [Int: Skeleton] = [:]
    }

    private let set: AnnotatedDataSet
    private let conversion: DataSetConversion
    private var walker: DataSetWalker
    private var bounds: OutputBounds
    /// The outputs that were given away, 16 bytes each.
    private var taken: Set<TextKey> = []
    private var count = 0

    init(_ set: AnnotatedDataSet, _ conversion: DataSetConversion) throws(MediaError) {
        bounds = try OutputBounds(folder: conversion.folder, keeping: set.realFolders)
        self.set = try set.drawn(into: conversion.folder, demand: conversion.isAnnotatedOnly ? .annotated : .all)
        self.conversion = conversion
        walker = self.set.walk()
    }

    /// The next step; `nil` at the end.
    mutating func next() throws(MediaError) -> Picture? {
        if let limit = conversion.limit, count >= limit { return nil }
        guard let step = try walker.next() else { return nil }
        var picture = Picture(step: step)
        guard case .image(let image) = step, !conversion.isAnnotatedOnly || !image.annotations.isEmpty else {
            return picture
        }
        count += 1
        guard let path = image.picture, image.fitsPicture, let relative = set.relativePath(of: image) else {
            return picture
        }
        let input = ConversionInput(path: path, relativePath: relative)
        picture.input = input
        do throws(MediaError) {
            try take(input.stem + "." + conversion.settings.fileType.rawValue)
            picture.labels = try labels()
            picture.skeletons = walker.skeletons
        } catch {
            picture.failure = error
        }
        return picture
    }

    private mutating func take(_ output: String) throws(MediaError) {
        guard taken.insert(TextKey(output)).inserted else {
            throw MediaError(
                .nameCollision, "its output \(output) is also that of a picture before it",
                hint: "rename one of them, or draw the files of annotations one by one, into different folders")
        }
        try bounds.check(output)
    }

    private func labels() throws(MediaError) -> ClassLabels {
        guard let given = conversion.labels else { return walker.labels }
        return try ClassLabels(given.entries + walker.labels.entries.filter { given[$0.id] == nil })
    }
}
