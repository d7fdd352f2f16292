import CLibavLoader
public import ImageCoding

/// The libraries that clips are read and written with.
public enum VideoLibraries {
    /// The libraries, in the terms of those that are linked; `missing` stands for the version of one that is not there.
    public static var all: [ImageLibraries.Library] {
        let use = "writes and reads mp4, webm and ogg; optional"
        do {
            let library = try LibavLibrary.open()
            let encoders = VideoCodec.allCases.map(\.encoderName) + ["libx264rgb"]
            let there = encoders.filter(library.hasEncoder), absent = encoders.filter { !library.hasEncoder($0) }
            var text = "\(use); encoders \(there.isEmpty ? "none" : there.joined(separator: ", "))"
            if !absent.isEmpty { text += "; not there: \(absent.joined(separator: ", "))" }
            let versions = library.versions
            return [
                ImageLibraries.Library(name: "libavcodec", version: versions.codec, use: text),
                ImageLibraries.Library(name: "libavformat", version: versions.format, use: "packs and unpacks them"),
                ImageLibraries.Library(name: "libavutil", version: versions.util, use: "is needed by both"),
                ImageLibraries.Library(name: "libswscale", version: versions.scale, use: "converts decoded frames"),
            ]
        } catch {
            return [ImageLibraries.Library(name: "libav", version: "missing", use: "\(use); \(error)")]
        }
    }
}
