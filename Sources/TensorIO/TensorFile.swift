import MediaCore

/// A file with tensors in it, of any format that is read here.
public struct TensorFile: Sendable {
}
