import MediaCore

/// A tar archive that outputs go into.
public struct ArchiveOutput: Sendable, Hashable {
    /// What the archive is.
    public enum Form: Sendable, Hashable {
        /// Samples as WebDataset reads them: outputs under the paths that they would have in a folder, those of one sample
        /// next to each other. Members of shards keep their own paths, and what is not converted goes along.
        ///
        /// `perShard` is how many samples are in one archive, where the path stands for several.
        case samples(perShard: Int)
        /// Files by content: an entry `SHA-256.ending` for each distinct one, in the order in which they come first.
        case bundle
    }

    /// The file. For samples it may hold `%06d` or such in its name once: the number of the archive then, from 0.
    public var path: String
    /// What it is.
    public var form: Form

    /// An archive.
    public init(_ path: String, form: Form) {
        self.path = path
        self.form = form
    }

    /// How many samples are in one archive of several when nobody says otherwise.
    public static let defaultSamplesPerShard = 10_000

    /// Whether the path stands for several archives.
    public var isNumbered: Bool { number != nil }

    /// The path of an archive.
    package func path(of index: Int) -> String {
        guard let number else { return path }
        return path[..<number.range.lowerBound] + String(index).leftPadded(to: number.digits)
            + path[number.range.upperBound...]
    }

    /// The `%06d` in the name, and how many digits it asks for.
    private var number: (range: Range<String.Index>, digits: Int)? {
        guard case .samples = form else { return nil }
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        guard let percent = path[name...].firstIndex(of: "%") else { return nil }
        let start = path.index(after: percent)
        let digits = path[start...].prefix { $0.isASCII && $0.isNumber }
        guard digits.endIndex < path.endIndex, path[digits.endIndex] == "d", digits.isEmpty || Int(digits) ?? 99 <= 18
        else { return nil }
        return (percent..<path.index(after: digits.endIndex), Int(digits) ?? 1)
    }
}

/// An archive of a run that is whole and has its name, whatever becomes of the run.
public struct WrittenArchive: Sendable, Hashable {
    /// The file.
    public var path: String
    /// How many outputs are in it; those of a bundle that are the same file count each.
    public var outputs: Int
    /// How many other files of the samples.
    public var companions: Int
    /// How many bytes it has.
    public var byteCount: Int
}

/// Where in an archive an output is.
public struct ArchivePlace: Sendable, Hashable {
    /// The archive's name, without its folder.
    public var archive: String
    /// The name of its entry.
    public var name: String
    /// Where its bytes begin, counted from the beginning of the archive.
    public var offset: Int
}

extension [ConversionInput] {
    /// The inputs in an order in which the outputs of a sample come one after the other: as they are, except that files of
    /// one sample that stand apart follow its first.
    ///
    /// Outside of archives a tensor file can also be several samples (`a.npz` is `a/x.png` and `a/y.png`): those go behind
    /// what belongs to the sample of their own name.
    func groupedBySample() -> [ConversionInput] {
        var first: [TextKey: Int] = [:]
        var order: [(group: Int, rank: Int, index: Int)] = []
        order.reserveCapacity(count)
        for (index, input) in enumerated() {
            let path = input.entry.map { $0.isBare ? $0.name : input.relativePath } ?? input.relativePath
            let key = path.sampleKey
            var rank = 0
            if input.entry == nil {
                switch input.pathExtension {
                case "npz", "safetensors": rank = 3
                case "pt", "pth": rank = 2
                default: rank = path.withoutEnding == key ? 1 : 0
                }
            }
            let group = first[TextKey(key)] ?? index
            if group == index { first[TextKey(key)] = index }
            order.append((group, rank, index))
        }
        order.sort { ($0.group, $0.rank, $0.index) < ($1.group, $1.rank, $1.index) }
        return order.map { self[$0.index] }
    }
}
