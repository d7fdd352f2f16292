import ImageCoding
import MediaCore
import TensorIO
import VideoCoding

extension InputConversion {
    /// A clip that is to be written: its frames, and what there is to say about them.
    struct PlannedClip {
        var frames: any FrameSource
        var sound: (any SampleSource)?
        /// Adds the frames to a file, where several files are written side by side; `nil` lets the encoder ask for them.
        var feed: ((any ClipWriter, Progress?) throws(MediaError) -> Void)?
        var outcome: ClipOutcome
    }

    /// Writes the clip that a tensor is, and the pictures beside it that were asked for.
    func convertClip(
        _ tensor: Tensor, member: String?, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome,
        _ write: Writer
    ) throws(MediaError) {
        guard settings.picture.kind == .image else {
            throw MediaError(
                .argumentInvalid, "clips of \(settings.picture.kind.rawValue) are not made",
                hint: "choose a range and a colour map, or convert the frames as pictures", at: .init(field: "as"))
        }
        let tensorFrames = try TensorFrames(tensor, options: try settings.clipOptions())
        if !tensorFrames.layout.isBatch {
            for (name, isGiven) in [("grid", settings.picture.grid != nil), ("titles", settings.titles != nil)]
            where isGiven {
                outcome.findings.append(
                    .warning(
                        .argumentInvalid, "this is one clip; no effect: \(name)", path: name,
                        hint: "state a layout with n for a batch of clips"))
            }
        }
        let all = try finish(tensorFrames, tensor, member: member, settings)
        let clip = try plan(
            all, settings, rate: tensorFrames.frameRate, isDefault: tensorFrames.frameRateIsDefault)
        try self.write(
            clip, of: all, member: member, origin: .clip(shape: tensor.shape, elementType: tensor.elementType),
            settings,
            &outcome, write)
    }

    /// The part of the frames that is kept, and what there is to say before it is written.
    ///
    /// - Parameter sound: the frames' own sound, for when nobody asks for another.
    func plan(
        _ all: any FrameSource, sound: (any SampleSource)? = nil, _ settings: ConversionSettings, rate: FrameRate,
        isDefault: Bool
    ) throws(MediaError) -> PlannedClip {
        let frames: any FrameSource = settings.clip.cut.isEverything ? all : try all.cut(settings.clip.cut)
        let whole = try settings.askedSound() ?? sound
        return PlannedClip(
            frames: frames, sound: whole.map { $0.part(of: frames) },
            outcome: ClipOutcome(
                format: settings.clip.writtenFormat, formatIsDefault: settings.clip.format == nil, frameRate: rate,
                frameRateIsDefault: isDefault, frameCount: frames.frameCount,
                seconds: frames.frameCount.map { Double(frames.time(ofFrame: $0)) * frames.timeBase.seconds }))
    }

    /// Writes a clip and the pictures beside it that were asked for.
    ///
    /// - Parameter all: the frames that it is a part of; a poster is one of them.
    func write(
        _ clip: PlannedClip, of all: any FrameSource, member: String?, origin: ConversionOutcome.Output.Origin,
        _ settings: ConversionSettings, _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        let base = try input.outputStem(member: member)
        var targets: [ClipTarget] = []
        for format in settings.clip.writtenFormats {
            targets.append(ClipTarget(path: base + "." + format.rawValue, format: format, settings))
            try names.claim(base + "." + format.rawValue, for: place)
        }
        for (target, stored) in zip(targets, try self.write(clip, targets[...], write)) {
            var output = ConversionOutcome.Output(path: target.path, member: member, origin: origin, stored)
            var made = clip.outcome
            made.format = target.format
            if let report = stored.clip {
                made.report = report
                (made.frameCount, made.seconds) = (report.frameCount, report.seconds)
            }
            output.clip = made
            outcome.outputs.append(output)
        }
        // What is not there yet is kept on the way, and there when the clip is written.
        let kept = all as? KeptFrame
        var outputs: [(content: Content?, ending: String)] = []
        if let poster = settings.clip.poster {
            let ending = "poster." + settings.fileType.rawValue
            outputs.append((kept == nil ? .pixels(try all.poster(poster)) : nil, ending))
        }
        if let count = settings.clip.sheet {
            let sheet = try clip.frames.contactSheet(of: count, limits: settings.limits)
            outputs.append((.pixels(sheet), "sheet." + settings.fileType.rawValue))
        }
        for (ready, ending) in outputs {
            let path = base + "." + ending
            try names.claim(path, for: place)
            var content = ready
            if content == nil, let kept { content = .pixels(try kept.picture()) }
            guard let content else { continue }
            let stored = try write(Output(content: content, path: path, settings: settings))
            outcome.outputs.append(ConversionOutcome.Output(path: path, member: member, origin: origin, stored))
        }
    }

    /// One of the files that a clip becomes.
    private struct ClipTarget {
        var path: String
        var format: ClipFormat
        var settings: ConversionSettings

        init(path: String, format: ClipFormat, _ settings: ConversionSettings) {
            (self.path, self.format, self.settings) = (path, format, settings)
            self.settings.clip.format = format
        }
    }

    /// Writes a clip into one file, or into several side by side, for which each frame is asked for once.
    private func write(
        _ clip: PlannedClip, _ targets: ArraySlice<ClipTarget>, _ write: Writer, writers: [any ClipWriter] = [],
        progress: Progress? = nil
    ) throws(MediaError) -> [StoredOutput] {
        guard let target = targets.first else {
            try CountedFrames(base: clip.frames, progress: progress).feed(writers)
            return []
        }
        guard targets.count > 1 || !writers.isEmpty else {
            return [try write(Output(content: .clip(clip), path: target.path, settings: target.settings))]
        }
        return try withoutActuallyEscaping(write) { (write) throws(MediaError) in
            var planned = clip
            var others: [StoredOutput]?
            // Files end in the order opposite to that in which they began: one is open inside the other.
            planned.feed = { (writer, progress) throws(MediaError) in
                others = try self.write(
                    clip, targets.dropFirst(), write, writers: writers + [writer], progress: progress)
            }
            let stored = try write(Output(content: .clip(planned), path: target.path, settings: target.settings))
            // What is only planned is not fed.
            if let others { return [stored] + others }
            return [stored] + (try self.write(clip, targets.dropFirst(), write))
        }
    }

    /// The frames with what lies over them and stands beside them, in the size and mode that were asked for.
    private func finish(
        _ tensorFrames: TensorFrames, _ tensor: Tensor, member: String?, _ settings: ConversionSettings
    ) throws(MediaError) -> any FrameSource {
        var frames: any FrameSource = tensorFrames
        var settings = settings
        if let titles = settings.titles, tensorFrames.tiling != nil {
            frames = try titled(tensorFrames, titles, member: member, settings)
            (settings.clip.size, settings.picture.maxSide) = (nil, nil)
        }
        if let layer = try AnnotationLayer(input, settings: settings, fonts: fonts) { frames = try layer.over(frames) }
        return try finish(
            frames,
            beside: try PictureFrame(
                tensor, name: input.pictureName, member: member, settings: settings, fonts: fonts), settings)
    }

    /// The frames in the size and mode that were asked for, with what stands beside them.
    func finish(
        _ all: any FrameSource, beside: PictureFrame?, _ settings: ConversionSettings
    ) throws(MediaError) -> any FrameSource {
        var frames = all
        if let size = settings.frameSize { frames = try frames.resized(to: size, limits: settings.limits) }
        if let beside { frames = try frames.decorated(beside) }
        if let mode = settings.picture.mode { frames = frames.converted(to: mode.format, rule: mode.rule) }
        return frames
    }

    /// Refuses settings that do not go with what becomes a clip.
    ///
    /// - Parameters:
    ///   - names: those settings, and whether they are given.
    ///   - what: what becomes a clip.
    func refuse(
        _ names: [(name: String, isGiven: Bool)], with what: String, hint: String = "leave it out"
    ) throws(MediaError) {
        guard let name = names.first(where: \.isGiven)?.name else { return }
        throw MediaError(
            .argumentInvalid, "\(name) does not go with \(what)", hint: hint, at: .init(field: name))
    }
}
