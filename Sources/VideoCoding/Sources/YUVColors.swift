/// Luma and chroma of 8 bits as gray or RGB, by BT.601 (ITU-R BT.601-7, section 2.5), in whole numbers of 1/65536.
struct YUVColors: Sendable {
    private let header: Y4MHeader
    /// What luma is multiplied by, what is subtracted from it first, and the shares of chroma.
    private let luma: Int, black: Int
    private let redFromV: Int, greenFromU: Int, greenFromV: Int, blueFromU: Int

    /// The rule for the frames of a stream.
    init(_ header: Y4MHeader) {
        self.header = header
        if header.isFullRange {
            (luma, black) = (65536, 0)
            (redFromV, greenFromU, greenFromV, blueFromU) = (91881, 22554, 46802, 116130)
        } else {
            // 255/219 of luma and 255/224 of chroma.
            (luma, black) = (76309, 16)
            (redFromV, greenFromU, greenFromV, blueFromU) = (104597, 25675, 53279, 132201)
        }
    }

    /// Writes rows of pixels.
    ///
    /// - Parameters:
    ///   - rows: inside the frame.
    ///   - bytes: the planes of the frame.
    ///   - band: room for the rows.
    func fill(_ rows: Range<Int>, from bytes: [UInt8], into band: inout MutableRawSpan) {
        let width = header.width
        let chroma = header.chromaSize
        let plane = header.width * header.height
        let columnShift = header.chroma == .full ? 0 : 1
        let rowShift = header.chroma == .quarter ? 1 : 0
        unsafe band.withUnsafeMutableBytes { target in
            var place = 0
            for row in rows {
                let line = row * width
                if header.chroma == .mono {
                    for column in 0..<width {
                        unsafe target[place] = clipped((Int(bytes[line + column]) - black) * luma)
                        place += 1
                    }
                    continue
                }
                let u = plane + (row >> rowShift) * chroma.width
                let v = u + chroma.width * chroma.height
                for column in 0..<width {
                    let y = (Int(bytes[line + column]) - black) * luma
                    let blueness = Int(bytes[u + (column >> columnShift)]) - 128
                    let redness = Int(bytes[v + (column >> columnShift)]) - 128
                    unsafe target[place] = clipped(y + redFromV * redness)
                    unsafe target[place + 1] = clipped(y - greenFromU * blueness - greenFromV * redness)
                    unsafe target[place + 2] = clipped(y + blueFromU * blueness)
                    place += 3
                }
            }
        }
    }

    /// Rounded to nearest and kept in 0…255.
    private func clipped(_ value: Int) -> UInt8 { UInt8(clamping: (value + 32768) >> 16) }
}
