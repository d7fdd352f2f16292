import MediaCore

/// The parts of a GIF file around the compressed indices (GIF89a, sections 17 to 27).
enum GIFLayout {
    /// The longest side.
    static let mostPixels = 65535

    /// The header, the screen, the colours of the clip if there are any, and how often it is shown.
    static func begin(
        _ output: inout GIFBytes, width: Int, height: Int, colors: [UInt32], needed: Int, words: PixelWords,
        loops: ClipLoops
    ) {
        for byte in "GIF89a".utf8 { output.append(byte) }
        output.append(twoBytes: width)
        output.append(twoBytes: height)
        let bits = tableBits(max(colors.count, needed))
        // Colours of 8 bits; a table when there is something in it.
        output.append(0x70 | (colors.isEmpty ? 0 : 0x80 | UInt8(bits - 1)))
        output.append(0)  // The background, which players leave clear.
        output.append(0)  // Square pixels.
        if !colors.isEmpty { append(colors, bits: bits, words, to: &output) }
        if let count = loops.fieldOfGIF {
            for byte: UInt8 in [0x21, 0xFF, 11] { output.append(byte) }
            for byte in "NETSCAPE2.0".utf8 { output.append(byte) }
            for byte: UInt8 in [3, 1] { output.append(byte) }
            output.append(twoBytes: count)
            output.append(0)
        }
    }

    /// A frame up to its compressed indices.
    static func append(_ frame: IndexedFrame, words: PixelWords, to output: inout GIFBytes) {
        for byte: UInt8 in [0x21, 0xF9, 4] { output.append(byte) }
        output.append(frame.disposal.rawValue << 2 | (frame.transparent == nil ? 0 : 1))
        output.append(twoBytes: frame.delay)
        output.append(frame.transparent ?? 0)
        output.append(0)
        output.append(0x2C)
        output.append(twoBytes: frame.area.columns.lowerBound)
        output.append(twoBytes: frame.area.rows.lowerBound)
        output.append(twoBytes: frame.area.columns.count)
        output.append(twoBytes: frame.area.rows.count)
        guard frame.hasLocalColors else { return output.append(0) }
        let bits = tableBits(frame.local.count)
        output.append(0x80 | UInt8(bits - 1))
        append(frame.local, bits: bits, words, to: &output)
    }

    /// Gives a frame that is written already another delay.
    static func setDelay(_ delay: Int, of frame: borrowing GIFBytes) {
        guard frame.count > 5 else { return }
        unsafe frame.base[4] = UInt8(truncatingIfNeeded: delay)
        unsafe frame.base[5] = UInt8(truncatingIfNeeded: delay >> 8)
    }

    /// The end of the file.
    static let end: UInt8 = 0x3B

    /// How many bits the size of a table with so many colours takes: 1…8.
    static func tableBits(_ count: Int) -> Int {
        var bits = 1
        while 1 << bits < count, bits < 8 { bits += 1 }
        return bits
    }

    /// Appends a table of 2^`bits` colours, black behind the last.
    private static func append(_ colors: [UInt32], bits: Int, _ words: PixelWords, to output: inout GIFBytes) {
        for index in 0..<1 << bits {
            let color = index < colors.count ? words.color(of: colors[index]) : (red: 0, green: 0, blue: 0)
            output.append(color.red)
            output.append(color.green)
            output.append(color.blue)
        }
    }
}

extension ClipLoops {
    /// What stands in a GIF, which counts repetitions: 0 for ever, nothing for a clip that is shown once.
    fileprivate var fieldOfGIF: Int? {
        switch self {
        case .forever: 0
        case .times(let count): count > 1 ? count - 1 : nil
        }
    }
}
