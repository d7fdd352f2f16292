import AudioCoding
public import ImageCoding
public import MediaCore
import MediaDrawing
import VideoCoding

/// What this process runs on: versions of libraries, formats, processor.
public struct SystemReport: Sendable {
    /// The libraries in use; `missing` is the version of an optional one that is not installed.
    public let libraries: [ImageLibraries.Library]
    /// The formats that can be read and written.
    public let formats: [(name: String, access: String)]
    /// The level of processor instructions that kernels use, and the best that the processor has.
    public let level: CPULevel, detectedLevel: CPULevel
    /// How many processors this process may use.
    public let processors: Int

    /// Looks.
    public init() {
        libraries = ImageLibraries.all + DrawingLibraries.all + VideoLibraries.all + Self.soundLibraries
        formats = [
            ("npy, npz", "read, write"), ("safetensors, pt", "read"), ("png, jpeg", "read, write"), ("bmp", "write"),
            ("gif, mp4, webm, ogg", "read, write"), ("apng", "write"), ("webp", "pass through"),
            ("wav, flac, ogg (sound), opus, mp3, aiff", "read, write"),
        ]
        level = .current
        detectedLevel = .detected
        processors = Processors.available
    }

    /// The library of compressed sounds, in the terms of the others.
    private static var soundLibraries: [ImageLibraries.Library] {
        let use = "writes flac, vorbis, opus, mp3 and aiff; optional"
        do {
            let library = try SoundFileLibrary.open()
            let absent = SoundFormat.allCases.filter { !library.writes($0) }.map(\.rawValue)
            let rest = absent.isEmpty ? "" : "; not there: \(absent.joined(separator: ", "))"
            return [ImageLibraries.Library(name: "libsndfile", version: library.number, use: use + rest)]
        } catch {
            return [ImageLibraries.Library(name: "libsndfile", version: "missing", use: "\(use); \(error)")]
        }
    }

    /// For people.
    public var lines: [String] {
        var lines = ["tensor-media \(TensorMediaVersion.description)"]
        lines += libraries.map { "  \($0.name) \($0.version): \($0.use)" }
        lines += formats.map { "  \($0.name): \($0.access)" }
        let lowered = level == detectedLevel ? "" : " (of \(detectedLevel.rawValue), lowered by TENSOR_MEDIA_CPU)"
        lines.append("  processor: \(processors) usable, instructions \(level.rawValue)\(lowered)")
        return lines
    }

    /// For programs.
    public var json: JSONValue {
        [
            "version": .string(TensorMediaVersion.description),
            "libraries": .array(
                libraries.map { ["name": .string($0.name), "version": .string($0.version), "use": .string($0.use)] }),
            "formats": .object(JSONObject(formats.map { ($0.name, JSONValue.string($0.access)) })),
            "processors": JSONValue(processors), "cpu_level": .string(level.rawValue),
            "cpu_level_detected": .string(detectedLevel.rawValue),
        ]
    }
}
