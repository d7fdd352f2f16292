import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes from a descriptor or from memory, one after the other, in memory that grows with what is really there.
///
/// May be handed from thread to thread; whoever reads gets the next bytes.
package final class SequentialReader: Sendable {
    private enum Source: Sendable {
        case descriptor(Int32)
        case contents(FileContents)
    }

    private struct State {
        /// What was read and not handed out, from `next` on.
        var waiting: [UInt8] = []
        var next = 0
        /// How many bytes were handed out.
        var offset = 0
        /// Where the next bytes of a file are.
        var place = 0
    }

    /// What messages call it.
    package let name: String
    private let source: Source
    private let cancellation: CancellationFlag?
    private let state = Mutex(State())

    private static let blockBytes = 1 << 16

    /// Reads an open descriptor, which stays open.
    package init(descriptor: Int32, name: String, cancellation: CancellationFlag? = nil) {
        self.name = name
        source = .descriptor(descriptor)
        self.cancellation = cancellation
    }

    /// Reads bytes that are there.
    package init(_ contents: FileContents) {
        name = contents.name
        source = .contents(contents)
        cancellation = nil
    }

    /// How many bytes were handed out.
    package var offset: Int { state.withLock(\.offset) }

    /// The next `count` bytes; fewer where the source ends.
    ///
    /// - Throws: `file.unreadable`; `work.cancelled`.
    package func read(_ count: Int) throws(MediaError) -> [UInt8] {
        try state.withLock { (state) throws(MediaError) in
            var bytes: [UInt8] = []
            while bytes.count < count {
                if state.next == state.waiting.count, try !refill(&state) { break }
                let part = state.waiting[state.next...].prefix(count - bytes.count)
                bytes += part
                state.next += part.count
            }
            state.offset += bytes.count
            return bytes
        }
    }

    /// The next bytes up to the end of a line, without it; `nil` when the source has ended.
    ///
    /// - Parameter most: the longest line that is accepted.
    /// - Throws: `format.malformed` for a longer one, `format.truncated` for one without an end; `file.unreadable`;
    ///   `work.cancelled`.
    package func readLine(atMost most: Int) throws(MediaError) -> [UInt8]? {
        try state.withLock { (state) throws(MediaError) in
            var line: [UInt8] = []
            while true {
                if state.next == state.waiting.count, try !refill(&state) {
                    if line.isEmpty { return nil }
                    throw MediaError(
                        .truncated, "the stream ends inside a line of \(line.count) bytes",
                        at: .init(file: name, offset: state.offset))
                }
                let byte = state.waiting[state.next]
                state.next += 1
                state.offset += 1
                if byte == UInt8(ascii: "\n") { return line }
                guard line.count < most else {
                    throw MediaError(
                        .malformed, "a line is longer than \(most) bytes", at: .init(file: name, offset: state.offset))
                }
                line.append(byte)
            }
        }
    }

    /// Takes further bytes; `false` at the end.
    private func refill(_ state: inout State) throws(MediaError) -> Bool {
        state.next = 0
        switch source {
        case .contents(let contents):
            let place = state.place
            let end = min(contents.byteCount, place + Self.blockBytes)
            state.waiting = contents.withBytes { bytes in
                unsafe bytes.extracting(place..<end).withUnsafeBytes { unsafe [UInt8]($0) }
            }
            state.place = end
        case .descriptor(let descriptor):
            state.waiting = try next(descriptor)
        }
        return !state.waiting.isEmpty
    }

    private func next(_ descriptor: Int32) throws(MediaError) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockBytes)
        while true {
            if let cancellation {
                // A read would go on waiting after a signal.
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                while unsafe poll(&wait, 1, 100) == 0 { try cancellation.check() }
                try cancellation.check()
            }
            let got = unsafe block.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw SystemFailure.last.error(.fileUnreadable, "read the stream", path: name)
            }
            block.removeLast(block.count - got)
            return block
        }
    }
}
