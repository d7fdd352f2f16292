import MediaCore

/// Another sink that stops taking bytes when a flag is raised, so that a long encoding ends soon after Ctrl-C.
final class InterruptibleSink: ByteSink {
    private let sink: any ByteSink
    private let cancellation: CancellationFlag?

    init(_ sink: any ByteSink, _ cancellation: CancellationFlag?) {
        self.sink = sink
        self.cancellation = cancellation
    }

    var byteCount: Int { sink.byteCount }

    func write(_ bytes: RawSpan) throws(MediaError) {
        try cancellation?.check()
        try sink.write(bytes)
    }
}
