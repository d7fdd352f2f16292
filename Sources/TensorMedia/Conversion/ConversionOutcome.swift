public import AudioCoding
public import ImageCoding
public import MediaCore
public import TensorIO
public import VideoCoding

/// What became of one input.
public struct ConversionOutcome: Sendable {
    /// One picture that was written.
    public struct Output: Sendable {
        /// Where its pixels come from.
        public enum Origin: Sendable, Hashable {
            /// A tensor, and what its numbers were taken for.
            case tensor(shape: [Int], elementType: ElementType, kind: PictureKind)
            /// A tensor of frames: the clip, and the pictures beside it.
            case clip(shape: [Int], elementType: ElementType)
            /// A stream of frames.
            case stream(StreamForm)
            /// A folder of so many files, a frame each.
            case frames(count: Int, FrameFolder.Kind)
            /// A file of frames.
            case clipFile(ClipFormat)
            /// A tensor of samples.
            case sound(shape: [Int], elementType: ElementType)
            /// A file of sound.
            case soundFile(SoundFileKind)
            /// The sound of a video.
            case soundTrack(ClipFormat)
            /// A picture file, which was encoded again or copied byte for byte.
            case picture(ImageHeader.FileFormat, isCopied: Bool)
        }

        /// The file, below the output folder.
        public var path: String
        /// Which tensor of the input it shows; `nil` when the input is one tensor or a picture.
        public var member: String?
        /// Where its pixels come from.
        public var origin: Origin
        /// What was decided, lost and written.
        public var report: EncodingReport
        /// What there is to say about a clip; `nil` for pictures.
        public var clip: ClipOutcome?
        /// What there is to say about a sound; `nil` for pictures and clips.
        public var sound: SoundOutcome?
        /// Digests of the file, as far as they were asked for.
        public var digests: FileDigests
        /// Where in an archive it is, when it went into one.
        public internal(set) var archivePlace: ArchivePlace?
        /// The bytes, when a store keeps them until it places them.
        package var bytes: [UInt8]?
        /// Where a store keeps them until then, when that is not in memory.
        package var waiting: Range<Int>?

        init(path: String, member: String? = nil, origin: Origin, _ stored: StoredOutput) {
            self.path = path
            self.member = member
            self.origin = origin
            report = stored.report
            digests = stored.digests
            bytes = stored.bytes
            waiting = stored.waiting
        }

        /// The media type of the file: `image/png`.
        public var mediaType: String {
            if case .picture(let format, isCopied: true) = origin { return format.mediaType }
            return ImageFileType(pathOf: path)?.mediaType ?? clip?.format.mediaType ?? sound?.format.mediaType
                ?? "application/octet-stream"
        }

        /// What was decided, in short: `(3, 192, 256) float32, image chw inferred, 256×192 rgb, unit 0…1 inferred`.
        public var summary: String {
            var parts: [String] = []
            switch origin {
            case .picture(let format, let isCopied):
                parts.append("\(format.rawValue.uppercased()) picture" + (isCopied ? " copied as it is" : ""))
            case .tensor(let shape, let elementType, let kind):
                parts.append("\(describe(shape)) \(elementType)")
                let layout = report.facts.layout.map { " " + $0 } ?? ""
                parts.append(kind.rawValue + layout + (report.facts.layoutWasInferred ? " inferred" : ""))
            case .clipFile(let format): parts.append("\(format.rawValue) clip")
            case .stream(let form): parts.append("\(form) stream, video")
            case .frames(let count, let kind):
                let layout = report.facts.layout.map { " " + $0 } ?? ""
                parts.append("\(count) \(count == 1 ? String(kind.rawValue.dropLast()) : kind.rawValue)")
                parts.append("video" + layout + (report.facts.layoutWasInferred ? " default" : ""))
            case .clip(let shape, let elementType):
                parts.append("\(describe(shape)) \(elementType)")
                let layout = report.facts.layout.map { " " + $0 } ?? ""
                parts.append("video" + layout + (report.facts.layoutWasInferred ? " default" : ""))
            case .soundFile(let kind): parts.append("\(kind) sound")
            case .soundTrack(let format): parts.append("\(format.rawValue) sound")
            case .sound(let shape, let elementType):
                parts.append("\(describe(shape)) \(elementType)")
                let layout = (sound?.facts.layout?.rawValue ?? report.facts.layout).map { " \($0)" } ?? ""
                let isInferred = sound?.facts.layoutWasInferred ?? report.facts.layoutWasInferred
                parts.append("audio" + layout + (isInferred ? " inferred" : ""))
            }
            if let sound {
                parts.append(sound.summary)
            } else {
                parts.append("\(report.width)×\(report.height) \(report.format)")
            }
            if let clip { parts.append(clip.summary) }
            if let mapping = report.facts.mapping { parts.append(mapping.description) }
            parts += report.facts.remarks
            return parts.joined(separator: ", ")
        }
    }

    /// One tensor or picture that could not be converted.
    public struct Failure: Sendable {
        /// Which tensor of the input; `nil` for the input as a whole.
        public var member: String?
        /// Why.
        public var error: MediaError
    }

    /// Something to know about one tensor of an input, or about all of it.
    public struct Note: Sendable, Hashable {
        /// What messages call it: the input, or `archive:member`.
        public var name: String
        /// What was noticed.
        public var finding: Finding
    }

    /// The input.
    public var input: ConversionInput
    /// The pictures that were written, in order.
    public var outputs: [Output] = []
    /// What failed.
    public var failures: [Failure] = []
    /// What was noticed about the input as a whole.
    public var findings: [Finding] = []

    /// The path of a member of a shard that went into the new one as it is.
    public internal(set) var copiedPath: String?
    /// How many outputs of an earlier run were found as they were recorded, so that nothing was done.
    public var keptOutputs = 0
    /// What was known of the source before it was read, when a manifest asks for it.
    var source: ManifestRecord.Source?

    /// What ends the run: a cancellation, or a failure that every other input would meet too.
    var end: MediaError?

    /// Nothing yet.
    init(input: ConversionInput) { self.input = input }
}

extension ConversionOutcome {
    /// Everything to know, each once: what was guessed about a tensor is said once for all pictures of it, and what was
    /// lost is the sum over them.
    public var notes: [Note] {
        var notes = findings.map { Note(name: input.name, finding: $0) }
        var start = outputs.startIndex
        while start < outputs.endIndex {
            let member = outputs[start].member
            let end = outputs[start...].firstIndex { $0.member != member } ?? outputs.endIndex
            let name = input.name(ofMember: member ?? input.member)
            notes += Self.findings(of: outputs[start..<end]).map { Note(name: name, finding: $0) }
            start = end
        }
        return notes
    }

    /// What is to be said about the pictures of one tensor.
    private static func findings(of outputs: ArraySlice<Output>) -> [Finding] {
        guard let first = outputs.first else { return [] }
        var seen: Set<Finding> = []
        var guesses: [Finding] = []
        var others: [Finding] = []
        var tally = PixelTally()
        for output in outputs {
            guesses += output.report.facts.findings.filter { seen.insert($0).inserted }
            others += output.report.findings.filter { seen.insert($0).inserted }
            tally.add(output.report.tally)
        }
        var count: Int?
        switch first.origin {
        case .tensor(let shape, _, _), .clip(let shape, _): count = shape.reduce(1, &*)
        case .picture, .stream, .frames, .clipFile, .sound, .soundFile, .soundTrack: break
        }
        return guesses + tally.findings(under: first.report.facts.mapping, of: count) + others
    }
}
