/// Writes JSON (RFC 8259) piece by piece, so that a document of any size needs no tree and little memory.
///
///     var writer = JSONWriter(to: sink)
///     try writer.beginObject()
///     try writer.key("points")
///     try writer.beginArray()
///     for point in points { try writer.values(point.span) }
///     try writer.endArray()
///     try writer.endObject()
///     try writer.finish()
///
/// Calls that would not make JSON (a value without a name in an object, a second document) throw `argument.invalid`, so
/// what ``finish()`` has accepted is a document. Numbers are the shortest that read back as the same value.
public struct JSONWriter: ~Copyable {
    /// What the text looks like.
    public struct Options: Sendable, Hashable {
        /// What to do with NaN and the infinities, which JSON does not have.
        public enum NotFinite: String, Sendable, CaseIterable {
            /// Throw `value.not-finite` with the path of the value.
            case refuse
            /// Write `NaN`, `Infinity` and `-Infinity`, as Python and wandb do; strict readers refuse these.
            case bareWords
            /// Write `null`.
            case null
        }

        /// What to do with NaN and the infinities.
        public var notFinite = NotFinite.refuse
        /// Spaces per level, each element on a line of its own; 0 writes everything on one line without spaces.
        public var indentation = 0

        /// Strict and compact.
        public init() {}

        /// Creates options.
        public init(notFinite: NotFinite = .refuse, indentation: Int = 0) {
            self.notFinite = notFinite
            self.indentation = indentation
        }
    }

    /// A container that is open.
    private struct Frame {
        var isObject: Bool
        var count = 0
        /// In an object: the name whose value comes next or came last, and whether it is still to come.
        var key = ""
        var awaitsValue = false
    }

    private let options: Options
    private let sink: (any ByteSink)?
    private var text: [UInt8] = []
    private var frames: [Frame] = []
    private var isComplete = false

    private static let flushBytes = 64 << 10

    /// A writer whose text goes to `sink` in pieces of about 64 KiB.
    public init(to sink: any ByteSink, options: Options = Options()) {
        self.sink = sink
        self.options = options
        text.reserveCapacity(Self.flushBytes + 4096)
    }

    private init(collecting options: Options) {
        sink = nil
        self.options = options
    }

    // MARK: Whole values

    /// The text of `value`.
    ///
    /// - Throws: `value.not-finite` with the path of the first such number, when they are refused.
    public static func string(_ value: JSONValue, options: Options = Options()) throws(MediaError) -> String {
        String(decoding: try bytes(value, options: options), as: UTF8.self)
    }

    /// The text of `value` as UTF-8.
    ///
    /// - Throws: `value.not-finite` with the path of the first such number, when they are refused.
    public static func bytes(_ value: JSONValue, options: Options = Options()) throws(MediaError) -> [UInt8] {
        var writer = JSONWriter(collecting: options)
        try writer.value(value)
        return writer.text
    }

    /// Writes the text of `value` to `sink`.
    ///
    /// - Throws: `value.not-finite` with the path of the first such number, when they are refused; what the sink throws.
    public static func write(
        _ value: JSONValue, to sink: any ByteSink, options: Options = Options()
    ) throws(MediaError) {
        var writer = JSONWriter(to: sink, options: options)
        try writer.value(value)
        try writer.finish()
    }

    /// Hands the rest of the text to the sink.
    ///
    /// - Throws: `argument.invalid` when the document is not complete; what the sink throws.
    public consuming func finish() throws(MediaError) {
        guard isComplete else {
            throw misuse(frames.isEmpty ? "nothing was written" : "\(frames.count) arrays or objects are still open")
        }
        try flush()
    }

    // MARK: Containers

    /// Begins an array.
    public mutating func beginArray() throws(MediaError) { try begin(isObject: false) }

    /// Begins an object.
    public mutating func beginObject() throws(MediaError) { try begin(isObject: true) }

    /// Ends the innermost container, an array.
    public mutating func endArray() throws(MediaError) { try end(isObject: false) }

    /// Ends the innermost container, an object.
    public mutating func endObject() throws(MediaError) { try end(isObject: true) }

    /// Writes the name of the next value. That names of an object differ is the caller's duty.
    public mutating func key(_ name: String) throws(MediaError) {
        guard let last = frames.indices.last, frames[last].isObject, !frames[last].awaitsValue else {
            throw misuse("the name \"\(name)\" has no place here")
        }
        if frames[last].count > 0 { text.append(UInt8(ascii: ",")) }
        breakLine(level: frames.count)
        frames[last].count += 1
        frames[last].key = name
        frames[last].awaitsValue = true
        text.appendJSON(name)
        text.append(UInt8(ascii: ":"))
        if options.indentation > 0 { text.append(UInt8(ascii: " ")) }
    }

    private mutating func begin(isObject: Bool) throws(MediaError) {
        try beginValue()
        text.append(UInt8(ascii: isObject ? "{" : "["))
        frames.append(Frame(isObject: isObject))
    }

    private mutating func end(isObject: Bool) throws(MediaError) {
        guard let frame = frames.last, frame.isObject == isObject, !frame.awaitsValue else {
            throw misuse("no \(isObject ? "object" : "array") can end here")
        }
        frames.removeLast()
        if frame.count > 0 { breakLine(level: frames.count) }
        text.append(UInt8(ascii: isObject ? "}" : "]"))
        try endValue()
    }

    // MARK: Scalars

    /// Writes `null`.
    public mutating func null() throws(MediaError) {
        try beginValue()
        text.append(contentsOf: "null".utf8)
        try endValue()
    }

    /// Writes `true` or `false`.
    public mutating func value(_ value: Bool) throws(MediaError) {
        try beginValue()
        text.append(contentsOf: (value ? "true" : "false").utf8)
        try endValue()
    }

    /// Writes a string.
    public mutating func value(_ value: String) throws(MediaError) {
        try beginValue()
        text.appendJSON(value)
        try endValue()
    }

    /// Writes an integer.
    public mutating func value(_ value: some FixedWidthInteger) throws(MediaError) {
        try beginValue()
        if let small = Int64(exactly: value) {
            text.appendJSON(small)
        } else {
            text.append(contentsOf: String(value).utf8)
        }
        try endValue()
    }

    /// Writes a number: `1.0`, `0.1`, `1e+20`.
    public mutating func value(_ value: Double) throws(MediaError) {
        try beginValue()
        if value.isFinite { text.appendJSON(value) } else { try notFinite(value) }
        try endValue()
    }

    /// Writes a number with the fewest digits that give the same 32-bit float, not the same 64-bit one.
    public mutating func value(_ value: Float) throws(MediaError) {
        try beginValue()
        if value.isFinite { text.appendJSON(value) } else { try notFinite(Double(value)) }
        try endValue()
    }

    /// Writes an array of numbers: quicker than one by one, and on one line.
    public mutating func values(_ values: Span<Double>) throws(MediaError) {
        try beginArray()
        for index in values.indices {
            let value = values[index]
            if index > 0 { text.append(UInt8(ascii: ",")) }
            if value.isFinite {
                text.appendJSON(value)
            } else {
                if let last = frames.indices.last { frames[last].count = index + 1 }
                try notFinite(value)
            }
        }
        if let last = frames.indices.last { frames[last].count = 0 }
        try endArray()
    }

    // MARK: Between values

    @inline(__always)
    private mutating func beginValue() throws(MediaError) {
        guard let last = frames.indices.last else {
            if isComplete { throw misuse("the document is complete") }
            return
        }
        if frames[last].isObject {
            guard frames[last].awaitsValue else { throw misuse("a value in an object needs a name") }
            frames[last].awaitsValue = false
        } else {
            if frames[last].count > 0 { text.append(UInt8(ascii: ",")) }
            breakLine(level: frames.count)
            frames[last].count += 1
        }
    }

    @inline(__always)
    private mutating func endValue() throws(MediaError) {
        if frames.isEmpty { isComplete = true }
        if text.count >= Self.flushBytes { try flush() }
    }

    private mutating func flush() throws(MediaError) {
        guard let sink else { return }
        try unsafe sink.write(text.span.bytes)
        text.removeAll(keepingCapacity: true)
    }

    private mutating func breakLine(level: Int) {
        guard options.indentation > 0 else { return }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * options.indentation))
    }

    private mutating func notFinite(_ value: Double) throws(MediaError) {
        switch options.notFinite {
        case .null: text.append(contentsOf: "null".utf8)
        case .bareWords:
            text.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
        case .refuse:
            throw MediaError(
                .valueNotFinite, "found \(value), which JSON cannot hold",
                hint: "replace it, or choose notFinite: .null or .bareWords", at: .init(field: path))
        }
    }

    private func misuse(_ message: String) -> MediaError {
        MediaError(.argumentInvalid, "JSON: \(message)", at: .init(field: path))
    }

    /// Where the writer is: `data[3].name`, `boxes["two words"][0]`.
    private var path: String? {
        var path = ""
        for frame in frames where frame.count > 0 {
            path += frame.isObject ? frame.key.asJSONPathMember(first: path.isEmpty) : "[\(frame.count - 1)]"
        }
        return path.isEmpty ? nil : path
    }
}
