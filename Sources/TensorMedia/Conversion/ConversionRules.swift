public import MediaCore

/// Settings by pattern of name: what a rule file says.
///
/// A rule is a line: a pattern, then `name=value` pairs, divided by blanks; `#` begins a comment, and `?` in a pattern
/// stands for a blank in a name. A pattern with a colon is for a member of an archive; `:depth` is for that member of
/// any. A value with blanks stands between quotation marks: `caption="depth of {name}"`. All rules that fit an input apply, later lines over earlier ones, and all of them over ``Converter/settings``:
/// what is said of some files goes before what is said of all.
///
///     # pattern          settings
///     depth/*.npy        as=log-depth colormap=magma
///     *_mask.npy         as=labels
///     scene.npz:normals  as=normals layout=chw
public struct ConversionRules: Sendable {
    /// One line.
    public struct Rule: Sendable {
        /// Which inputs it is for: relative paths, or `archive:member`.
        public let pattern: Glob
        /// The settings, in order.
        public let settings: [Setting]
        /// The pattern as file and member, in each way that its colons allow.
        private let splits: [(file: Glob?, member: Glob)]

        /// One setting.
        public struct Setting: Sendable, Hashable {
            /// Its name.
            public var name: String
            /// Its value, as written.
            public var value: String
        }

        init(pattern: String, settings: [Setting]) {
            self.pattern = Glob(pattern)
            self.settings = settings
            splits = pattern.indices.filter { pattern[$0] == ":" }.map { colon in
                let file = String(pattern[..<colon])
                return (file.isEmpty ? nil : Glob(file), Glob(String(pattern[pattern.index(after: colon)...])))
            }
        }

        /// Whether the rule is for the file at `path`, or for its member.
        func fits(_ path: String, member: String?) -> Bool {
            if pattern.matches(path) { return true }
            guard let member else { return false }
            return splits.contains { ($0.file?.matches(path) ?? true) && $0.member.matches(member) }
        }
    }

    /// The rules, in order.
    public private(set) var rules: [Rule] = []

    /// No rules.
    public init() {}

    /// The rules of a file's text; every setting is checked now, not when an input comes that it fits.
    ///
    /// - Throws: `argument.invalid`, naming the line.
    public init(text: String, file: String) throws(MediaError) {
        // A line may end as Windows ends it, and the file may begin with a byte order mark.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = MediaError.Location(file: file, field: "line \(index + 1)")
            guard let words = Self.words(line) else {
                throw MediaError(
                    .argumentInvalid, "a quotation mark is never closed", hint: "write NAME=\"VALUE WITH BLANKS\"",
                    at: place)
            }
            guard let pattern = words.first else { continue }
            guard words.count > 1 else {
                throw MediaError(
                    .argumentInvalid, "the pattern \"\(pattern)\" stands alone", hint: "add settings such as as=labels",
                    at: place)
            }
            var settings: [Rule.Setting] = []
            var trial = ConversionSettings()
            for word in words.dropFirst() {
                guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
                    throw MediaError(
                        .argumentInvalid, "\"\(word)\" is no setting",
                        hint: "write NAME=VALUE, or NAME=\"VALUE WITH BLANKS\"",
                        at: place)
                }
                let setting = Rule.Setting(
                    name: String(word[..<equals]), value: String(word[word.index(after: equals)...]))
                do throws(MediaError) {
                    try trial.set(setting.name, to: setting.value)
                } catch {
                    var located = error
                    located.location = place
                    located.message = "\(setting.name): \(error.message)"
                    throw located
                }
                settings.append(setting)
            }
            rules.append(Rule(pattern: pattern, settings: settings))
        }
    }

    /// The words of a line up to a comment; blanks and `#` between quotation marks after `=` belong to a word.
    ///
    /// - Returns: `nil` when a quotation mark is not closed.
    private static func words(_ line: Substring) -> [String]? {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            if isQuoted {
                if character == "\"" { isQuoted = false } else { word.append(character) }
            } else if character == "\"", word.last == "=" {
                isQuoted = true
            } else if character == "#" {
                break
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return isQuoted ? nil : words
    }

    /// Whether a rule gives files of this relative path the form of bare numbers, so that folders are searched for them.
    public func giveRawForm(_ path: String) -> Bool {
        rules.contains { rule in rule.pattern.matches(path) && rule.settings.contains { $0.name == "raw" } }
    }

    /// `settings` with what the rules say of an input, or of tensor `member` of it.
    ///
    /// A file in a tar archive is a member of that, and a file like those in a folder: `*.depth.npy`, `:*.depth.npy` and
    /// `shard.tar:*` are for it.
    func apply(
        to settings: ConversionSettings, input: ConversionInput, member: String?
    ) throws(MediaError) -> ConversionSettings {
        guard let entry = input.entry else {
            return try apply(to: settings, path: input.relativePath, member: member)
        }
        let full = input.fullMember(member)
        return try apply(to: settings) { rule in
            rule.fits(input.relativePath, member: entry.name) || rule.fits(entry.name, member: member)
                || (member != nil && rule.fits(input.relativePath, member: full))
        }
    }

    /// `settings` with what the rules say of `path`, or of member `member` of the archive at `path`.
    func apply(to settings: ConversionSettings, path: String, member: String?) throws(MediaError) -> ConversionSettings
    {
        try apply(to: settings) { $0.fits(path, member: member) }
    }

    private func apply(
        to settings: ConversionSettings, where fits: (Rule) -> Bool
    ) throws(MediaError) -> ConversionSettings {
        var result = settings
        for rule in rules where fits(rule) {
            for setting in rule.settings { try result.set(setting.name, to: setting.value) }
        }
        return result
    }
}
