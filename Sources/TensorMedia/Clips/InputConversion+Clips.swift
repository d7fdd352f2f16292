import ImageCoding
import MediaCore
import MediaDrawing
import TensorIO
import VideoCoding

extension InputConversion {
    /// A clip that is to be written: its frames, and what there is to say about them.
    struct PlannedClip {
        var frames: any FrameSource
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
        if settings.picture.grid != nil, !tensorFrames.layout.isBatch {
            outcome.findings.append(
                .warning(
                    .argumentInvalid, "this is one clip; no effect: grid", path: "grid",
                    hint: "state a layout with n for a batch of clips"))
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
    func plan(
        _ all: any FrameSource, _ settings: ConversionSettings, rate: FrameRate, isDefault: Bool
    ) throws(MediaError) -> PlannedClip {
        let frames: any FrameSource = settings.clip.cut.isEverything ? all : try all.cut(settings.clip.cut)
        return PlannedClip(
            frames: frames,
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
        var outputs: [(content: Content, ending: String)] = [(.clip(clip), settings.clip.writtenFormat.rawValue)]
        if let poster = settings.clip.poster {
            outputs.append((.pixels(try all.poster(poster)), "poster." + settings.fileType.rawValue))
        }
        if let count = settings.clip.sheet {
            let sheet = try clip.frames.contactSheet(of: count, limits: settings.limits)
            outputs.append((.pixels(sheet), "sheet." + settings.fileType.rawValue))
        }
        let base = try input.outputStem(member: member)
        for (content, ending) in outputs {
            let path = base + "." + ending
            try names.claim(path, for: place)
            let stored = try write(Output(content: content, path: path, settings: settings))
            var output = ConversionOutcome.Output(path: path, member: member, origin: origin, stored)
            if case .clip(let clip) = content {
                var made = clip.outcome
                if let report = stored.clip {
                    made.report = report
                    (made.frameCount, made.seconds) = (report.frameCount, report.seconds)
                }
                output.clip = made
            }
            outcome.outputs.append(output)
        }
    }

    /// The frames with what lies over them and stands beside them, in the size and mode that were asked for.
    private func finish(
        _ tensorFrames: TensorFrames, _ tensor: Tensor, member: String?, _ settings: ConversionSettings
    ) throws(MediaError) -> any FrameSource {
        var frames: any FrameSource = tensorFrames
        let count = tensorFrames.frameCount ?? 0
        // A legend of the classes of each frame would change from frame to frame, and the size with it.
        var drawn = settings
        drawn.annotations.legend = .none
        if let layer = try AnnotationLayer(input, settings: drawn, fonts: fonts) {
            frames = try frames.mapFrames { (index, frame) throws(MediaError) in
                try layer.over(frame, index: index, of: count)
            }
        }
        if let size = settings.frameSize { frames = try frames.resized(to: size, limits: settings.limits) }
        if let beside = try PictureFrame(
            tensor, name: input.pictureName, member: member, settings: settings, fonts: fonts)
        {
            frames = try frames.decorated(beside)
        }
        if let mode = settings.picture.mode { frames = frames.converted(to: mode.format, rule: mode.rule) }
        return frames
    }
}

extension FrameSource {
    /// The frames with what stands beside them, all of one size: that of the widest caption that the digits of numbers and
    /// times can make.
    fileprivate func decorated(_ beside: PictureFrame) throws(MediaError) -> any FrameSource {
        guard let first = try frame(0) else { return self }
        let last = FrameMoment(max(0, (frameCount ?? 1) - 1), of: self)
        var size = (width: 0, height: 0)
        var format = first.format
        for digit in "0123456789" {
            let widest = try beside.around(first, index: 0, moment: last.replacingDigits(by: digit))
            size = (max(size.width, widest.width), max(size.height, widest.height))
            format = widest.format
        }
        let (width, height) = size
        return mapFrames(width: width, height: height, format: format) { (index, frame) throws(MediaError) in
            let made = try beside.around(frame, index: index, moment: FrameMoment(index, of: self))
            return try made.filled(width: width, height: height)
        }
    }
}

extension PixelSource {
    /// The picture with white on the right and below, or cut there.
    fileprivate func filled(width: Int, height: Int) throws(MediaError) -> any PixelSource {
        var result: any PixelSource = self
        if self.width > width || self.height > height {
            result = try CroppedSource(result, columns: 0..<min(width, self.width), rows: 0..<min(height, self.height))
        }
        guard result.width < width || result.height < height else { return result }
        return try PaddedSource(
            result, insets: EdgeInsets(bottom: height - result.height, right: width - result.width),
            with: .color(.white))
    }
}

/// Which frame of a clip a caption is for. Numbers have the digits of the last, so that captions of all frames are of one
/// size.
struct FrameMoment {
    /// The number of the frame, from 0: `007`.
    let number: String
    /// When it is first shown, in seconds: `03.25`.
    let time: String

    /// The moment of a frame.
    init(_ index: Int, of frames: any FrameSource) {
        let count = frames.frameCount ?? index + 1
        number = Self.padded(index, like: max(0, count - 1))
        func hundredths(_ index: Int) -> Int {
            Int(min(Double(frames.time(ofFrame: index)) * frames.timeBase.seconds * 100, 1e15).rounded(.down))
        }
        let now = hundredths(index), last = hundredths(max(0, count - 1))
        time = Self.padded(now / 100, like: last / 100) + "." + Self.padded(now % 100, like: 99)
    }

    private init(number: String, time: String) { (self.number, self.time) = (number, time) }

    /// The moment with every digit the same, to see how wide it may get.
    func replacingDigits(by digit: Character) -> FrameMoment {
        func replaced(_ text: String) -> String { String(text.map { $0.isNumber ? digit : $0 }) }
        return FrameMoment(number: replaced(number), time: replaced(time))
    }

    private static func padded(_ number: Int, like last: Int) -> String {
        String(number).leftPadded(to: String(last).utf8.count)
    }
}
