/// What a terminal can show, as far as its environment says.
public struct TerminalFeatures: Sendable, Hashable {
    /// The way of showing pictures; `nil` when the environment does not say, and ``TerminalPicture/Method/blocks`` is what
    /// certainly works.
    public var method: TerminalPicture.Method?
    /// Whether the terminal may be asked for sixel, by its primary device attributes.
    public var mayAsk: Bool
    /// Whether it knows colours of 24 bits.
    public var hasTrueColor: Bool

    /// Reads the environment.
    ///
    /// `KITTY_WINDOW_ID`, `WEZTERM_PANE`, `KONSOLE_VERSION`, `TERM_PROGRAM`, `LC_TERMINAL` and `TERM` name the terminal;
    /// inside tmux and screen they name one that cannot be reached, and are not believed. `COLORTERM` tells colours.
    ///
    /// - Parameter variable: gives the value of a variable; `nil` for one that is not set.
    public init(environment variable: (String) -> String?) {
        let term = variable("TERM") ?? "", program = variable("TERM_PROGRAM") ?? ""
        let isMultiplexed =
            variable("TMUX") != nil || variable("STY") != nil || term.hasPrefix("screen") || term.hasPrefix("tmux")
        let isCapable = !["", "dumb", "linux", "unknown"].contains(term)
        method = isCapable && !isMultiplexed ? Self.method(term, program, variable) : nil
        mayAsk = isCapable && method == nil
        let colors = variable("COLORTERM") ?? ""
        hasTrueColor = colors == "truecolor" || colors == "24bit" || term.hasSuffix("-direct") || method != nil
        if colors.isEmpty, program == "Apple_Terminal" { hasTrueColor = false }
    }

    private static func method(
        _ term: String, _ program: String, _ variable: (String) -> String?
    ) -> TerminalPicture.Method? {
        if term == "xterm-kitty" || variable("KITTY_WINDOW_ID") != nil { return .kitty }
        if term == "xterm-ghostty" || program == "ghostty" { return .kitty }
        if program == "WezTerm" || variable("WEZTERM_PANE") != nil { return .iterm }
        if program == "iTerm.app" || variable("LC_TERMINAL") == "iTerm2" || program == "mintty" { return .iterm }
        // Konsole has the protocol of kitty since 22.04.
        if let version = variable("KONSOLE_VERSION").flatMap({ Int($0) }), version >= 220_400 { return .kitty }
        if term == "foot" || term.hasPrefix("foot-") || term.hasPrefix("mlterm") || term == "contour" { return .sixel }
        return nil
    }

    /// Whether an answer to the request for primary device attributes (`ESC [ c`) names sixel: `ESC [ ? … ; 4 ; … c`.
    public static func answerNamesSixel(_ answer: [UInt8]) -> Bool {
        guard let end = answer.lastIndex(of: UInt8(ascii: "c")),
            let start = answer[..<end].lastIndex(of: UInt8(ascii: "?"))
        else { return false }
        // The first number is the kind of terminal.
        return answer[answer.index(after: start)..<end].split(separator: UInt8(ascii: ";")).dropFirst()
            .contains { $0.elementsEqual([UInt8(ascii: "4")]) }
    }
}
