// Placeholder of the umbrella.
@_exported public import ImageCoding
@_exported public import MediaCore
@_exported public import TensorIO
