import MediaCore

/// The header and the tag table of an ICC profile, every offset checked.
struct ICCTags {
    /// The device space: `RGB `, `GRAY`, `CMYK`, …
    let colorSpace: String
    private let bytes: [UInt8]
    private var tags: [String: Range<Int>] = [:]

    /// Reads the header (ICC.1:2010, 7.2) and the table (7.3): a count, then name, offset and size of each tag.
    init(_ bytes: [UInt8]) throws(MediaError) {
        self.bytes = bytes
        let file = unsafe bytes.span.bytes
        guard file.byteCount >= 132, file.holds("acsp", at: 36) else {
            throw Self.broken("there is no profile header of 128 bytes")
        }
        colorSpace = String(decoding: bytes[16..<20], as: UTF8.self)
        guard file.holds("XYZ ", at: 20) || file.holds("Lab ", at: 20) else {
            throw Self.broken("the connection space is neither XYZ nor Lab")
        }
        let count = Int(file.bigEndian32(at: 128))
        guard count <= (file.byteCount - 132) / 12 else {
            throw Self.broken("\(count) tags do not fit into \(file.byteCount) bytes")
        }
        for i in 0..<count {
            let entry = 132 + 12 * i
            let offset = Int(file.bigEndian32(at: entry + 4)), size = Int(file.bigEndian32(at: entry + 8))
            guard offset <= file.byteCount, size <= file.byteCount - offset else { continue }
            tags[String(decoding: bytes[entry..<entry + 4], as: UTF8.self)] = offset..<offset + size
        }
    }

    /// Whether there is such a tag, within the profile.
    func has(_ name: String) -> Bool { tags[name] != nil }

    /// The three numbers of an `XYZ ` tag.
    func xyz(_ name: String) throws(MediaError) -> [Double] {
        let file = unsafe bytes.span.bytes
        guard let range = tags[name], range.count >= 20, file.holds("XYZ ", at: range.lowerBound) else {
            throw Self.broken("the tag \(name) is no XYZ number")
        }
        return (0..<3).map { Self.fixed(file.bigEndian32(at: range.lowerBound + 8 + 4 * $0)) }
    }

    /// A `curv` or `para` tag.
    func curve(_ name: String) throws(MediaError) -> ICCProfile.Curve {
        let file = unsafe bytes.span.bytes
        guard let range = tags[name], range.count >= 12 else { throw Self.broken("the tag \(name) is no curve") }
        let start = range.lowerBound
        if file.holds("curv", at: start) {
            let count = Int(file.bigEndian32(at: start + 8))
            guard count <= (range.count - 12) / 2 else {
                throw Self.broken("the curve \(name) has \(count) values in \(range.count) bytes")
            }
            if count == 0 { return .power(1) }
            let values = (0..<count).map { Int(file.bigEndian16(at: start + 12 + 2 * $0)) }
            return count == 1 ? .power(Double(values[0]) / 256) : .table(values.map { Double($0) / 65535 })
        }
        guard file.holds("para", at: start) else { throw Self.broken("the tag \(name) is no curve") }
        let type = Int(file.bigEndian16(at: start + 8))
        let counts = [1, 3, 4, 5, 7]
        guard type < counts.count, counts[type] * 4 <= range.count - 12 else {
            throw Self.broken("the curve \(name) is of function type \(type) in \(range.count) bytes")
        }
        var parameters = (0..<counts[type]).map { Self.fixed(file.bigEndian32(at: start + 12 + 4 * $0)) }
        parameters += [Double](repeating: 0, count: 7 - parameters.count)
        return .parametric(type, parameters)
    }

    /// `s15Fixed16Number`.
    private static func fixed(_ bits: UInt32) -> Double { Double(Int32(bitPattern: bits)) / 65536 }

    private static func broken(_ message: String) -> MediaError {
        MediaError(
            .malformed, message, hint: "drop the colour profile, or write it again", at: .init(field: "profile"))
    }
}
