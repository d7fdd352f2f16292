public import ImageCoding
public import MediaCore

/// Writes animated PNG files (APNG, part of PNG's third edition): every colour, opacity and 16 bits are kept.
///
/// The pixels are compressed by ``/ImageCoding/PNGEncoder``; of each frame but the first, only the rectangle that changed. A
/// program that does not know APNG shows the first frame.
public struct APNGEncoder: FrameEncoder {
    /// How much time to take for a smaller file.
    public var preset: EncodingPreset
    /// How often the clip is shown.
    public var loops: ClipLoops
    /// Threads to compress a frame on; `nil` for the caller's alone. The bytes are the same.
    public var pool: WorkerPool?
    /// Stops the work between frames.
    public var cancellation: CancellationFlag?

    /// Creates an encoder.
    public init(
        preset: EncodingPreset = .balanced, loops: ClipLoops = .forever, pool: WorkerPool? = nil,
        cancellation: CancellationFlag? = nil
    ) {
        self.preset = preset
        self.loops = loops
        self.pool = pool
        self.cancellation = cancellation
    }

    /// Begins a file whose frames come one by one; indices become RGBA.
    ///
    /// - Throws: `argument.invalid` for a number of loops outside 1…65,536, and without a number of frames where the sink
    ///   cannot be patched.
    public func begin(_ clip: ClipDescription, to sink: any ByteSink) throws(MediaError) -> APNGWriter {
        try loops.check()
        if clip.frameCount == nil, !(sink is any PatchableSink) {
            throw MediaError(
                .argumentInvalid, "the number of frames stands in front of an APNG, and nobody knows it",
                hint: "write to a file, or say how many frames there will be", at: .init(field: "frameCount"))
        }
        return APNGWriter(self, clip, sink)
    }
}
