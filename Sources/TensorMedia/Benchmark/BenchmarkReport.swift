public import ImageCoding
public import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What was measured.
public struct BenchmarkReport: Sendable {
    /// What was measured of one contestant and one picture.
    public struct Entry: Sendable, Hashable {
        /// The size of the file.
        public var byteCount: Int
        /// Processor seconds of the best round.
        public var seconds: Double
        /// Memory resident at the worst moment of a first encoding above what was before, the file included, in bytes;
        /// `nil` where the system does not say or time was short.
        public var peakMemory: Int?
    }

    /// One picture.
    public struct Picture: Sendable {
        /// The input, `archive:member`, `[3]` behind it for one of several pictures.
        public var name: String
        /// The size in pixels.
        public var width: Int, height: Int
        /// What a pixel is.
        public var format: PixelFormat
        /// The pixels as rivals get them, in bytes.
        public var byteCount: Int
        /// How often each contestant ran.
        public var rounds: Int
        /// What was measured, a place per contestant; `nil` where one does not write such pictures.
        public var entries: [Entry?]
    }

    /// The sums over the pictures of a contestant.
    public struct Summary: Sendable, Hashable {
        /// How many pictures it wrote.
        public var pictures = 0
        /// Bytes of their pixels, of the files, and processor seconds.
        public var pixelBytes = 0, byteCount = 0, seconds = 0.0
        /// Megabytes (10⁶) of pixels per second: the geometric mean over pictures.
        public var megabytesPerSecond: Double?
        /// How many times as fast as the reference it is: the geometric mean over the pictures that both wrote.
        public var speedRatio: Double?
        /// The size of its files where the reference's are 1: the geometric mean over the pictures that both wrote.
        public var sizeRatio: Double?
        /// The most memory that a picture took.
        public var peakMemory: Int?
    }

    /// What was asked for.
    public internal(set) var options: BenchmarkOptions
    /// The quality of JPEG files where no rule says otherwise, 1…100.
    public internal(set) var quality = 90
    /// Who ran, in the order of the table.
    public internal(set) var contestants: [BenchmarkContestant] = []
    /// The pictures, in the order of the inputs.
    public internal(set) var pictures: [Picture] = []
    /// How many inputs were given; how many were looked into, and the pictures in these.
    public internal(set) var inputCount = 0, openedInputs = 0, foundPictures = 0
    /// How many pictures were to be measured; fewer were when time got short.
    public internal(set) var chosenPictures = 0
    /// The interpreter: its path, version and libraries; `nil` when none is in use.
    public internal(set) var python: Python?
    /// Who is missing, and why; what was left out.
    public internal(set) var notes: [String] = []
    /// What `convert` would say about the inputs.
    public internal(set) var findings: [ConversionOutcome.Note] = []
    /// What could not be read or measured.
    public internal(set) var failures: [MediaError] = []

    /// The interpreter that rivals ran in.
    public struct Python: Sendable, Hashable {
        /// Its path and version.
        public var path: String, version: String
        /// Libraries in it and their versions.
        public var libraries: [Library]

        /// A library and its version.
        public struct Library: Sendable, Hashable {
            /// Its name and version.
            public var name: String, version: String
        }
    }

    /// Nothing measured yet.
    init(options: BenchmarkOptions) { self.options = options }

    /// Whom the speeds of a format are compared with: Pillow, else libpng 6 or libjpeg-turbo, else ours.
    public func speedReference(_ format: BenchmarkOptions.Format) -> Int? {
        reference(format, [.pillow, format == .png ? .libpng(level: 6) : .libjpeg])
    }

    /// Whose files are 1: libpng 6, also for JPEG files where it ran, else libjpeg-turbo, else ours.
    public func sizeReference(_ format: BenchmarkOptions.Format) -> Int? {
        let libpng = BenchmarkContestant(format: .png, encoder: .libpng(level: 6))
        return contestants.firstIndex { $0 == libpng && wrote($0) } ?? reference(format, [.libjpeg])
    }

    private func reference(
        _ format: BenchmarkOptions.Format, _ wanted: [BenchmarkContestant.Encoder]
    ) -> Int? {
        for encoder in wanted {
            let contestant = BenchmarkContestant(format: format, encoder: encoder)
            if wrote(contestant), let index = contestants.firstIndex(of: contestant) { return index }
        }
        // Ours with the default preset, or what there is of the others, at the best level.
        let preset = options.presets.contains(.balanced) ? .balanced : options.presets.first
        guard let preset, let level = options.levels.last else { return nil }
        return contestants.firstIndex(of: .init(format: format, encoder: .ours(preset, level)))
    }

    private func wrote(_ contestant: BenchmarkContestant) -> Bool {
        guard let index = contestants.firstIndex(of: contestant) else { return false }
        return pictures.contains { $0.entries[index] != nil }
    }

    /// The sums of a contestant.
    public func summary(_ index: Int) -> Summary {
        var summary = Summary()
        guard contestants.indices.contains(index) else { return summary }
        let format = contestants[index].format
        let references = (speed: speedReference(format), size: sizeReference(format))
        var speeds: [Double] = [], speedRatios: [Double] = [], sizeRatios: [Double] = []
        for picture in pictures {
            guard let entry = picture.entries[index] else { continue }
            summary.pictures += 1
            summary.pixelBytes += picture.byteCount
            summary.byteCount += entry.byteCount
            summary.seconds += entry.seconds
            if let peak = entry.peakMemory { summary.peakMemory = max(summary.peakMemory ?? 0, peak) }
            speeds.append(Double(picture.byteCount) / entry.seconds * 1e-6)
            if let other = references.speed.flatMap({ picture.entries[$0] }) {
                speedRatios.append(other.seconds / entry.seconds)
            }
            if let other = references.size.flatMap({ picture.entries[$0] }) {
                sizeRatios.append(Double(entry.byteCount) / Double(other.byteCount))
            }
        }
        summary.megabytesPerSecond = Self.mean(speeds)
        summary.speedRatio = Self.mean(speedRatios)
        summary.sizeRatio = Self.mean(sizeRatios)
        return summary
    }

    /// The geometric mean of positive numbers; `nil` of none.
    private static func mean(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
