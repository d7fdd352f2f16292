package import MediaCore

/// What people read about a run that goes on.
package struct ProgressText {
    private let meter: ProgressMeter
    private let unit: String
    private let frames: ProgressMeter?

    /// - Parameters:
    ///   - meter: what is counted.
    ///   - unit: what that is called.
    ///   - frames: the frames of clips, when there are such besides.
    package init(_ meter: ProgressMeter, unit: String = "inputs", frames: ProgressMeter? = nil) {
        self.meter = meter
        self.unit = unit
        self.frames = frames.flatMap { $0.snapshot.done > 0 ? $0 : nil }
    }

    /// A line that takes `width` columns at the most: percentage, bar, counts, speed, time left, failures. What does not
    /// fit is left out, the least important first.
    ///
    /// - Parameters:
    ///   - width: columns; every character here takes one.
    ///   - hasColors: whether failures are red.
    package func bar(width: Int, hasColors: Bool) -> String {
        let counts = meter.snapshot
        let percent = String(Int(meter.fraction * 100)).padded(to: 3) + " %"
        let failures = counts.failures > 0 ? "\(counts.failures) failed" : nil
        let left = meter.secondsLeft.map { Self.duration($0) + " left" }
        var parts = ["\(counts.done)/\(counts.total)", failures, left, speed, size].compactMap(\.self)
        func taken() -> Int { percent.count + 2 + parts.joined(separator: "  ").count }
        // Speed and size give way to the bar; the rest, from its end, to the edge.
        let essential = parts.count - (size == nil ? 1 : 2)
        while parts.count > essential, taken() + 3 + Self.leastBar > width { parts.removeLast() }
        while parts.count > 1, taken() > width { parts.removeLast() }
        var text = parts.joined(separator: "  ")
        let room = width - taken() - 3
        if hasColors, let failures, parts.contains(failures), let place = text.range(of: failures) {
            text.replaceSubrange(place, with: "\u{1B}[31m\(failures)\u{1B}[0m")
        }
        if room >= Self.leastBar { return "\(percent) ▕\(Self.blocks(meter.fraction, min(room, 40)))▏ \(text)" }
        if taken() <= width { return "\(percent)  \(text)" }
        return width >= percent.count ? percent : ""
    }

    /// A line for a log: `1200 of 10000 inputs, 12 %, 3 failed, 85 MB written, 118/s, 1 min 14 s left`.
    package var line: String {
        let counts = meter.snapshot
        var parts = ["\(counts.done) of \(counts.total) \(unit)", "\(Int(meter.fraction * 100)) %"]
        if counts.failures > 0 { parts.append("\(counts.failures) failed") }
        if let size { parts.append("\(size) written") }
        parts.append(speed)
        if counts.done < counts.total, let left = meter.secondsLeft { parts.append("\(Self.duration(left)) left") }
        return parts.joined(separator: ", ")
    }

    /// The columns below which a bar says nothing.
    private static let leastBar = 8

    /// What is written; of frames it is not known which bytes are theirs.
    private var size: String? { unit == "inputs" ? Self.size(meter.snapshot.bytes) : nil }

    /// `118/s`, `118 frames/s`, or `2.0/s, 118 frames/s`.
    private var speed: String {
        let own = Self.rate(meter.itemsPerSecond)
        if unit != "inputs" { return "\(own.dropLast(2)) \(unit)/s" }
        guard let frames else { return own }
        return "\(own), \(Self.rate(frames.itemsPerSecond).dropLast(2)) frames/s"
    }

    private static func rate(_ rate: Double) -> String {
        guard rate < 10 else { return "\(Int(min(rate, 1e9).rounded()))/s" }
        let tenths = Int((rate * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)/s"
    }

    /// `7 s`, `1 min 14 s`, `2 h 5 min`, `3 d 4 h`; begun seconds count.
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.up))
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        case ..<86400: "\(whole / 3600) h \(whole / 60 % 60) min"
        default: "\(whole / 86400) d \(whole / 3600 % 24) h"
        }
    }

    /// A size with three digits and a unit of 1000.
    package static func size(_ count: Int) -> String {
        guard count >= 1000 else { return "\(max(0, count)) B" }
        var value = Double(count)
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let tenths = Int(value * 10 + 0.5)
        return (value < 99.95 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(value + 0.5))") + " " + units[unit]
    }

    /// A bar of `width` columns in eighths of a column.
    private static func blocks(_ fraction: Double, _ width: Int) -> String {
        let eighths = Int(fraction * Double(8 * width))
        let parts = Array(" ▏▎▍▌▋▊▉")
        let full = String(repeating: "█", count: eighths / 8)
        guard eighths / 8 < width else { return full }
        return full + String(parts[eighths % 8]) + String(repeating: " ", count: width - eighths / 8 - 1)
    }
}

extension String {
    fileprivate func padded(to count: Int) -> String {
        String(repeating: " ", count: max(0, count - self.count)) + self
    }

    /// Where a text first stands. (The standard library has it from Foundation alone.)
    fileprivate func range(of text: String) -> Range<String.Index>? {
        for start in indices where self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
        return nil
    }
}
