/// The bytes that one or more tensors look at, and whoever keeps them alive.
///
/// Storage is immutable: whatever owns the memory must not change it while a tensor refers to it.
public class TensorStorage: @unchecked Sendable {
    /// How many bytes there are.
    public let byteCount: Int

    init(byteCount: Int) { self.byteCount = byteCount }

    /// Calls `body` with the bytes, which are valid during the call only.
    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
}

/// The elements of a Swift array, shared with it.
final class ArrayStorage<Element: BitwiseCopyable & Sendable>: TensorStorage, @unchecked Sendable {
    private let elements: [Element]

    init(_ elements: [Element]) {
        self.elements = elements
        super.init(byteCount: elements.count * MemoryLayout<Element>.stride)
    }

    override func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let elements = elements
        return try unsafe elements.span.bytes.withUnsafeBytes { (bytes) throws(Failure) in try unsafe body(bytes) }
    }
}

/// Memory of the caller or of the system, and what to do when nobody looks at it any more.
@safe final class ExternalStorage: TensorStorage, @unchecked Sendable {
    private let base: UnsafeRawPointer?
    private let release: @Sendable () -> Void

    init(base: UnsafeRawPointer?, byteCount: Int, release: @escaping @Sendable () -> Void) {
        unsafe self.base = unsafe base
        self.release = release
        super.init(byteCount: byteCount)
    }

    deinit { release() }

    override func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}

extension TensorStorage {
    /// Storage that shares the elements of `array`.
    public static func array<Element: TensorElement>(_ array: [Element]) -> TensorStorage { ArrayStorage(array) }

    /// Storage over memory that somebody else owns: NumPy, a capture card, a mapped file.
    ///
    /// - Parameters:
    ///   - base: the first byte; may be `nil` when `byteCount` is 0.
    ///   - byteCount: how many bytes may be read from there.
    ///   - release: called once, from any thread, when no tensor refers to the memory any more.
    @unsafe public static func external(
        _ base: UnsafeRawPointer?, byteCount: Int, release: @escaping @Sendable () -> Void
    ) -> TensorStorage {
        unsafe ExternalStorage(base: base, byteCount: base == nil ? 0 : max(0, byteCount), release: release)
    }
}
