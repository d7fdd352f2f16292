public import ImageCoding
public import MediaCore

/// A place in a clip: the number of a frame, or a time.
public enum ClipPosition: Sendable, Hashable {
    /// The frame of this number, from 0.
    case frame(Int)
    /// So many microseconds after the beginning.
    case microseconds(Int)
}

extension ClipPosition: LosslessStringConvertible {
    /// A place as the command line takes it: `12` (a frame), `1.5s`, `250ms`.
    public init?(_ description: String) {
        for (unit, digits) in [("ms", 3), ("s", 6)] where description.hasSuffix(unit) {
            let halves = description.dropLast(unit.utf8.count).split(separator: ".", omittingEmptySubsequences: false)
            guard halves.count <= 2, let whole = Self.number(halves[0]), whole <= 1_000_000_000 else { return nil }
            var microseconds = whole
            let fraction = halves.count == 2 ? halves[1] : ""
            guard halves.count == 1 || Self.number(fraction) != nil, fraction.utf8.count <= digits else { return nil }
            let padded = fraction + String(repeating: "0", count: digits - fraction.utf8.count)
            for _ in 0..<digits { microseconds *= 10 }
            self = .microseconds(microseconds + (Self.number(Substring(padded)) ?? 0))
            return
        }
        guard let frame = Self.number(description[...]) else { return nil }
        self = .frame(frame)
    }

    /// The place as the command line takes it.
    public var description: String {
        switch self {
        case .frame(let index): return "\(index)"
        case .microseconds(let time):
            let rest = String(time % 1_000_000)
            var digits = String(repeating: "0", count: max(0, 6 - rest.utf8.count)) + rest
            while digits.hasSuffix("0") { digits.removeLast() }
            return digits.isEmpty ? "\(time / 1_000_000)s" : "\(time / 1_000_000).\(digits)s"
        }
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// Which part of a clip is kept.
public struct ClipCut: Sendable, Hashable {
    /// Where the part begins: a frame, or the frame that is shown at a time; `nil` for the beginning.
    public var start: ClipPosition?
    /// Where it ends: before a frame, or before the first frame that begins at a time or later; `nil` for the end.
    public var end: ClipPosition?
    /// Every how manieth frame is kept, 1 for all; each is shown until the next that is kept.
    public var every: Int

    /// Creates a choice.
    public init(start: ClipPosition? = nil, end: ClipPosition? = nil, every: Int = 1) {
        self.start = start
        self.end = end
        self.every = every
    }

    /// Whether everything is kept.
    public var isEverything: Bool { start == nil && end == nil && every == 1 }
}

/// Some of the frames of a clip, shown at the times that they had; made by ``/ImageCoding/FrameSource/cut(_:)``.
public struct CutFrames: FrameSource {
    /// All frames.
    public let base: any FrameSource
    /// The number of the first frame that is kept.
    public let firstFrame: Int
    /// Every how manieth frame is kept.
    public let every: Int
    /// The number of the frame before which the part ends; `nil` for the end of a clip whose length is not known.
    private let endFrame: Int?
    /// Whether the end was asked for.
    public let isCutShort: Bool

    init(_ base: any FrameSource, _ cut: ClipCut) throws(MediaError) {
        guard (1...Int(Int32.max)).contains(cut.every) else {
            throw Self.error("every frame number \(cut.every)", hint: "choose 1 or more", field: "every")
        }
        let first = try cut.start.map { (start) throws(MediaError) in
            try base.index(of: start, isEnd: false, field: "start")
        }
        let count = base.frameCount
        if let first, let count, first >= count {
            throw Self.error("the clip has \(count) frames, it cannot begin with frame \(first)", field: "start")
        }
        var end = try cut.end.map { (end) throws(MediaError) in try base.index(of: end, isEnd: true, field: "end") }
        if let count { end = min(end ?? count, count) }
        if let end, end <= first ?? 0 {
            throw Self.error("no frame is left between frame \(first ?? 0) and frame \(end)", field: "end")
        }
        self.base = base
        firstFrame = first ?? 0
        endFrame = end
        every = cut.every
        isCutShort = cut.end != nil
    }

    /// How many pixels a row of every frame has.
    public var width: Int { base.width }
    /// How many rows every frame has.
    public var height: Int { base.height }
    /// What a pixel of every frame is.
    public var format: PixelFormat { base.format }
    /// As many as are kept; `nil` when the clip's own number is not known.
    public var frameCount: Int? {
        guard base.frameCount != nil, let endFrame else { return nil }
        return (endFrame - firstFrame + every - 1) / every
    }
    /// As it was.
    public var timeBase: TimeBase { base.timeBase }
    /// As it was.
    public var canRewind: Bool { base.canRewind }

    /// What was decided when the source was made, and what was cut.
    public var facts: PixelFacts {
        var facts = base.facts
        let last = endFrame.map { "…\($0 - 1)" } ?? " on"
        let thinned = every == 1 ? "" : ", one of \(every)"
        facts.remarks.append("frames \(firstFrame)\(last)\(thinned)")
        return facts
    }

    /// The frame at `index` of the part. Frames before it that are not kept are asked for and left out.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0 else {
            throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: "frame"))
        }
        guard let wanted = place(of: index) else { return nil }
        // Sources are asked in order, one frame after the other.
        var next = index == 0 ? 0 : (place(of: index - 1) ?? 0) + 1
        while next < wanted {
            guard try base.frame(next) != nil else { return nil }
            next += 1
        }
        return try base.frame(wanted)
    }

    /// When the frame is first shown, counted from the beginning of the part.
    public func time(ofFrame index: Int) -> Int {
        let place = firstFrame + index * every
        return base.time(ofFrame: endFrame.map { min($0, place) } ?? place) - base.time(ofFrame: firstFrame)
    }

    private func place(of index: Int) -> Int? {
        let (distance, overflow) = index.multipliedReportingOverflow(by: every)
        let (place, overflow2) = firstFrame.addingReportingOverflow(distance)
        guard !overflow, !overflow2, place < endFrame ?? .max else { return nil }
        return place
    }

    private static func error(_ message: String, hint: String? = nil, field: String) -> MediaError {
        MediaError(.argumentInvalid, message, hint: hint, at: .init(field: field))
    }
}

extension FrameSource {
    /// The frames of a part, all or every second, third, … one.
    ///
    /// - Throws: `argument.invalid` when no frame would be left.
    public func cut(_ cut: ClipCut) throws(MediaError) -> CutFrames { try CutFrames(self, cut) }

    /// The number of the frame at a place: the frame that is shown at a time, or, for an end, the first that begins then or
    /// later.
    fileprivate func index(of position: ClipPosition, isEnd: Bool, field: String) throws(MediaError) -> Int {
        switch position {
        case .frame(let index):
            guard (0...Int(Int32.max)).contains(index) else {
                throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: field))
            }
            return index
        case .microseconds(let time):
            guard time >= 0 else {
                throw MediaError(
                    .argumentInvalid, "the clip has no time \(position)", hint: "times count from 0",
                    at: .init(field: field))
            }
            // In units of the time base; times of frames rise by at least one unit, so the number is no larger.
            let unit = timeBase.numerator * 1_000_000
            let (scaled, overflow) = time.multipliedReportingOverflow(by: timeBase.denominator)
            let most = overflow ? Int(Int32.max) : min(Int(Int32.max), scaled / unit + 1)
            var low = 0, high = min(frameCount ?? most, most)
            // The first frame that begins at the time or later (end), or later (start).
            while low < high {
                let middle = low + (high - low) / 2
                let begins = self.time(ofFrame: middle).multipliedReportingOverflow(by: unit)
                let isAfter =
                    begins.overflow || overflow
                    ? begins.overflow
                    : isEnd
                        ? begins.partialValue >= scaled
                        : begins.partialValue > scaled
                if isAfter { high = middle } else { low = middle + 1 }
            }
            // A time behind the end begins with no frame.
            guard !isEnd, low > 0 else { return low }
            if let frameCount, low == frameCount {
                let ends = self.time(ofFrame: frameCount).multipliedReportingOverflow(by: unit)
                if overflow || (!ends.overflow && ends.partialValue <= scaled) { return frameCount }
            }
            return low - 1
        }
    }
}
