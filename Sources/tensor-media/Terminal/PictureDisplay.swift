import ArgumentParser
import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Shows pictures on the terminal behind standard output.
struct PictureDisplay {
    private let method: TerminalPicture.Method
    private let hasTrueColor: Bool

    /// Finds out how; `nil` when nothing is to be shown.
    ///
    /// - Parameters:
    ///   - options: what was asked for.
    ///   - other: what else wants standard output for itself, if anything does.
    /// - Throws: `argument.invalid` for ways that are not known, and when both want it.
    init?(_ options: ShowOptions, shares other: String?) throws(MediaError) {
        guard let show = options.show else { return nil }
        guard other == nil else {
            throw MediaError(
                .argumentInvalid, "pictures do not go with \(other ?? "")", hint: "leave one of them out",
                at: .init(field: "--show"))
        }
        var features = TerminalFeatures(environment: Terminal.variable)
        hasTrueColor = features.hasTrueColor
        guard show == "auto" else {
            guard let method = TerminalPicture.Method(rawValue: show) else {
                let names = ["auto"] + TerminalPicture.Method.allCases.map(\.rawValue)
                throw MediaError(
                    .argumentInvalid, "\"\(show)\" is not known here",
                    hint: "choose one of " + names.joined(separator: ", "), at: .init(field: "--show"))
            }
            self.method = method
            return
        }
        guard Terminal.isTerminal(STDOUT_FILENO), Terminal.isCapable else {
            let what =
                Terminal.isTerminal(STDOUT_FILENO) ? "the terminal has no colours" : "standard output is no terminal"
            Console.note("\(what): no pictures are shown; --show=blocks writes them all the same")
            return nil
        }
        if features.mayAsk, let answer = Terminal.ask("\u{1B}[c", endingWith: UInt8(ascii: "c"), milliseconds: 500),
            TerminalFeatures.answerNamesSixel(answer)
        {
            features.method = .sixel
        }
        method = features.method ?? .blocks
    }

    /// `--show` alone stands for `--show=auto`, since what follows it is an input; unless it is a way to show pictures, and
    /// there is no file of that name.
    static func complete(_ arguments: [String]) -> [String] {
        let ways = ["auto"] + TerminalPicture.Method.allCases.map(\.rawValue)
        var completed: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return completed + [argument] + rest }
            guard argument == "--show" else {
                completed.append(argument)
                continue
            }
            if let way = rest.first, ways.contains(way), access(way, F_OK) != 0 {
                rest.removeFirst()
                completed.append("--show=\(way)")
            } else {
                completed.append("--show=auto")
            }
        }
        return completed
    }

    /// Shows a picture.
    ///
    /// - Parameter isAlone: whether it may fill the screen; else it takes half of its height.
    /// - Throws: what the source throws.
    func show(_ picture: any PixelSource, isAlone: Bool) throws(MediaError) {
        Console.picture(try text(of: picture, isAlone: isAlone))
    }

    /// A picture as the terminal is told it; parameters as for ``show(_:isAlone:)``.
    func text(of picture: any PixelSource, isAlone: Bool) throws(MediaError) -> String {
        let size = Terminal.size(STDOUT_FILENO)
        let isOnTerminal = Terminal.isTerminal(STDOUT_FILENO)
        // A line above it and the next prompt below it remain. In a file there is room.
        let rows = isOnTerminal ? max(2, isAlone ? size.rows - 2 : size.rows / 2) : 40
        var options = TerminalPicture.Options(
            method: method, columns: size.columns, rows: rows, hasTrueColor: hasTrueColor)
        if size.width > 0, size.height > 0 {
            options.cellWidth = max(1, size.width / size.columns)
            options.cellHeight = max(1, size.height / size.rows)
        }
        let sink = MemorySink()
        try TerminalPicture(options).write(picture, to: sink)
        return String(decoding: sink.bytes, as: UTF8.self)
    }
}
