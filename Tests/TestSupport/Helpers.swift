import Foundation

/// The bytes of a file.
package func readBytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

/// The text of a file; what is not UTF-8 shows as U+FFFD.
package func readText(_ path: String) throws -> String { String(decoding: try readBytes(path), as: UTF8.self) }

/// Two lower-case hexadecimal digits per byte.
package func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes that `text` spells in hexadecimal digits; spaces and line ends between them are ignored, so are other signs.
package func bytes(hex text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// The bytes of fixed-width values as they lie in memory.
package func bytes<Value: BitwiseCopyable>(of values: [Value]) -> [UInt8] { values.withUnsafeBytes { [UInt8]($0) } }

/// Where two byte strings first differ, with what stands there; `nil` when they are equal. Shorter to read than two arrays.
package func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> String? {
    for i in 0..<min(left.count, right.count) where left[i] != right[i] {
        return "byte \(i): \(left[i]) and \(right[i]) (of \(left.count) and \(right.count) bytes)"
    }
    return left.count == right.count ? nil : "\(left.count) and \(right.count) bytes"
}
