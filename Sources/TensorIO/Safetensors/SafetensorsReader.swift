public import MediaCore

/// Reads safetensors files: the length of a header, a header in JSON, the elements of all tensors behind each other.
///
/// Format: the README of the safetensors project; what it demands is checked as its reference reader does: the tensors
/// fill the file without a hole and without an overlap. Tensors look at the file's bytes. Types that no processor counts
/// in, of 8 bits and less, are widened to float32 when they are asked for; every value of theirs is exact there.
/// Complex numbers are read as float32 with one more axis, of length 2.
public struct SafetensorsReader: Sendable {
    /// Limits of header, members and rank.
    public var options: TensorFile.Options

    /// Creates a reader.
    public init(options: TensorFile.Options = .init()) { self.options = options }

    /// Reads the header of a file that is open, or in memory.
    ///
    /// - Throws: `format.truncated`, `format.malformed`, `format.unsupported`, `shape.invalid`, `limit.exceeded`.
    public func read(_ contents: FileContents) throws(MediaError) -> TensorFile {
        do throws(MediaError) {
            let section = FileSection(contents)
            let (json, dataOffset) = try header(of: section)
            guard case .object(let object) = json else { throw SafetensorsReader.malformed("the header is no object") }
            guard object.members.count <= options.limits.members else {
                throw MediaError(
                    .limitExceeded,
                    "the header lists \(object.members.count) tensors, the limit is "
                        + "\(options.limits.members)",
                    hint: "raise Limits.members if that is true", at: .init(field: "header"))
            }
            var metadata: [TensorFile.Text] = []
            var items: [SafetensorsItem] = []
            for member in object.members {
                if member.name == "__metadata__" {
                    metadata = try SafetensorsReader.metadata(member.value)
                } else {
                    items.append(try SafetensorsItem(member.name, member.value, limits: options.limits))
                }
            }
            try SafetensorsReader.checkCover(items, byteCount: section.byteCount - dataOffset)
            return file(contents, items, metadata, dataOffset: dataOffset)
        } catch {
            throw error.inFile(contents.name)
        }
    }

    private func file(
        _ contents: FileContents, _ items: [SafetensorsItem], _ metadata: [TensorFile.Text], dataOffset: Int
    ) -> TensorFile {
        var entries: [TensorFile.Entry] = []
        var kept: [SafetensorsItem] = []
        var refusals: [TensorFile.Refusal] = []
        for item in items {
            if let refusal = item.refusal {
                refusals.append(.init(name: item.name, error: refusal.inFile(contents.name + ":" + item.name)))
                continue
            }
            kept.append(item)
            entries.append(
                .init(
                    name: item.name, elementType: item.type.elementType, shape: item.tensorShape, note: item.type.note))
        }
        return TensorFile(
            name: contents.name, format: .safetensors, entries: entries, refusals: refusals, metadata: metadata,
            loader: SafetensorsLoader(contents: contents, items: kept, dataOffset: dataOffset))
    }

    private func header(of section: FileSection) throws(MediaError) -> (JSONValue, dataOffset: Int) {
        try section.withBytes { (bytes) throws(MediaError) in
            guard let length = bytes.uint64(at: 0) else {
                throw MediaError(
                    .truncated, "the file has \(bytes.byteCount) bytes, less than the 8 of the header's length",
                    hint: "write the file again", at: .init(field: "header.length"))
            }
            guard length <= UInt64(min(options.limits.headerBytes, 100_000_000)) else {
                throw MediaError(
                    .limitExceeded,
                    "the header has \(length) bytes, the limit is "
                        + "\(min(options.limits.headerBytes, 100_000_000))",
                    hint: "check that this is a safetensors file", at: .init(field: "header.length", offset: 0))
            }
            let end = 8 + Int(length)
            guard end <= bytes.byteCount else {
                throw MediaError(
                    .truncated, "the header should end at byte \(end), the file at \(bytes.byteCount)",
                    hint: "write the file again", at: .init(field: "header.length", offset: 0))
            }
            guard bytes.uint8(at: 8) == UInt8(ascii: "{") else {
                throw SafetensorsReader.malformed("the header does not begin with a brace")
            }
            do throws(MediaError) {
                return (try JSONReader.parse(bytes.extracting(8..<end), limits: options.limits), end)
            } catch {
                var error = error.inField("header")
                error.location.offset = error.location.offset.map { $0 + 8 }
                throw error
            }
        }
    }

    private static func metadata(_ value: JSONValue) throws(MediaError) -> [TensorFile.Text] {
        guard case .object(let object) = value else { throw malformed("__metadata__ is no object") }
        var texts: [TensorFile.Text] = []
        for member in object.members {
            guard case .string(let text) = member.value else {
                throw malformed("\"\(member.name)\" of __metadata__ is no text")
            }
            texts.append(.init(name: member.name, value: text))
        }
        return texts.sorted { $0.name < $1.name }
    }

    /// The tensors must stand behind each other from the first byte to the last.
    private static func checkCover(_ items: [SafetensorsItem], byteCount: Int) throws(MediaError) {
        var position = 0
        for item in items.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard item.range.lowerBound == position else {
                throw malformed(
                    "tensor \"\(item.name)\" begins at byte \(item.range.lowerBound) of the data, the one before it ends at "
                        + "\(position)")
            }
            position = item.range.upperBound
        }
        guard position <= byteCount else {
            throw MediaError(
                .truncated, "the tensors need \(position) bytes, the file holds \(byteCount)",
                hint: "write the file again", at: .init(field: "header.data_offsets"))
        }
        guard position == byteCount else {
            throw malformed("\(byteCount - position) bytes of the data belong to no tensor")
        }
    }

    static func malformed(_ message: String, field: String = "header") -> MediaError {
        MediaError(
            .malformed, message, hint: "write the file again with safetensors' save_file", at: .init(field: field))
    }
}
