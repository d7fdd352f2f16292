import CFreeTypeLoader
public import MediaCore

/// FreeType, which reads font files; opened when a font is first needed.
@safe public struct FreeTypeLibrary: Sendable {
    /// Its version: `2.12.1`.
    public let version: String
    let functions: tm_freetype

    /// What loaders of this system call the library.
    static let names: [String] = {
        #if os(macOS)
            // Homebrew's folders are not among those that the loader searches.
            return [
                "libfreetype.6.dylib", "/opt/homebrew/lib/libfreetype.6.dylib", "/usr/local/lib/libfreetype.6.dylib",
            ]
        #else
            return ["libfreetype.so.6"]
        #endif
    }()

    /// The oldest version whose structures are those that are declared here.
    static let oldest = (major: Int32(2), minor: Int32(4))

    /// The library or why there is none, found out once.
    private static let found: Result<FreeTypeLibrary, MediaError> = {
        do throws(MediaError) { return .success(try FreeTypeLibrary(names: names)) } catch { return .failure(error) }
    }()

    /// The library of this system.
    ///
    /// - Throws: `library.missing` when it is not installed or older than 2.4.
    public static func open() throws(MediaError) -> FreeTypeLibrary { try found.get() }

    /// Opens the first that there is of libraries with these names.
    init(names: [String]) throws(MediaError) {
        var reasons: [String] = []
        for name in names {
            var functions = tm_freetype()
            var message = [CChar](repeating: 0, count: 512)
            let status = unsafe tm_freetype_open(name, &functions, &message, message.count)
            guard status == 0 else {
                reasons.append(String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
                continue
            }
            let (major, minor, patch) = try Self.version(functions)
            guard (major, minor) >= Self.oldest else {
                throw Self.missing("FreeType \(major).\(minor).\(patch) is too old: 2.4 or later is needed")
            }
            version = "\(major).\(minor).\(patch)"
            self.functions = functions
            return
        }
        throw Self.missing("FreeType, which reads fonts, cannot be opened (\(reasons.joined(separator: "; ")))")
    }

    private static func version(_ functions: tm_freetype) throws(MediaError) -> (Int32, Int32, Int32) {
        let library = try unsafe handle(functions)
        var major: Int32 = 0, minor: Int32 = 0, patch: Int32 = 0
        unsafe functions.version(library, &major, &minor, &patch)
        unsafe _ = functions.done(library)
        return (major, minor, patch)
    }

    /// An instance of the library, to be ended with `done`. Instances do not share anything.
    @unsafe static func handle(_ functions: tm_freetype) throws(MediaError) -> UnsafeMutableRawPointer {
        var library: UnsafeMutableRawPointer?
        let status = unsafe functions.`init`(&library)
        guard status == 0, let library = unsafe library else {
            throw MediaError(.libraryFailed, "FreeType does not start: its error \(status)", hint: "install it again")
        }
        return unsafe library
    }

    private static func missing(_ message: String) -> MediaError {
        MediaError(
            .libraryMissing, message,
            hint: "install it: 'apt-get install libfreetype6' on Debian, 'brew install freetype' on macOS")
    }
}
