public import MediaAnnotations
public import MediaCore

/// Draws what a data set says on each of its pictures, and writes these into a folder.
///
///     let set = try AnnotatedDataSet.open("coco/annotations/instances_val2017.json")
///     let conversion = DataSetConversion(folder: "drawn")
///     try conversion.run(set, pool: WorkerPool()) { outcome in … }
///
/// Files of annotations are read one after the other and pictures drawn on many threads, so that a set of any number of
/// pictures takes the memory of a few. Bytes, names and order do not depend on the number of threads.
public struct DataSetConversion: Sendable {
    /// The folder that the pictures go to, each at the relative path that it has in the folder of the pictures.
    public var folder: String
    /// How pictures are drawn on and written; what is said of tensors has no effect.
    public var settings: ConversionSettings
    /// Whether existing files may be replaced. Those of the data set never are.
    public var overwrites: Bool
    /// After so many pictures of the set, missing ones included, nothing more is read; `nil` takes all.
    public var limit: Int?
    /// Whether pictures without annotations are left out.
    public var isAnnotatedOnly = false
    /// Names of classes that go before those of the set.
    public var labels: ClassLabels?

    private let fonts = FontShelf()

    /// What became of a step along the data set.
    public struct Outcome: Sendable {
        /// A picture, or the findings of a file.
        public var step: DataSetWalker.Step
        /// What became of the picture; `nil` for one that is missing, is of another size than its annotations, or was left
        /// out, and for files.
        public var conversion: ConversionOutcome?
    }

    /// Creates a conversion.
    public init(folder: String, settings: ConversionSettings = ConversionSettings(), overwrites: Bool = true) {
        self.folder = folder
        self.settings = settings
        self.overwrites = overwrites
    }

    /// Draws on all pictures of a set and hands over what became of each, in the order of the set.
    ///
    /// A missing picture is an error among the findings of its step. No two pictures are written to one path, and none outside of
    /// the folder. What lies in the folder is no part of the set, so that a run can be made again.
    ///
    /// - Parameters:
    ///   - set: the data set.
    ///   - pool: the threads.
    ///   - cancellation: ends the run between two pieces of a file.
    ///   - report: called on this thread, step after step.
    /// - Returns: what is true of all pictures: names that were asked for and are on none.
    /// - Throws: `work.cancelled`; `argument.invalid` for a set whose pictures are not looked for; `file.create-failed` when the
    ///   folder cannot be made or written to; `file.name-collision` when it is that of the set or of its pictures;
    ///   `file.unreadable` when a folder of the set cannot be listed; `file.write-failed` when the disk is full or broken; what
    ///   `report` throws.
    @discardableResult
    public func run(
        _ set: AnnotatedDataSet, pool: WorkerPool, cancellation: CancellationFlag? = nil,
        report: (Outcome) throws(MediaError) -> Void
    ) throws(MediaError) -> [Finding] {
        do throws(MediaError) { try FileSystem.makeFolders(folder) } catch { throw error.whileCreating }
        var pictures = try DataSetPictures(set, self)
        let store = FolderStore(
            folder: folder, overwrites: overwrites, names: OutputNames([], copiesPictures: false),
            cancellation: cancellation)
        let encoders = EncoderShelf(pool: nil)
        let buffers = FileBuffers(mostKept: pool.threadCount)
        var missing: [Finding]?
        try pool.runOrdered(
            next: { () throws(MediaError) in try pictures.next() }, cancellation: cancellation,
            makeSlot: { () -> Drawn? in nil },
            work: { (picture: DataSetPictures.Picture, slot: inout Drawn?) throws(MediaError) in
                slot = draw(picture, cancellation, buffers) { (output) throws(MediaError) in
                    try store.write(output.path) { (sink) throws(MediaError) in
                        try output.encode(to: sink, with: encoders)
                    }
                }
            },
            consume: { (_, slot: inout Drawn?) throws(MediaError) in
                guard let drawn = slot.take() else { return }
                if let names = drawn.missingNames {
                    // The latest words: they know the most names.
                    missing =
                        missing.map { before in names.filter { name in before.contains { $0.isOfSameName(name) } } }
                        ?? names
                }
                try report(drawn.outcome)
                if let error = drawn.outcome.conversion?.end { throw error }
            })
        return missing ?? []
    }

    /// What a worker made.
    private struct Drawn: Sendable {
        var outcome: Outcome
        /// The names that were asked for and are not on the picture; `nil` when nothing was drawn.
        var missingNames: [Finding]?
    }

    private func draw(
        _ picture: DataSetPictures.Picture, _ cancellation: CancellationFlag?, _ buffers: FileBuffers,
        _ write: InputConversion.Writer
    ) -> Drawn {
        guard case .image(let image) = picture.step, let input = picture.input else {
            return Drawn(outcome: Outcome(step: picture.step, conversion: nil))
        }
        if let failure = picture.failure {
            var outcome = ConversionOutcome(input: input)
            outcome.add(failure, member: nil)
            return Drawn(outcome: Outcome(step: picture.step, conversion: outcome))
        }
        let layer = DataSetLayer(
            image, labels: picture.labels, skeletons: picture.skeletons, settings: settings, fonts: fonts)
        var conversion = InputConversion(
            input: input, place: 0, names: OutputNames([input], copiesPictures: false), settings: settings,
            rules: ConversionRules(), cancellation: cancellation, fonts: fonts)
        conversion.buffers = buffers
        conversion.layer = layer
        conversion.isSingle = true
        let outcome = conversion.run(write)
        return Drawn(
            outcome: Outcome(step: picture.step, conversion: outcome),
            missingNames: outcome.outputs.isEmpty ? nil : layer.missingNames)
    }
}

extension Finding {
    /// Whether both say of one name that it is nowhere.
    fileprivate func isOfSameName(_ other: Finding) -> Bool { path == other.path && value == other.value }
}
