import CPeers

/// Something whose speed is measured: one encoder with its options, and one picture.
struct Contestant {
    /// What the tables call it: `ours balanced`, `libpng 6`.
    var name: String
    /// Encodes once and says how many bytes came out.
    var encode: () throws -> Int

    /// What one encoding took.
    struct Run: Encodable {
        /// CPU time of the calling thread, in seconds.
        var thread: Double
        /// CPU time of all threads, in seconds.
        var process: Double
        /// Time on the wall, in seconds.
        var wall: Double
        /// The size of the result, in bytes.
        var bytes: Int
    }

    /// Encodes for so many seconds, at least once, and says what one encoding took of the clocks.
    func run(for seconds: Double) throws -> Run {
        let (thread, process, wall) = (peer_thread_seconds(), peer_process_seconds(), peer_wall_seconds())
        var bytes: Int
        var count = 0.0
        repeat {
            bytes = try encode()
            count += 1
        } while peer_wall_seconds() - wall < seconds
        return Run(
            thread: (peer_thread_seconds() - thread) / count, process: (peer_process_seconds() - process) / count,
            wall: (peer_wall_seconds() - wall) / count, bytes: bytes)
    }
}

/// A reason to stop.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
