public import ImageCoding

/// The libraries that pictures are drawn with, opened when they are first needed.
public enum DrawingLibraries {
    /// The libraries, in the terms of those that are linked; `missing` stands for the version of one that is not there.
    public static var all: [ImageLibraries.Library] {
        let version = (try? FreeTypeLibrary.open().version) ?? "missing"
        return [
            ImageLibraries.Library(name: "FreeType", version: version, use: "reads fonts for other scripts; optional")
        ]
    }
}
