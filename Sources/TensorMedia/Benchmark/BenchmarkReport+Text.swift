import ImageCoding
import MediaCore

extension BenchmarkReport {
    /// Everything for people, line by line; at most 80 columns but for names and notes. Empty when nothing was measured.
    public var lines: [String] {
        guard !pictures.isEmpty else { return [] }
        var lines = [sampleLine] + methodLines
        for format in options.formats {
            let table = table(format)
            if !table.isEmpty { lines += [""] + table }
        }
        if !notes.isEmpty { lines += [""] + notes.map { "note: \($0)" } }
        return lines
    }

    private var sampleLine: String {
        func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        var line = counted(pictures.count, "picture")
        if pictures.count < foundPictures { line += ", evenly out of \(foundPictures)" }
        line += " of " + counted(openedInputs, "input")
        if openedInputs < inputCount { line += ", evenly out of \(inputCount)" }
        line += ", " + ProgressText.size(pictures.reduce(0) { $0 + $1.byteCount }) + " of pixels"
        return line
    }

    private var methodLines: [String] {
        let rounds = pictures.map(\.rounds)
        let least = rounds.min() ?? 0, most = rounds.max() ?? 0
        var line = "best of \(least == most ? "\(most)" : "\(least) to \(most)") round\(most == 1 ? "" : "s")"
        line += ", one thread, processor time, geometric means"
        var lines = [line]
        let isShort = pictures.count < chosenPictures - failures.count || least < options.rounds
        if isShort { lines.append("the \(options.seconds.rounded(to: 1)) s were used up; --seconds gives more") }
        lines.append("ours: from the tensor to the file; rivals: from finished pixels to the file")
        return lines
    }

    // MARK: Tables

    private func table(_ format: BenchmarkOptions.Format) -> [String] {
        let indices = contestants.indices.filter { contestants[$0].format == format }
        let rows = indices.map { (contestants[$0], summary($0)) }.filter { $0.1.pictures > 0 }
        guard !rows.isEmpty else { return [] }
        let speed = speedReference(format).map { contestants[$0].name } ?? ""
        let size = sizeReference(format).map { contestants[$0].name } ?? ""
        let title = format == .png ? "PNG" : "JPEG \(quality)"
        var cells = [[title, "level", "MB/s", "× " + speed, "size, \(size) = 1", "memory"]]
        for (contestant, summary) in rows {
            cells.append([
                contestant.name, contestant.level?.rawValue ?? "-", Self.digits(summary.megabytesPerSecond),
                Self.digits(summary.speedRatio), summary.sizeRatio.map { Self.fixed($0, 3) } ?? "-",
                summary.peakMemory.map { ProgressText.size($0) } ?? "-",
            ])
        }
        return Self.aligned(cells)
    }

    /// Two columns of words and others of numbers.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < 2 ? cell.0 + space : space + cell.0
            }
            return cells.joined(separator: "  ")
        }
    }

    /// Three digits, more before the point where there are more.
    private static func digits(_ value: Double?) -> String {
        guard let value else { return "-" }
        return fixed(value, value < 0.0995 ? 4 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }

    /// A number that is not negative, with all its places.
    private static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite, value < 1e12 else { return "-" }
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        let whole = Int((value * Double(scale)).rounded())
        guard places > 0 else { return String(whole) }
        return "\(whole / scale)." + String(whole % scale).leftPadded(to: places)
    }
}
