import MediaCore

/// The readers that take bytes from strangers, each behind one name.
enum FuzzTarget: String, CaseIterable {
    case npy, npz, safetensors, pt, png, jpeg, headers

    /// Reads `bytes` as far as the reader goes. A typed error is the right answer to nearly all of them; a trap, a
    /// sanitizer's finding or a flood of memory is not.
    func run(_ bytes: RawSpan) {
        _ = bytes
    }
}
