/// The folders and the beginning of the file name that a key stands for.
///
/// `train/val/x` stands for the folders `train` and `val` and a file whose name begins with `x`. No key leads out of the
/// folder that it is used in.
///
/// Under ``Compatibility/wandb(_:)`` the rules are those of the SDK on POSIX systems: leading slashes and empty components
/// go, `.` and `..` become `_` and `__`, everything else stays.
///
/// Under ``Compatibility/standard`` the names are fit for every system, the same on all of them, and ``key`` gives the
/// key back. What some system forbids is written as `%` and two hexadecimal digits for each byte of its UTF-8: control
/// characters, `< > : " \ | ? *`, components that are `.` or `..`, a dot or space at the end of a folder's name, the first
/// letter of a device name of Windows (`con`, `lpt1`), a slash that would leave a name empty, and a `%` that could be
/// taken for the beginning of such an escape. Names over ``longestName`` bytes go on in a folder of their own; the part
/// before ends in `%~`.
public struct MediaKey: Sendable, Hashable {
    /// The folders, outermost first.
    public let folders: [String]
    /// The beginning of the file name; may be empty.
    public let stem: String

    /// The longest name that a key makes under `.standard`, in bytes of UTF-8. File systems take 255, and a step, a digest
    /// and an extension follow.
    public static let longestName = 160

    /// The path that a key stands for.
    ///
    /// - Throws: `path.invalid` when the key holds a NUL under the rules of wandb, or makes a path over 2048 bytes.
    public init(_ key: String, compatibility: Compatibility) throws(MediaError) {
        var names: [String]
        switch compatibility {
        case .standard: names = Self.portableNames(key)
        case .wandb: names = try Self.wandbNames(key)
        }
        guard names.reduce(0, { $0 + $1.utf8.count + 1 }) <= 2048 else {
            throw MediaError(
                .pathInvalid, "the key has \(key.utf8.count) bytes and makes a path that systems do not take",
                hint: "use a shorter key", at: .init(field: "key"))
        }
        stem = names.removeLast()
        folders = names
    }

    /// The key that these names were made from under `.standard`.
    public var key: String {
        var bytes: [UInt8] = []
        for name in folders {
            if name.hasSuffix(Self.continuation) {
                bytes += name.utf8.dropLast(Self.continuation.utf8.count)
            } else {
                bytes += name.utf8
                bytes.append(UInt8(ascii: "/"))
            }
        }
        return String(decoding: Self.unescaped(bytes + Array(stem.utf8)), as: UTF8.self)
    }

    private static let continuation = "%~"

    /// The rules of the SDK.
    private static func wandbNames(_ key: String) throws(MediaError) -> [String] {
        guard !key.utf8.contains(0) else {
            throw MediaError(
                .pathInvalid, "the key holds a NUL character", hint: "remove it", at: .init(field: "key"))
        }
        let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            part in
            switch String(part) ?? String(decoding: part, as: UTF8.self) {
            case ".": "_"
            case "..": "__"
            case let name: name
            }
        }
        // The last part is the stem, also when it is empty: "a/" makes "a/_0_….png".
        return parts.dropLast().filter { !$0.isEmpty } + parts.suffix(1)
    }

    /// Our own rules.
    private static func portableNames(_ key: String) -> [String] {
        var names: [String] = []
        var name = Name()
        for scalar in key.unicodeScalars {
            if scalar != "/" {
                name.scalars.append(scalar)
            } else if name.scalars.isEmpty {
                name.leadingSlashes += 1
            } else {
                names += name.portable(isFolder: true)
                name = Name()
            }
        }
        return names + name.portable(isFolder: false)
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

/// One component of a key on its way to portable names.
private struct Name {
    var scalars: [Unicode.Scalar] = []
    /// Slashes in front that would leave names empty.
    var leadingSlashes = 0

    func portable(isFolder: Bool) -> [String] {
        var pieces = Array(repeating: "%2F", count: leadingSlashes)
        for (index, scalar) in scalars.enumerated() {
            pieces.append(mustEscape(scalar, at: index, isFolder: isFolder) ? escaped(scalar) : String(scalar))
        }
        // A long name goes on in the next folder, never in the middle of an escape or a character.
        var names: [String] = []
        var name = ""
        for piece in pieces {
            if name.utf8.count + piece.utf8.count > MediaKey.longestName - 2 {
                names.append(name + "%~")
                name = ""
            }
            name += piece
        }
        return names + [name]
    }

    private func mustEscape(_ scalar: Unicode.Scalar, at index: Int, isFolder: Bool) -> Bool {
        switch scalar {
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "<", ">", ":", "\"", "\\", "|", "?", "*":
            true
        case "%":
            // Together with what follows it could be read as an escape or as the mark of a long name.
            index + 1 < scalars.count && (scalars[index + 1] == "~" || isHexDigits(at: index + 1))
        case ".", " ":
            isFolder && index == scalars.count - 1 || index == 0 && leadingSlashes == 0 && isDots
        default:
            index == 0 && leadingSlashes == 0 && isDeviceName(isFolder: isFolder)
        }
    }

    private func isHexDigits(at index: Int) -> Bool {
        index + 1 < scalars.count && scalars[index].properties.isASCIIHexDigit
            && scalars[index + 1].properties.isASCIIHexDigit
    }

    private var isDots: Bool { scalars == ["."] || scalars == [".", "."] }

    /// Windows takes these for devices whatever follows a dot; in a file's name an underscore follows the stem.
    private func isDeviceName(isFolder: Bool) -> Bool {
        let base = scalars.prefix { $0 != "." }
        guard isFolder || base.count < scalars.count, (3...8).contains(base.count) else { return false }
        var text = String(String.UnicodeScalarView(base)).lowercased()
        while text.hasSuffix(" ") { text.removeLast() }
        if ["con", "prn", "aux", "nul"].contains(text) { return true }
        return text.count == 4 && (text.hasPrefix("com") || text.hasPrefix("lpt")) && text.last?.isNumber == true
    }

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        var text = ""
        for byte in String(scalar).utf8 {
            text += byte < 16 ? "%0" : "%"
            text += String(byte, radix: 16, uppercase: true)
        }
        return text
    }
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
}
