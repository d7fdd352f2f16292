/// A pattern of file names: `*` and `?` stay inside a folder, `**` goes through folders, `[a-c]` is one of some characters.
///
/// A pattern without a slash is compared with the last part of a path, one with a slash with the whole of it. Bytes are
/// compared, so `?` stands for one byte of UTF-8.
public struct Glob: Sendable, Hashable {
    /// The pattern.
    public let pattern: String

    private let bytes: [UInt8]

    /// Creates a pattern; every text is one.
    public init(_ pattern: String) {
        self.pattern = pattern
        bytes = Array(pattern.utf8)
    }

    /// Whether a text has a character that means something in a pattern.
    public static func isPattern(_ text: String) -> Bool { text.utf8.contains { "*?[".utf8.contains($0) } }

    /// Whether `path` fits the pattern.
    public func matches(_ path: String) -> Bool {
        var text = Array(path.utf8)
        if !bytes.contains(slash), let last = text.lastIndex(of: slash) { text.removeSubrange(...last) }
        return matches(text)
    }

    /// Two places to go back to, one per kind of star, instead of recursion: the time is bounded by the product of the
    /// lengths, whatever the pattern.
    private func matches(_ text: [UInt8]) -> Bool {
        var p = 0
        var t = 0
        var inFolder: (p: Int, t: Int)?
        var anywhere: (p: Int, t: Int, beginsFolder: Bool)?
        while true {
            if p < bytes.count, bytes[p] == star {
                if p + 1 < bytes.count, bytes[p + 1] == star {
                    p += 2
                    // `**/` also stands for no folder at all.
                    if p < bytes.count, bytes[p] == slash, t == 0 || text[t - 1] == slash {
                        anywhere = (p + 1, t, true)
                        p += 1
                    } else {
                        anywhere = (p, t, false)
                    }
                    inFolder = nil
                } else {
                    p += 1
                    inFolder = (p, t)
                }
                continue
            }
            if t < text.count, p < bytes.count, let next = step(p, text[t]) {
                p = next
                t += 1
                continue
            }
            if t == text.count, p == bytes.count { return true }
            if let place = inFolder, place.t < text.count, text[place.t] != slash {
                inFolder = (place.p, place.t + 1)
                (p, t) = (place.p, place.t + 1)
            } else if let place = anywhere, place.t < text.count {
                // What follows `**/` begins where a name begins.
                guard let next = place.beginsFolder ? text[place.t...].firstIndex(of: slash) : place.t else {
                    return false
                }
                anywhere = (place.p, next + 1, place.beginsFolder)
                inFolder = nil
                (p, t) = (place.p, next + 1)
            } else {
                return false
            }
        }
    }

    /// Where the pattern goes on when the part at `p` stands for `byte`; `nil` when it does not.
    private func step(_ p: Int, _ byte: UInt8) -> Int? {
        switch bytes[p] {
        case UInt8(ascii: "?"): return byte == slash ? nil : p + 1
        case UInt8(ascii: "["):
            // A bracket that is never closed is a bracket.
            guard let close = bytes[(p + 1)...].dropFirst().firstIndex(of: UInt8(ascii: "]")) else { break }
            var i = p + 1
            let isNegated = bytes[i] == UInt8(ascii: "!") || bytes[i] == UInt8(ascii: "^")
            if isNegated { i += 1 }
            var isMember = false
            while i < close {
                if i + 2 < close, bytes[i + 1] == UInt8(ascii: "-") {
                    isMember = isMember || (bytes[i] <= byte && byte <= bytes[i + 2])
                    i += 3
                } else {
                    isMember = isMember || bytes[i] == byte
                    i += 1
                }
            }
            return isMember != isNegated && byte != slash ? close + 1 : nil
        default: break
        }
        return bytes[p] == byte ? p + 1 : nil
    }
}

private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
