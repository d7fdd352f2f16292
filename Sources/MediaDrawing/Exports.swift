// Whoever draws has pictures, tensors and errors in hand too: one import gives them.
@_exported public import ImageCoding
