import MediaCore

/// Another sink that stops taking bytes when a flag is raised, so that a long encoding ends soon after Ctrl-C.
class InterruptibleSink: ByteSink {
    private let sink: any ByteSink
    fileprivate let cancellation: CancellationFlag?

    fileprivate init(_ sink: any ByteSink, _ cancellation: CancellationFlag?) {
        self.sink = sink
        self.cancellation = cancellation
    }

    /// The sink around another, which can be patched if that one can.
    static func around(_ sink: any ByteSink, _ cancellation: CancellationFlag?) -> any ByteSink {
        if let sink = sink as? any PatchableSink { return InterruptiblePatches(patching: sink, cancellation) }
        return InterruptibleSink(sink, cancellation)
    }

    var byteCount: Int { sink.byteCount }

    func write(_ bytes: RawSpan) throws(MediaError) {
        try cancellation?.check()
        try sink.write(bytes)
    }
}

/// The same around a sink that can be patched.
private final class InterruptiblePatches: InterruptibleSink, PatchableSink {
    private let patched: any PatchableSink

    init(patching sink: any PatchableSink, _ cancellation: CancellationFlag?) {
        patched = sink
        super.init(sink, cancellation)
    }

    func overwrite(at offset: Int, with bytes: RawSpan) throws(MediaError) {
        try cancellation?.check()
        try patched.overwrite(at: offset, with: bytes)
    }

    func read(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int {
        try patched.read(at: offset, into: &buffer)
    }
}
