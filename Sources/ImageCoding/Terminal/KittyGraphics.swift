import MediaCore

/// The graphics protocol of kitty (sw.kovidgoyal.net/kitty/graphics-protocol): a PNG in base64, in pieces.
enum KittyGraphics {
    /// The most base64 that one escape may hold.
    private static let piece = 4096

    /// Appends a picture, to be shown where the cursor is; the terminal is asked to say nothing back.
    static func append(_ png: [UInt8], to text: inout [UInt8]) {
        let code = png.base64
        var start = 0
        repeat {
            let end = min(code.count, start + piece)
            text.append("\u{1B}_G")
            if start == 0 { text.append("a=T,f=100,q=2,") }
            text.append(end < code.count ? "m=1;" : "m=0;")
            text.append(contentsOf: code[start..<end])
            text.append("\u{1B}\\")
            start = end
        } while start < code.count
        text.append("\n")
    }
}
