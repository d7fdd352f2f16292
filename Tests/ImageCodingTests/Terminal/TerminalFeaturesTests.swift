import ImageCoding
import Testing

@Suite("What a terminal can show")
struct TerminalFeaturesTests {
    @Test(
        "The environment names the terminal",
        arguments: [
            (["TERM": "xterm-kitty"], .kitty), (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
            (["TERM": "xterm-ghostty"], .kitty), (["TERM": "xterm", "TERM_PROGRAM": "WezTerm"], .iterm),
            (["TERM": "xterm", "TERM_PROGRAM": "iTerm.app"], .iterm),
            (["TERM": "xterm", "LC_TERMINAL": "iTerm2"], .iterm),
            (["TERM": "xterm", "KONSOLE_VERSION": "220401"], .kitty), (["TERM": "foot"], .sixel),
            (["TERM": "xterm-256color"], nil), (["TERM": "xterm", "KONSOLE_VERSION": "210401"], nil),
            (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], nil),
            (["TERM": "xterm-kitty", "TMUX": "/tmp/tmux,1,0"], nil), (["TERM": "dumb", "KITTY_WINDOW_ID": "1"], nil),
            ([:], nil),
        ] as [([String: String], TerminalPicture.Method?)])
    func names(environment: [String: String], method: TerminalPicture.Method?) {
        let features = TerminalFeatures { environment[$0] }
        #expect(features.method == method)
        #expect(features.mayAsk == (method == nil && environment["TERM"] != nil && environment["TERM"] != "dumb"))
    }

    @Test("COLORTERM tells colours") func colors() {
        #expect(TerminalFeatures { ["TERM": "xterm", "COLORTERM": "truecolor"][$0] }.hasTrueColor)
        #expect(TerminalFeatures { ["TERM": "xterm-direct"][$0] }.hasTrueColor)
        #expect(!TerminalFeatures { ["TERM": "xterm-256color"][$0] }.hasTrueColor)
    }

    @Test("Attribute 4 is sixel, and 4 as the kind of terminal, 14 or 42 are not") func attributes() {
        func names(_ text: String) -> Bool { TerminalFeatures.answerNamesSixel(Array(text.utf8)) }
        #expect(names("\u{1B}[?62;4;22c") && names("\u{1B}[?64;1;2;4c") && names("x\u{1B}[?6;4c"))
        #expect(
            !names("\u{1B}[?4;1c") && !names("\u{1B}[?62;14;42c") && !names("\u{1B}[?6c") && !names("") && !names("4"))
    }
}
