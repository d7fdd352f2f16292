import MediaCore

/// Names of members, which come from strangers.
enum TARName {
    /// The name in its plain form: components divided by `/`, without those that mean nothing (`.` and empty ones).
    ///
    /// What is not UTF-8 is taken for Latin-1, as in ZIP archives.
    ///
    /// - Throws: `path.invalid` for a name that is absolute, leads out of its folder, holds a zero byte or is no name.
    static func name(of bytes: [UInt8]) throws(MediaError) -> String {
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        let isPlain = text.utf8.first != UInt8(ascii: "/") && text.utf8.first != UInt8(ascii: ".")
        let name =
            isPlain && !text.utf8.contains(UInt8(ascii: "/"))
            ? text
            : (text.utf8.first == UInt8(ascii: "/") ? "/" : "")
                + text.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        guard isSafe(name) else {
            throw MediaError(
                .pathInvalid, "the name of member \"\(text)\" would leave its folder, or is none",
                hint: "write the archive again", at: .init(field: "name"))
        }
        return name
    }

    /// Whether a name stays in the folder that it is used in, on every system.
    static func isSafe(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "\\")) else { return false }
        // A letter and a colon are a drive.
        if let first = parts.first, first.count == 2, first.last == UInt8(ascii: ":") { return false }
        return parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) && !$0.elementsEqual(".".utf8) }
    }
}
