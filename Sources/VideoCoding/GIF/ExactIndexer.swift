import MediaCore

/// Gives the pixels of a frame that changed the indices of their own colours.
enum ExactIndexer {
    /// Fills `frame`, whose area is set, from `new`; pixels that are as in `old` become transparent.
    ///
    /// - Parameters:
    ///   - old: what is shown before; `nil` for a frame that is drawn as a whole.
    ///   - colors: the colours so far; new ones are added.
    /// - Returns: whether 256 colours are enough; `colors` may hold more than it did otherwise.
    static func index(
        _ new: FramePixels, since old: FramePixels?, colors: inout ColorIndex, into frame: IndexedFrame
    ) -> Bool {
        guard let hasUnchanged = scan(new, old, &colors, frame, mark: 255) else { return false }
        let usedEnd = frame.usedEnd
        guard hasUnchanged else {
            frame.neededColors = usedEnd
            return true
        }
        guard let free = frame.freeIndex else {
            // No index is left for transparency: what did not change is drawn again, if one does not see through it.
            guard new.words.stride != 4 else { return false }
            guard scan(new, nil, &colors, frame, mark: 0) != nil else { return false }
            frame.neededColors = usedEnd
            return true
        }
        if frame.uses(255) {
            // The mark is a colour as well.
            frame.forgetUse()
            guard scan(new, old, &colors, frame, mark: free) != nil else { return false }
        } else {
            frame.replace(255, with: free)
        }
        frame.transparent = free
        frame.neededColors = max(usedEnd, Int(free) + 1)
        return true
    }

    /// Writes indices, and `mark` where nothing changed; says whether there were such pixels, `nil` without enough colours.
    private static func scan(
        _ new: FramePixels, _ old: FramePixels?, _ colors: inout ColorIndex, _ frame: IndexedFrame, mark: UInt8
    ) -> Bool? {
        let words = new.words
        let columns = frame.area.columns
        var output = unsafe frame.indices
        var hasUnchanged = false
        var key: UInt32 = 0
        var index: UInt8?
        for row in frame.area.rows {
            let pixels = unsafe new.row(row)
            let before = unsafe old?.row(row)
            var column = columns.lowerBound
            while column < columns.upperBound {
                let pixel = unsafe words.key(pixels, column)
                if let before = unsafe before, unsafe words.key(before, column) == pixel {
                    let end = unsafe FrameDelta.firstDifference(
                        pixels, before, column &* words.stride..<columns.upperBound &* words.stride)
                    let next = end.map { $0 / words.stride } ?? columns.upperBound
                    unsafe output.update(repeating: mark, count: next &- column)
                    unsafe output += next &- column
                    column = next
                    hasUnchanged = true
                    continue
                }
                if words.isClear(pixel) {
                    unsafe output.pointee = mark
                    unsafe output += 1
                    column &+= 1
                    hasUnchanged = true
                    continue
                }
                if pixel != key || index == nil {
                    guard let found = colors.index(of: pixel) else { return nil }
                    key = pixel
                    index = found
                    frame.use(found)
                }
                unsafe output.pointee = index ?? 0
                unsafe output += 1
                column &+= 1
            }
        }
        return hasUnchanged
    }
}
