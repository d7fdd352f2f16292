// A program that imports VideoCoding needs frames, tensors and sinks too: one import gives them.
@_exported public import ImageCoding
