import MediaCore

/// Inline images of iTerm2 (iterm2.com/documentation-images.html): a file in base64 in one operating system command.
enum ITermImage {
    /// Appends a picture of `width` × `height` pixels.
    static func append(_ png: [UInt8], width: Int, height: Int, to text: inout [UInt8]) {
        text.append("\u{1B}]1337;File=inline=1;preserveAspectRatio=1;size=")
        text.append(number: png.count)
        text.append(";width=")
        text.append(number: width)
        text.append("px;height=")
        text.append(number: height)
        text.append("px:")
        text.append(contentsOf: png.base64)
        text.append("\u{07}\n")
    }
}
