/// Characters that paint nothing, with their widths in thousandths of the em (Unicode Standard, section 6.2).
enum SpaceWidths {
    static let all: [(Unicode.Scalar, Double)] = [
        (" ", 260), ("\u{A0}", 260), ("\u{2002}", 500), ("\u{2000}", 500), ("\u{2003}", 1000), ("\u{2001}", 1000),
        ("\u{2004}", 333), ("\u{2005}", 250), ("\u{2006}", 167), ("\u{2007}", 580), ("\u{2008}", 248),
        ("\u{2009}", 180),
        ("\u{200A}", 90), ("\u{202F}", 180), ("\u{205F}", 222), ("\u{3000}", 1000),
        // Where a line may or must not break: no width at all.
        ("\u{AD}", 0), ("\u{34F}", 0), ("\u{200B}", 0), ("\u{200C}", 0), ("\u{200D}", 0), ("\u{2060}", 0),
        ("\u{FEFF}", 0),
    ]
}
