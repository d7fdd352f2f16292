/// Reads the tables of skeletons.
///
/// A line is a character (or `U+` and its number), its width, and its strokes, apart by spaces:
///
/// | word | meaning |
/// | --- | --- |
/// | `80 46` | width by bearings: white on the left and on the right |
/// | `=580`, `=580 -14` | a fixed width, the glyph in its middle or moved from there |
/// | `= A` | the same glyph as another, alone on the line |
/// | `M0,0` | a stroke begins |
/// | `0,636` | a straight line |
/// | `C1,2 3,4 5,6` | a cubic curve |
/// | `h9,5` `v9,5` | a quarter of an ellipse that leaves horizontally or vertically |
/// | `o4,3 2,1` | a whole ellipse: middle, half axes |
/// | `.0,6` | a dot |
/// | `Z` | back to where the stroke began |
/// | `@o,10,0` `@o,10,0,58` | the strokes of another glyph, moved, scaled by percent first |
/// | `p84` | the pen's width in percent |
/// | `a200` `b200` | where marks stand above and below |
/// | `F` | edges of an area, not strokes |
struct GlyphParser {
    /// The words of every line.
    private var lines: [Unicode.Scalar: [Substring]] = [:]
    private var done: [Unicode.Scalar: GlyphSkeleton] = [:]
    /// Lines that could not be read: none, as tests say.
    private(set) var malformed: [String] = []

    /// Where a quarter of an ellipse has its control points: a little outside of a true one, as letters are drawn.
    private static let roundness = 0.56
    /// How far references may lead; tables lead no farther than from half to one to the figure.
    private static let deepestReference = 4

    /// Reads the lines of several tables.
    static func parse(_ tables: [String]) -> (glyphs: [Unicode.Scalar: GlyphSkeleton], malformed: [String]) {
        var parser = GlyphParser()
        for table in tables {
            for line in table.split(separator: "\n") {
                let words = line.split(separator: " ")
                if let name = words.first, let scalar = scalar(name), parser.lines[scalar] == nil {
                    parser.lines[scalar] = Array(words.dropFirst())
                } else {
                    parser.malformed.append(String(line))
                }
            }
        }
        for (scalar, words) in parser.lines where parser.skeleton(of: scalar, depth: 0) == nil {
            parser.malformed.append("\(scalar) \(words.joined(separator: " "))")
        }
        return (parser.done, parser.malformed)
    }

    /// The character that a word names.
    static func scalar(_ word: Substring) -> Unicode.Scalar? {
        if word.hasPrefix("U+") { return UInt32(word.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init) }
        return word.unicodeScalars.count == 1 ? word.unicodeScalars.first : nil
    }

    private mutating func skeleton(of scalar: Unicode.Scalar, depth: Int) -> GlyphSkeleton? {
        if let skeleton = done[scalar] { return skeleton }
        guard depth <= Self.deepestReference, let words = lines[scalar] else { return nil }
        let skeleton: GlyphSkeleton?
        if words.first == "=" {
            skeleton = words.last.flatMap(Self.scalar).flatMap { self.skeleton(of: $0, depth: depth + 1) }
        } else {
            skeleton = read(words, depth: depth)
        }
        done[scalar] = skeleton
        return skeleton
    }

    private mutating func read(_ words: [Substring], depth: Int) -> GlyphSkeleton? {
        var rest = words[...]
        guard let width = Self.width(&rest) else { return nil }
        var skeleton = GlyphSkeleton(width: width)
        var place = Point.zero
        while let word = rest.popFirst() {
            let numbers = word.dropFirst()
            switch word.first {
            case "F" where word.count == 1: skeleton.isArea = true
            case "Z" where word.count == 1: skeleton.append(.close)
            case "p":
                guard let percent = Double(numbers) else { return nil }
                skeleton.penShare = percent / 100
            case "a":
                guard let x = Double(numbers) else { return nil }
                skeleton.topAnchor = x
            case "b":
                guard let x = Double(numbers) else { return nil }
                skeleton.bottomAnchor = x
            case "@":
                guard append(word, to: &skeleton, depth: depth) else { return nil }
            case "o":
                guard let middle = Self.point(numbers), let axes = rest.popFirst().flatMap(Self.point) else {
                    return nil
                }
                Self.appendEllipse(middle, axes, to: &skeleton)
            case ".":
                guard let middle = Self.point(numbers) else { return nil }
                skeleton.append(.dot(middle))
            case "M":
                guard let point = Self.point(numbers) else { return nil }
                skeleton.append(.move(point))
                place = point
            case "C":
                guard let one = Self.point(numbers), let two = rest.popFirst().flatMap(Self.point),
                    let end = rest.popFirst().flatMap(Self.point)
                else { return nil }
                skeleton.append(.curve(one, two, end))
                place = end
            case "h", "v":
                guard let end = Self.point(numbers) else { return nil }
                skeleton.append(Self.quarter(from: place, to: end, leavesHorizontally: word.first == "h"))
                place = end
            default:
                guard let point = Self.point(word) else { return nil }
                skeleton.append(.line(point))
                place = point
            }
        }
        return skeleton
    }

    private static func width(_ rest: inout ArraySlice<Substring>) -> GlyphSkeleton.Width? {
        guard let first = rest.popFirst() else { return nil }
        if first.hasPrefix("=") {
            guard let width = Double(first.dropFirst()) else { return nil }
            guard let shift = rest.first.flatMap({ Double($0) }) else { return .fixed(width, shift: 0) }
            rest.removeFirst()
            return .fixed(width, shift: shift)
        }
        guard let left = Double(first), let right = rest.popFirst().flatMap({ Double($0) }) else { return nil }
        return .bearings(left: left, right: right)
    }

    private static func point(_ word: Substring) -> Point? {
        let parts = word.split(separator: ",")
        guard parts.count == 2, let x = Double(parts[0]), let y = Double(parts[1]) else { return nil }
        return Point(x: x, y: y)
    }

    /// Adds the strokes that `@` and a glyph name; `false` when there is no such glyph.
    private mutating func append(_ word: Substring, to skeleton: inout GlyphSkeleton, depth: Int) -> Bool {
        // The glyph may be a comma itself.
        guard let comma = word.dropFirst(2).firstIndex(of: ",") else { return false }
        let numbers = word[comma...].split(separator: ",").map { Double($0) }
        let name = word[word.index(after: word.startIndex)..<comma]
        guard numbers.count == 2 || numbers.count == 3, let x = numbers[0], let y = numbers[1],
            let percent = numbers.count == 3 ? numbers[2] : 100,
            let other = Self.scalar(name).flatMap({ self.skeleton(of: $0, depth: depth + 1) })
        else { return false }
        for element in other.elements { skeleton.append(element.map { $0 * (percent / 100) + Point(x: x, y: y) }) }
        return true
    }

    private static func quarter(
        from start: Point, to end: Point, leavesHorizontally: Bool
    ) -> GlyphSkeleton.Element {
        let way = end - start
        return leavesHorizontally
            ? .curve(
                Point(x: start.x + roundness * way.x, y: start.y), Point(x: end.x, y: end.y - roundness * way.y), end)
            : .curve(
                Point(x: start.x, y: start.y + roundness * way.y), Point(x: end.x - roundness * way.x, y: end.y), end)
    }

    private static func appendEllipse(_ middle: Point, _ axes: Point, to skeleton: inout GlyphSkeleton) {
        let top = Point(x: middle.x, y: middle.y + axes.y), right = Point(x: middle.x + axes.x, y: middle.y)
        let bottom = Point(x: middle.x, y: middle.y - axes.y), left = Point(x: middle.x - axes.x, y: middle.y)
        skeleton.append(.move(top))
        skeleton.append(quarter(from: top, to: right, leavesHorizontally: true))
        skeleton.append(quarter(from: right, to: bottom, leavesHorizontally: false))
        skeleton.append(quarter(from: bottom, to: left, leavesHorizontally: true))
        skeleton.append(quarter(from: left, to: top, leavesHorizontally: false))
        skeleton.append(.close)
    }
}
