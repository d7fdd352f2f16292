import MediaCore

/// Texts about a sound that stand in the file: a `LIST` chunk of kind `INFO`. What is `nil` is left out.
public struct WAVMetadata: Sendable, Hashable {
    /// The title (`INAM`).
    public var title: String?
    /// Who made it (`IART`).
    public var artist: String?
    /// A remark (`ICMT`).
    public var comment: String?
    /// The program that made it (`ISFT`).
    public var software: String?
    /// When it was made, as text (`ICRD`). None is written on its own.
    public var date: String?

    /// No texts.
    public init() {}

    /// No texts, with some changes: `WAVMetadata { $0.title = "Rain" }`.
    public init(_ change: (inout WAVMetadata) -> Void) {
        self.init()
        change(&self)
    }

    /// The longest text that is written, in bytes of UTF-8.
    private static let longest = 1 << 16

    /// The chunk with its own header; empty without texts. Texts are UTF-8 and end with a zero byte.
    ///
    /// - Throws: `argument.invalid` for a text with a zero byte, and one over 64 KiB.
    func chunk() throws(MediaError) -> [UInt8] {
        var entries: [UInt8] = []
        let texts = [
            ("INAM", "title", title), ("IART", "artist", artist), ("ICMT", "comment", comment),
            ("ISFT", "software", software), ("ICRD", "date", date),
        ]
        for (name, field, text) in texts {
            guard let text else { continue }
            let bytes = Array(text.utf8)
            guard !bytes.contains(0), bytes.count <= Self.longest else {
                throw MediaError(
                    .argumentInvalid,
                    bytes.contains(0) ? "the text holds a zero byte" : "the text has \(bytes.count) bytes",
                    hint: "at most \(Self.longest) bytes without a zero byte among them",
                    at: .init(field: "metadata.\(field)"))
            }
            entries += WAVHeaderBytes.chunk(name, bytes + [0])
        }
        return entries.isEmpty ? [] : WAVHeaderBytes.chunk("LIST", Array("INFO".utf8) + entries)
    }
}
