import AudioCoding
import ImageCoding
import MediaCore
import TensorIO

/// Walks through the tensors and pictures of one input and has each of them written.
struct InputConversion {
    let input: ConversionInput
    /// The input's place among all.
    let place: Int
    let names: OutputNames
    let settings: ConversionSettings
    let rules: ConversionRules
    let cancellation: CancellationFlag?
    /// The typefaces of what stands beside pictures.
    var fonts = FontShelf()
    /// Memory for the bytes of files, where many are read one after the other.
    var buffers: FileBuffers?
    /// The bytes of the file, when somebody has read them already.
    var contents: FileContents?
    /// What is laid over the pictures; that of the input's own annotations when `nil`.
    var layer: (any PictureLayer)?
    /// Whether there is room for one picture only: an input that is more is refused before anything is written.
    var isSingle = false

    /// What is written for one output.
    enum Content {
        /// Pixels to encode.
        case pixels(any PixelSource)
        /// A picture file to copy.
        case file(FileContents, ImageHeader)
        /// Frames to encode.
        case clip(PlannedClip)
        /// Samples to encode.
        case sound(PlannedSound)
    }

    /// One output: what, where to, under which settings.
    struct Output {
        var content: Content
        var path: String
        var settings: ConversionSettings
        /// What the pixels are a picture of; `nil` for picture files.
        var origin: Origin?
    }

    /// One of the pictures of a tensor.
    struct Origin {
        var tensor: Tensor
        var member: String?
        /// Which picture, and of how many.
        var index: Int, count: Int
    }

    /// Writes an output.
    typealias Writer = (Output) throws(MediaError) -> StoredOutput

    /// Converts everything in the input that can be converted.
    func run(_ write: Writer) -> ConversionOutcome {
        var outcome = ConversionOutcome(input: input)
        do throws(MediaError) {
            try names.check(place)
            let settings = try rules.apply(to: settings, input: input, member: nil)
            if input.isFrameFolder {
                try convertFolder(settings, &outcome, write)
                return outcome
            }
            if settings.clip.makesClips, let form = settings.clip.stream {
                try convertStream(form, settings, &outcome, write)
                return outcome
            }
            let contents =
                if let contents { contents } else { try input.read(settings.limits, buffers: buffers, cancellation) }
            if settings.raw == nil, let format = contents.withBytes({ ImageHeader.FileFormat.of($0) }) {
                if let drawn = settings.sound.picture {
                    throw MediaError(
                        .argumentInvalid, "this is a picture (\(format.rawValue)), no sound",
                        hint: "a \(drawn.name) is drawn of tensors of samples and of files of sound")
                }
                try convertPicture(contents, format, settings, &outcome, write)
            } else if settings.raw == nil, input.member == nil, let kind = contents.withBytes(SoundFileKind.of) {
                try convertSoundFile(contents, kind, settings, &outcome, write)
            } else if settings.raw == nil, input.member == nil, let format = ClipFormat.readable(contents) {
                if settings.sound.makesSounds {
                    try convertSamples(of: contents, origin: .soundTrack(format), settings, &outcome, write)
                    return outcome
                }
                guard settings.clip.makesClips else {
                    throw MediaError(
                        .argumentInvalid, "this is a video (\(format.rawValue)), no picture",
                        hint: "say that it becomes a clip (as video) or a sound (as audio), or extract its frames",
                        at: .init(field: "as"))
                }
                try convertClipFile(contents, format, settings, &outcome, write)
            } else {
                try convertTensors(try input.open(contents, settings), &outcome, write)
            }
        } catch {
            outcome.add(error, member: input.member)
        }
        return outcome
    }

    // MARK: Tensors

    private func convertTensors(
        _ file: TensorFile, _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        outcome.findings = file.findings
        if let member = input.member, !file.entries.contains(where: { $0.name == member }) {
            // Says which there are, or why this one is refused.
            _ = try file.tensor(named: member)
        }
        if input.member == nil {
            for refusal in file.refusals { outcome.add(refusal.error, member: refusal.name) }
        }
        if isSingle, input.member == nil, file.entries.count > 1 { throw Self.tooMany("\(file.entries.count) tensors") }
        for (index, entry) in file.entries.enumerated() {
            if let member = input.member, member != entry.name { continue }
            let member = file.entries.count == 1 && !file.format.isArchive ? nil : entry.name
            do throws(MediaError) {
                try cancellation?.check()
                let settings = try rules.apply(to: settings, input: input, member: member)
                try convert(try file.tensor(at: index), member: member, settings, &outcome, write)
            } catch {
                outcome.add(error, member: member)
            }
            if outcome.end != nil { return }
        }
    }

    private func convert(
        _ tensor: Tensor, member: String?, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome,
        _ write: Writer
    ) throws(MediaError) {
        if settings.sound.makesSounds {
            return try convertSound(tensor, member: member, settings, &outcome, write)
        }
        try settings.checkNoSound()
        if settings.clip.makesClips {
            return try convertClip(tensor, member: member, settings, &outcome, write)
        }
        try settings.checkPictures()
        var settings = settings
        if settings.annotations.areDrawn, settings.picture.kind == .image, tensor.elementType.isInteger,
            AnnotationPairs.isMask(input)
        {
            // A mask that belongs to no picture is shown in the colours of its classes.
            settings.picture.kind = .labels
        }
        let layer = try layer(settings)
        let pictures = try self.pictures(of: tensor, member: member, settings, hasLayer: layer != nil)
        guard let first = pictures.first else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(tensor.shape)) holds no picture", hint: "give a batch of one or more",
                at: .init(field: "shape"))
        }
        if isSingle, pictures.count > 1 { throw Self.tooMany("\(pictures.count) pictures") }
        let frame = try PictureFrame(
            tensor, name: input.pictureName, member: member, settings: settings, fonts: fonts)
        let base = try input.outputStem(member: member)
        let isNumbered =
            pictures.count > 1 || (settings.picture.grid == nil && first.facts.layout?.utf8.first == UInt8(ascii: "n"))
        let origin = ConversionOutcome.Output.Origin.tensor(
            shape: tensor.shape, elementType: tensor.elementType, kind: settings.picture.kind)
        for (index, picture) in pictures.enumerated() {
            let stem = isNumbered ? input.numberedStem(base, index) : base
            let path = stem + "." + settings.fileType.rawValue
            do throws(MediaError) {
                try names.claim(path, for: place)
                var picture = picture
                if let layer {
                    picture = try settings.picture.finish(
                        try layer.over(picture, index: index, of: pictures.count))
                }
                let output = Output(
                    content: .pixels(try frame?.around(picture, index: index) ?? picture), path: path,
                    settings: settings,
                    origin: Origin(tensor: tensor, member: member, index: index, count: pictures.count))
                let stored = try write(output)
                outcome.outputs.append(.init(path: path, member: member, origin: origin, stored))
            } catch {
                outcome.add(isNumbered ? error.inPicture(index) : error, member: member)
                if outcome.end != nil { return }
            }
        }
    }

    /// The pictures that a tensor is, in grids with titles where they are asked for.
    private func pictures(
        of tensor: Tensor, member: String?, _ settings: ConversionSettings, hasLayer: Bool
    ) throws(MediaError) -> [any PixelSource] {
        guard let titles = settings.titles else {
            return try tensor.pictures(hasLayer ? settings.picture.inFullSize : settings.picture)
        }
        guard let grid = settings.picture.grid else {
            throw MediaError(
                .argumentInvalid, "titles stand above the pictures of a grid", hint: "ask for a grid, or for a caption",
                at: .init(field: "titles"))
        }
        var single = settings.picture
        (single.grid, single.mode) = (nil, nil)
        var grids = try titled(try tensor.pictures(single), grid, titles, member: member, settings)
        if let mode = settings.picture.mode, !settings.picture.compatibility.isWandb {
            for index in grids.indices where grids[index].format != mode.format {
                grids[index] = try ConvertedSource(grids[index], to: mode.format, rule: mode.rule)
            }
        }
        return grids
    }

    private func layer(_ settings: ConversionSettings) throws(MediaError) -> (any PictureLayer)? {
        if let layer { return layer }
        return try AnnotationLayer(input, settings: settings, fonts: fonts)
    }

    private static func tooMany(_ what: String) -> MediaError {
        MediaError(
            .argumentInvalid, "the input is \(what), the output is one file",
            hint: "name a member, lay the pictures out in a grid, or give a folder")
    }

    // MARK: Pictures

    private func convertPicture(
        _ contents: FileContents, _ format: ImageHeader.FileFormat, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        if let member = input.member {
            throw MediaError(
                .argumentInvalid, "there is no tensor \"\(member)\" in a picture", hint: "name the file alone",
                at: .init(file: input.name(ofMember: nil)))
        }
        if settings.clip.makesClips {
            if format == .gif { return try convertClipFile(contents, .gif, settings, &outcome, write) }
            throw MediaError(
                .argumentInvalid, "this is a \(format.rawValue.uppercased()) picture, no tensor of frames",
                hint: "stack the frames in a tensor, or give their folder as one of frames", at: .init(field: "as"))
        }
        try settings.checkPictures()
        let content: Content
        var ending = settings.fileType.rawValue
        if settings.copiesPictures {
            let header = try contents.withBytes { (bytes) throws(MediaError) in
                try ImageHeader.read(bytes, name: input.fileName)
            }
            ending = header.extensionMatches(input.fileName) ? input.pathExtension : header.pathExtension
            if ending.isEmpty { ending = header.pathExtension }
            content = .file(contents, header)
            if input.annotations?.isEmpty == false, settings.annotations.areDrawn {
                outcome.findings.append(
                    .warning(
                        .argumentInvalid, "this is a picture, copied as it is; masks and boxes beside it are not drawn",
                        path: "annotations", hint: "encode it again, or draw no annotations"))
            }
        } else {
            var picture: any PixelSource
            if let layer = try layer(settings) {
                var inFullSize = settings
                inFullSize.picture = settings.picture.inFullSize
                picture = try PictureInput.pixels(contents, inFullSize, for: layer.size, &outcome.findings)
                picture = try settings.picture.finish(try layer.over(picture, index: 0, of: 1))
            } else {
                picture = try PictureInput.pixels(contents, settings, &outcome.findings)
            }
            let frame = try PictureFrame(format, name: input.pictureName, settings: settings, fonts: fonts)
            content = .pixels(try frame?.around(picture, index: 0) ?? picture)
        }
        if let finding = settings.findingForPicture { outcome.findings.append(finding) }
        if settings.picture.strictness == .strict, let finding = outcome.findings.first {
            throw MediaError(finding.code, finding.message, hint: finding.hint)
        }
        let path = input.stem + "." + ending
        try names.claim(path, for: place, isCopy: settings.copiesPictures)
        let stored = try write(Output(content: content, path: path, settings: settings))
        outcome.outputs.append(
            .init(path: path, origin: .picture(format, isCopied: settings.copiesPictures), stored))
    }
}

extension PictureOptions {
    /// The options of a picture that is drawn on: annotations speak of its own pixels, so it is made smaller afterwards.
    fileprivate var inFullSize: PictureOptions {
        var options = self
        options.maxSide = nil
        return options
    }

    /// A picture that was drawn on, in the size and mode that were asked for.
    fileprivate func finish(_ picture: any PixelSource) throws(MediaError) -> any PixelSource {
        var result = picture
        if let maxSide { result = try ResizedSource.fit(result, maxSide: maxSide) }
        if let mode, mode.format != result.format {
            result = try ConvertedSource(result, to: mode.format, rule: mode.rule)
        }
        return result
    }
}

extension InputConversion.Content {
    /// What is known before anything is written.
    var plannedReport: EncodingReport {
        switch self {
        case .pixels(let source):
            return EncodingReport(
                width: source.width, height: source.height, format: source.format, byteCount: 0, facts: source.facts)
        case .clip(let clip):
            let source = clip.frames
            return EncodingReport(
                width: source.width, height: source.height, format: source.format, byteCount: 0, facts: source.facts)
        case .sound: return EncodingReport(width: 0, height: 0, format: .gray, byteCount: 0)
        case .file(_, let header):
            let model: PixelFormat.Model =
                switch header.channels {
                case _ where header.isIndexed: .indexed
                case 1: .gray
                case 2: .grayAlpha
                case 4 where header.hasAlpha: .rgba
                default: .rgb
                }
            return EncodingReport(
                width: header.width, height: header.height,
                format: PixelFormat(model: model, bits: header.bitDepth) ?? .rgb, byteCount: 0,
                findings: header.findings)
        }
    }
}

extension ConversionOutcome {
    /// Notes what could not be converted, and whether anything after it would meet the same.
    mutating func add(_ error: MediaError, member: String?) {
        let isOfOutput = error.code == .writeFailed || error.code == .createFailed
        if error.code == .cancelled || (isOfOutput && error.systemFailure?.outlastsFile == true) { end = end ?? error }
        guard error.code != .cancelled else { return }
        failures.append(.init(member: member, error: error.inFile(input.name(ofMember: member ?? input.member))))
    }
}

extension MediaError {
    /// The error, said of one picture of a batch.
    fileprivate func inPicture(_ index: Int) -> MediaError {
        var copy = self
        copy.location.field = location.field.map { "picture \(index): \($0)" } ?? "picture \(index)"
        return copy
    }
}
