import MediaCore

/// What the records of a pax header say of members, as far as it matters here.
///
/// A record is `LENGTH KEY=VALUE` and a line end; the length counts all of it, itself included.
struct PAXRecords {
    /// The name.
    var path: [UInt8]?
    /// How many bytes the member has.
    var byteCount: Int?
    /// Whether the file is stored without its holes.
    var isSparse = false

    /// Takes over what `bytes` say.
    ///
    /// - Parameters:
    ///   - bytes: the data of the header.
    ///   - offset: where they stand in the archive.
    /// - Throws: `format.malformed`.
    mutating func read(_ bytes: [UInt8], at offset: Int) throws(MediaError) {
        var position = 0
        while position < bytes.count, bytes[position] != 0 {
            guard let record = Self.record(bytes, at: position) else {
                throw MediaError(
                    .malformed, "a record of a pax header is not of the form LENGTH KEY=VALUE",
                    hint: "write the archive again", at: .init(offset: offset + position))
            }
            position = record.end
            if record.key.elementsEqual("path".utf8) {
                path = record.value.isEmpty ? nil : Array(record.value)
            } else if record.key.elementsEqual("size".utf8) {
                guard let size = Self.decimal(record.value) else {
                    throw MediaError(
                        .malformed, "the size in a pax header is negative, larger than can be, or no number",
                        hint: "write the archive again", at: .init(offset: offset))
                }
                byteCount = size
            } else if record.key.starts(with: "GNU.sparse.".utf8) {
                isSparse = true
            }
        }
    }

    private static func record(
        _ bytes: [UInt8], at start: Int
    ) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>, end: Int)? {
        let digits = bytes[start...].prefix { $0 != UInt8(ascii: " ") }
        guard digits.count <= 12, let length = decimal(digits), length > digits.count + 1,
            length <= bytes.count - start
        else { return nil }
        let end = start + length
        guard bytes[end - 1] == UInt8(ascii: "\n") else { return nil }
        let text = bytes[(digits.endIndex + 1)..<max(digits.endIndex + 1, end - 1)]
        guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { return nil }
        return (text[..<equals], text[(equals + 1)...], end)
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !isTooLarge, !isLarger else { return nil }
            value = sum
        }
        return value
    }
}
