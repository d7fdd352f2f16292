// The umbrella: one import for everything.
@_exported public import AudioCoding
@_exported public import ImageCoding
@_exported public import MediaAnnotations
@_exported public import MediaCore
@_exported public import MediaDrawing
@_exported public import TensorIO
@_exported public import VideoCoding

/// The version of the package.
public enum TensorMediaVersion {
    /// Major, minor and patch, as in semantic versioning.
    public static let description = "0.1.0"
}
