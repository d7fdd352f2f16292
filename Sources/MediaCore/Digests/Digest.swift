/// The result of a cryptographic digest.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The bytes: 32 of SHA-256, 16 of MD5.
    public let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// Two lower-case hexadecimal digits per byte.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes in base64 with padding (RFC 4648, 4), as artifact manifests write MD5.
    public var base64: String {
        String(decoding: bytes.base64, as: UTF8.self)
    }

    /// The same as ``hex``.
    public var description: String { hex }
}
