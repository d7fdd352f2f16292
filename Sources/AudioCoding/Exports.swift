// A program that imports AudioCoding needs tensors, sinks, errors and records too: one import gives them.
@_exported public import MediaCore
@_exported public import TensorIO
