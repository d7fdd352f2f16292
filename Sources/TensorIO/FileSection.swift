public import MediaCore

/// A run of bytes of a file: a whole file, or a member that an archive stores as it is.
package struct FileSection: Sendable {
    /// The bytes it is part of.
    package let contents: FileContents
    /// Where in them it lies.
    package let range: Range<Int>
    /// What messages call it: the file, or `file:member`.
    package let name: String

    /// All bytes of a file.
    package init(_ contents: FileContents) {
        self.contents = contents
        range = 0..<contents.byteCount
        name = contents.name
    }

    /// Part of a file; the range is cut to what is there.
    package init(_ contents: FileContents, range: Range<Int>, name: String) {
        self.contents = contents
        self.range = range.clamped(to: 0..<contents.byteCount)
        self.name = name
    }

    /// How many bytes there are.
    package var byteCount: Int { range.count }

    /// Calls `body` with the bytes, which are valid during the call only.
    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try contents.withBytes { (bytes) throws(Failure) in try body(bytes.extracting(range)) }
    }

    /// The section's memory as storage of tensors, not copied.
    package var storage: TensorStorage { SectionStorage(self) }
}

/// Storage that is part of a file.
private final class SectionStorage: TensorStorage, @unchecked Sendable {
    private let section: FileSection

    init(_ section: FileSection) {
        self.section = section
        super.init(byteCount: section.byteCount)
    }

    override func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe section.contents.withUnsafeBytes { (bytes) throws(Failure) in
            try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[section.range]))
        }
    }
}

extension TensorStorage {
    /// Storage over the bytes of a file, which stays open while a tensor refers to it. Nothing is copied.
    public static func file(_ contents: FileContents) -> TensorStorage { FileSection(contents).storage }
}
