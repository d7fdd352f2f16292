import MediaCore

/// What a batch does beside converting: keep a manifest, take up where a killed run ended, do a share.
public struct BatchOptions: Sendable, Hashable {
    /// A file that gets a line of JSON per output, in the order of the inputs: path, SHA-256, MD5, CRC-32C, size, media
    /// type, what was decided and lost, and the source. `nil` keeps none, unless the batch resumes. It may not be named as
    /// a tensor, a picture or an archive is, and replaces nothing but a manifest.
    public var manifest: String?
    /// Whether inputs are left out whose outputs are there and recorded in the manifest under the same size and time of the
    /// source and the same options. What a killed run left half written is removed.
    public var resumes: Bool
    /// Which share of the inputs to convert; `nil` for all.
    public var shard: Shard?

    /// Creates options.
    public init(manifest: String? = nil, resumes: Bool = false, shard: Shard? = nil) {
        self.manifest = manifest
        self.resumes = resumes
        self.shard = shard
    }

    /// Where the manifest of a batch into `folder` is: a hidden file there unless it was named, one for each share.
    func manifestPath(in folder: String) -> String? {
        if let manifest { return manifest }
        guard resumes else { return nil }
        let share = shard.map { ".\($0.number)-of-\($0.count)" } ?? ""
        return folder.appendingPath(".tensor-media\(share).jsonl")
    }
}
