public import AudioCoding
public import ImageCoding
public import MediaCore
public import TensorIO
public import VideoCoding

/// What is in a file.
public struct FileInspection: Sendable {
    /// The tensors, in order.
    public var tensors: [TensorInspection] = []
    /// The format of a file of tensors.
    public var format: TensorFile.Format?
    /// The header of a file that is a picture.
    public var picture: ImageHeader?
    /// What a GIF says of its frames.
    public var clip: GIFFile?
    /// What an mp4, webm or ogg says of its video.
    public var video: VideoFile?
    /// What a file of sound says of itself.
    public var sound: SoundFileHeader?
    /// What the frames of a GIF show.
    public var clipContents: GIFDecoder.Contents?
    /// What was noticed about the file as a whole.
    public var findings: [Finding] = []
    /// What could not be read.
    public var failures: [MediaError] = []

    /// The picture of a picture file, made small; `nil` unless somebody asked for it.
    package var preview: String?

    /// The parts that are shown one below the other: each tensor with its preview, then what was noticed.
    package var parts: [FileInspection] {
        guard picture == nil, video == nil, sound == nil else { return [self] }
        var parts = tensors.map { tensor in
            var part = FileInspection()
            part.tensors = [tensor]
            part.preview = tensor.preview
            return part
        }
        var rest = FileInspection()
        rest.findings = findings
        parts.append(rest)
        return parts
    }
}

/// Looks into files.
public struct FileInspector: Sendable {
    /// How tensors are to be read where no rule says otherwise.
    public var settings: ConversionSettings
    /// What rules say.
    public var rules: ConversionRules

    /// Threads for what takes long: what a GIF would make of a clip. `nil` for the caller's alone.
    public var pool: WorkerPool?

    /// Makes something small of a picture, to be kept while the tensor is not.
    package typealias Previewer = @Sendable (any PixelSource) -> String?

    /// What makes previews.
    package var previewer: Previewer?

    /// Creates an inspector.
    public init(settings: ConversionSettings = ConversionSettings(), rules: ConversionRules = ConversionRules()) {
        self.settings = settings
        self.rules = rules
    }

    /// Looks at every value of every tensor of an input, or at the header of a picture.
    ///
    /// - Parameters:
    ///   - input: the file, or a member of it.
    ///   - cancellation: looked at between tensors.
    public func inspect(_ input: ConversionInput, cancellation: CancellationFlag? = nil) -> FileInspection {
        var inspection = FileInspection()
        do throws(MediaError) {
            let settings = try rules.apply(to: settings, input: input, member: nil)
            let contents = try input.read(settings.limits, cancellation)
            if settings.raw == nil, input.member == nil, let header = try picture(contents, name: input.fileName) {
                inspection.picture = header
                if let previewer { inspection.preview = (try? ImageFile.decode(contents)).flatMap(previewer) }
                inspection.findings = header.findings
                if header.fileFormat == .gif { try look(at: contents, settings.limits, &inspection, cancellation) }
                return inspection
            }
            if settings.raw == nil, input.member == nil, contents.withBytes(SoundFileKind.of) != nil {
                inspection.sound = try SoundFileHeader.read(contents, limits: settings.limits)
                return inspection
            }
            if settings.raw == nil, input.member == nil, ClipFormat.readable(contents) != nil {
                do throws(MediaError) {
                    inspection.video = try VideoFile(contents, limits: settings.limits)
                } catch {
                    // Without pictures it may be a sound.
                    guard error.code == .unsupported else { throw error }
                    inspection.sound = try SoundFileHeader(decoding: SoundFile(contents), cancellation)
                }
                return inspection
            }
            let file = try input.open(contents, settings)
            inspection.format = file.format
            inspection.findings = file.findings
            if let member = input.member, !file.entries.contains(where: { $0.name == member }) {
                _ = try file.tensor(named: member)
            }
            if input.member == nil {
                inspection.failures = file.refusals.map { $0.error.inFile(input.name(ofMember: $0.name)) }
            }
            for (index, entry) in file.entries.enumerated() {
                if let member = input.member, member != entry.name { continue }
                try cancellation?.check()
                let member = file.entries.count == 1 && !file.format.isArchive ? nil : entry.name
                do throws(MediaError) {
                    let settings = try rules.apply(to: self.settings, input: input, member: member)
                    inspection.tensors.append(
                        TensorInspection(
                            try file.tensor(at: index), member: member, settings: settings, pool: pool,
                            cancellation: cancellation, previewer: previewer))
                } catch {
                    inspection.failures.append(error.inFile(input.name(ofMember: member)))
                }
            }
        } catch {
            inspection.failures.append(error.inFile(input.name))
        }
        return inspection
    }

    /// Looks at the frames of a GIF.
    private func look(
        at contents: FileContents, _ limits: Limits, _ inspection: inout FileInspection,
        _ cancellation: CancellationFlag?
    ) throws(MediaError) {
        let decoder = try GIFDecoder(contents, limits: limits)
        inspection.clip = decoder.file
        inspection.findings = decoder.file.findings
        inspection.clipContents = try decoder.contents(cancellation: cancellation)
    }

    /// The header of a picture file; `nil` for other files.
    private func picture(_ contents: FileContents, name: String) throws(MediaError) -> ImageHeader? {
        try contents.withBytes { (bytes) throws(MediaError) in
            guard ImageHeader.FileFormat.of(bytes) != nil else { return nil }
            return try ImageHeader.read(bytes, name: name)
        }
    }
}

extension FileInspection {
    /// Everything for programs: an object per tensor, or one for a picture, and one per failure.
    public func json(file: String) -> [JSONValue] {
        let errors: [JSONValue] = failures.map { ["file": .string(file), "error": $0.json] }
        if let picture {
            var object = JSONObject([
                ("file", .string(file)), ("format", .string(picture.fileFormat.rawValue)),
                ("width", JSONValue(picture.width)), ("height", JSONValue(picture.height)),
                ("channels", JSONValue(picture.channels)), ("bits", JSONValue(picture.bitDepth)),
                ("animated", .bool(picture.isAnimated)),
            ])
            if let clip {
                object["frames"] = JSONValue(clip.frames.count)
                object["seconds"] = .number(clip.seconds)
                object["delays"] = .array(clip.frames.map { JSONValue($0.delay) })
                object["loops"] = JSONValue(clip.loopCount)
                object["palettes"] = JSONValue(clip.paletteCount)
            }
            if let clipContents {
                object["colors"] = JSONValue(clipContents.colorCount)
                object["clear"] = .bool(clipContents.hasClearPixels)
            }
            object["findings"] = .array(findings.map(\.json))
            return [.object(object)] + errors
        }
        if let video { return [video.json(file: file)] + errors }
        if let sound { return [sound.json(file: file)] + errors }
        return tensors.map { tensor in
            var object = JSONObject([("file", .string(file)), ("format", .string(format?.rawValue ?? ""))])
            for member in tensor.json.object?.members ?? [] { object[member.name] = member.value }
            return .object(object)
        } + errors
    }

    /// Everything for people.
    public func lines(file: String) -> [String] {
        if let clip, let clipContents {
            return [clip.line(file: file, clipContents)] + findings.map { "  warning: \($0)" }
        }
        if let picture {
            return [
                "\(file): \(picture.fileFormat.rawValue.uppercased()) picture, \(picture.width)×\(picture.height), "
                    + "\(picture.channels) channel\(picture.channels == 1 ? "" : "s") of \(picture.bitDepth) bits"
                    + (picture.isAnimated ? ", animated" : "")
            ] + findings.map { "  warning: \($0)" }
        }
        if let video { return [video.line(file: file)] }
        if let sound { return [sound.line(file: file)] + sound.findings.map { "  warning: \($0)" } }
        var lines: [String] = []
        for tensor in tensors {
            let member = tensor.member.map { $0.isEmpty ? "" : ":" + $0 } ?? ""
            lines.append(file.hasSuffix(member) ? file : file + member)
            lines += tensor.lines.map { "  " + $0 }
        }
        return lines + findings.map { "\(file): warning: \($0)" }
    }
}

extension TensorInspection {
    /// What is known, line by line.
    var lines: [String] {
        var lines = ["type    \(elementType), shape \(describe(shape)), \(order)"]
        if let low = range.minimum, let high = range.maximum {
            var values = "values  \(Self.text(low)) to \(Self.text(high))"
            values += range.notFinite == 0 ? ", all finite" : ""
            lines.append(values)
            if !histogram.isEmpty { lines.append("        \(Self.bars(histogram))") }
        } else {
            lines.append("values  \(shape.contains(0) ? "none" : "none is finite")")
        }
        if range.notFinite > 0 {
            let place = range.firstNotFinite.map { ", the first at \(describe($0))" } ?? ""
            lines.append("        \(range.notFinite) not finite\(place)")
        }
        switch reading {
        case .refused(let error):
            lines.append("read as nothing: \(error)")
        case .clip(let clip, let reasons):
            lines.append("read as a clip: \(clip.summary)")
            lines += reasons.map { "        " + $0 }
            lines.append("        \(clip.colors)")
            lines += clip.findings.map { "        warning: \($0)" }
        case .sound(let sound, let reasons):
            lines.append("read as a sound: \(sound.summary)")
            lines += reasons.map { "        " + $0 }
            lines.append("        \(sound.loudness)")
            lines += sound.findings.map { "        warning: \($0)" }
        case .pictures(let count, let summary, let reasons, let findings):
            lines.append("read as \(count == 1 ? "a picture" : "\(count) pictures"): \(summary)")
            lines += reasons.map { "        " + $0 }
            lines += findings.map { "        warning: \($0)" }
        }
        return lines
    }

    private static func text(_ value: Double) -> String {
        let text = Float(value).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Eight heights of blocks, on a scale of square roots so that rare values show.
    private static func bars(_ counts: [Int]) -> String {
        let most = Double(counts.max() ?? 0).squareRoot()
        let blocks = Array("▁▂▃▄▅▆▇█")
        return String(
            counts.map { count in
                guard count > 0, most > 0 else { return " " }
                return blocks[min(7, Int(Double(count).squareRoot() / most * 8))]
            })
    }
}

extension GIFFile {
    /// `a.gif: GIF clip, 256×256, 30 frames, 4 fps, 7.5 s, for ever, 200 colours in 1 palette`.
    fileprivate func line(file: String, _ contents: GIFDecoder.Contents) -> String {
        let delays = frames.map(\.delay)
        let shortest = delays.min() ?? 0, longest = delays.max() ?? 0
        let rate = frameRate.map { "\($0) fps" } ?? "\(shortest) to \(longest) hundredths of a second each"
        let times = loopCount == 0 ? "for ever" : loopCount == 1 ? "once" : "\(loopCount) times"
        func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
        return
            "\(file): GIF clip, \(width)×\(height), \(count(frames.count, "frame")), \(rate), \(seconds.secondsText), \(times), "
            + "\(count(contents.colorCount, "colour")) in \(count(paletteCount, "palette"))"
            + (contents.hasClearPixels ? ", with clear pixels" : "")
    }
}
