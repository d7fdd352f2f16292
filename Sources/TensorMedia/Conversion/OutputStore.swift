package import AudioCoding
package import ImageCoding
package import MediaCore
package import VideoCoding

/// Where the outputs of a run go: a folder, an archive.
///
/// Outputs are made on many threads and placed by one: ``write(_:_:)`` is called on workers, in any order, and
/// ``commit(_:)`` on the thread of the run, input after input.
package protocol OutputStore: Sendable {
    /// Makes one output.
    ///
    /// - Parameters:
    ///   - path: the output's place, folders divided by `/`.
    ///   - encode: writes the bytes. What it throws leaves nothing behind.
    func write(_ path: String, _ encode: Encoding) throws(MediaError) -> StoredOutput
    /// Places what was made of the next input. An output that has no place becomes a failure.
    func commit(_ outcome: inout ConversionOutcome) throws(MediaError)
    /// Ends the store; nothing comes after it.
    func finish() throws(MediaError)
}

extension OutputStore {
    /// Writes the bytes of an output, and says what was done.
    package typealias Encoding = (any ByteSink) throws(MediaError) -> EncodingReport
}

/// What became of one output.
package struct StoredOutput: Sendable {
    /// What the encoder did.
    package var report: EncodingReport
    /// What the encoder of a clip did.
    package var clip: ClipReport?
    /// What the encoder of a sound did.
    package var sound: SoundReport?
    /// Digests of the bytes, as far as the store was asked for them.
    package var digests = FileDigests()
    /// The bytes, when they wait in memory to be placed.
    package var bytes: [UInt8]?
    /// Where the bytes are in the store's own file, when they wait there.
    package var waiting: Range<Int>?
}

/// A folder: each output is a file that appears whole, at once.
struct FolderStore: OutputStore {
    /// The folder. It exists; those below it are made as they are needed.
    let folder: String
    /// Whether existing files may be replaced.
    let overwrites: Bool
    /// Which digests to compute on the way.
    var digests: FileDigests.Kinds = []
    /// Who may write which file.
    let names: OutputNames
    let cancellation: CancellationFlag?
    private let folders = FolderShelf()

    init(
        folder: String, overwrites: Bool, digests: FileDigests.Kinds = [], names: OutputNames,
        cancellation: CancellationFlag?
    ) {
        self.folder = folder
        self.overwrites = overwrites
        self.digests = digests
        self.names = names
        self.cancellation = cancellation
    }

    func write(_ path: String, _ encode: Encoding) throws(MediaError) -> StoredOutput {
        try writeFile(folder.appendingPath(path), makesFolders: path.utf8.contains(UInt8(ascii: "/")), encode)
    }

    /// As ``write(_:_:)``, for a path that stands for itself.
    func writeFile(
        _ target: String, makesFolders: Bool = false, _ encode: Encoding
    ) throws(MediaError) -> StoredOutput {
        try cancellation?.check()
        try names.protectInputs(at: target)
        let sink: FileSink
        do throws(MediaError) {
            try target.checkPath()
            let (folder, name) = target.splitPath
            sink = try FileSink(
                folder: try folders.open(folder, makesIt: makesFolders), name: name, digest: digests,
                overwrite: overwrites ? .replace : .refuse)
        } catch {
            throw error.whileCreating
        }
        let report = try encode(InterruptibleSink.around(sink, cancellation))
        return StoredOutput(report: report, digests: try sink.commit().digests)
    }

    func commit(_ outcome: inout ConversionOutcome) {}
    func finish() {}
}

extension MediaError {
    /// The error of making a file, told apart from one of writing to it.
    var whileCreating: MediaError {
        guard code == .writeFailed else { return self }
        var copy = self
        copy.code = .createFailed
        return copy
    }
}
