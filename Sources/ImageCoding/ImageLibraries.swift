import CDeflate
import CImageBarriers

/// The libraries of the system that pictures are read and written with.
public enum ImageLibraries {
    /// A library and what it is here for.
    public struct Library: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its version, as it calls it.
        public var version: String
        /// What it does here.
        public var use: String

        /// Creates a description.
        package init(name: String, version: String, use: String) {
            self.name = name
            self.version = version
            self.use = use
        }
    }

    /// The libraries that are linked.
    public static var all: [Library] {
        let png = Int(tm_png_version())
        let jpeg = Int(tm_jpeg_version())
        return [
            Library(name: "libpng", version: dotted(png, 10000, 100), use: "reads PNG; writes it as the reference"),
            Library(
                name: "libjpeg-turbo", version: jpeg == 0 ? "another libjpeg" : dotted(jpeg, 1_000_000, 1000),
                use: "reads and writes JPEG"),
            Library(
                name: "libdeflate", version: LIBDEFLATE_VERSION_STRING,
                use: "inflates NPZ; compresses the smaller presets of PNG"),
        ]
    }

    private static func dotted(_ number: Int, _ major: Int, _ minor: Int) -> String {
        "\(number / major).\(number % major / minor).\(number % minor)"
    }
}
