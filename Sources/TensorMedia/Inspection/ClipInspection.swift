public import ImageCoding
public import MediaCore
import TensorIO
public import VideoCoding

/// What a tensor is when it is read as a clip, and what a GIF would make of it.
public struct ClipInspection: Sendable, Hashable {
    /// What the axes were taken for.
    public var layout: ClipLayout
    /// Whether nobody stated that.
    public var layoutIsDefault: Bool
    /// How many frames there are.
    public var frameCount: Int
    /// The size of a frame in pixels, and of all clips of a batch side by side.
    public var width: Int, height: Int
    /// What a pixel of a frame is.
    public var format: PixelFormat
    /// How many clips stand side by side, in words; `nil` for one.
    public var tiles: String?
    /// How numbers become samples.
    public var mapping: AppliedMapping?
    /// How many frames are shown per second.
    public var frameRate: FrameRate
    /// Whether nobody stated that.
    public var frameRateIsDefault: Bool
    /// How long the clip plays once, in seconds.
    public var seconds: Double
    /// How many different colours there are; `nil` for more than ``mostColors``.
    public var colorCount: Int?
    /// What the encoder of GIF files did: exact frames, palettes, bytes.
    public var gif: ClipReport
    /// What was guessed and lost.
    public var findings: [Finding]

    /// How many colours are told apart.
    public static let mostColors = 256

    /// Looks at every pixel of every frame, twice at the most: at colours until there are too many, and as the GIF is written
    /// to nowhere. A group of frames is held in memory.
    ///
    /// - Parameters:
    ///   - frames: the clip.
    ///   - settings: those that `convert` would have.
    ///   - pool: threads for the encoder; `nil` for the caller's alone.
    ///   - cancellation: looked at between frames.
    /// - Throws: what rendering a frame throws; `work.cancelled`.
    init(
        _ frames: TensorFrames, settings: ConversionSettings, pool: WorkerPool?, cancellation: CancellationFlag?
    ) throws(MediaError) {
        layout = frames.layout
        layoutIsDefault = frames.facts.layoutWasInferred
        frameCount = frames.frameCount ?? 0
        (width, height, format) = (frames.width, frames.height, frames.format)
        tiles = frames.tiling == nil ? nil : frames.facts.remarks.first
        mapping = frames.facts.mapping
        frameRate = frames.frameRate
        frameRateIsDefault = frames.frameRateIsDefault
        seconds = Double(frameCount) * frames.timeBase.seconds
        colorCount = try frames.colorCount(upTo: Self.mostColors, cancellation: cancellation)
        gif = try GIFEncoder(
            preset: settings.clip.preset, dithering: settings.clip.dithering, opacity: settings.clip.opacity,
            pool: pool,
            cancellation: cancellation
        ).encode(frames, to: CountingSink())
        findings = gif.allFindings
    }
}

extension ClipInspection {
    /// `6 frames of 8×6 rgb, 4 fps default, 1.5 s`.
    var summary: String {
        var parts = ["\(frameCount) frame\(frameCount == 1 ? "" : "s") of \(width)×\(height) \(format)"]
        if let tiles { parts.append(tiles) }
        if let mapping { parts.append(mapping.description) }
        parts.append("\(frameRate) fps\(frameRateIsDefault ? " default" : "")")
        parts.append(seconds.secondsText)
        return parts.joined(separator: ", ")
    }

    /// `37 colours, exact in a GIF of 1 palette and 909 bytes`.
    var colors: String {
        let colors =
            switch colorCount {
            case nil: "more than \(Self.mostColors) colours"
            case 1?: "1 colour"
            case let count?: "\(count) colours"
            }
        let reduced = gif.frameCount - gif.exactFrameCount
        let loss =
            switch reduced {
            case 0: "exact"
            case gif.frameCount: "reduced"
            default: "reduced in \(reduced) of \(gif.frameCount) frames"
            }
        let palettes = "\(gif.paletteCount) palette\(gif.paletteCount == 1 ? "" : "s")"
        return "\(colors), \(loss) in a GIF of \(palettes) and \(gif.byteCount) bytes"
    }

    /// Everything as JSON, for programs.
    var json: JSONValue {
        var object: JSONObject = [
            "frames": JSONValue(frameCount), "width": JSONValue(width), "height": JSONValue(height),
            "format": .string("\(format)"), "channels": JSONValue(format.channels), "layout": .string(layout.rawValue),
            "layout_default": .bool(layoutIsDefault), "frame_rate": .string("\(frameRate)"),
            "frame_rate_default": .bool(frameRateIsDefault), "seconds": .number(seconds),
            "colors": colorCount.map { JSONValue($0) } ?? .null,
            "gif": [
                "exact": .bool(gif.exactFrameCount == gif.frameCount), "exact_frames": JSONValue(gif.exactFrameCount),
                "palettes": JSONValue(gif.paletteCount), "size": JSONValue(gif.byteCount),
            ],
        ]
        if let tiles { object["tiles"] = .string(tiles) }
        if let mapping {
            object["mapping"] = [
                "name": .string(mapping.name), "low": .number(mapping.low), "high": .number(mapping.high),
                "inferred": .bool(mapping.wasInferred),
            ]
        }
        object["findings"] = .array(findings.map(\.json))
        return .object(object)
    }
}
