// Annotations lie on pictures and are drawn on them: one import gives all of it.
@_exported public import MediaDrawing
