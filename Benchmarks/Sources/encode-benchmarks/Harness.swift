import CPeers

/// Something whose speed is measured: one encoder with its options, and one picture.
struct Contestant {
    /// What the table calls it: `ours balanced`, `libpng 6`.
    var name: String
    /// Encodes once and says how many bytes came out.
    var encode: () throws -> Int
}

/// What was measured of one contestant.
struct Measurement: Codable {
    var entry: String
    var group: String
    var contestant: String
    /// The size of the pixels as a file without compression holds them, in bytes.
    var pixelBytes: Int
    /// The size of the result.
    var bytes: Int
    /// CPU time of the calling thread, in milliseconds: the best round and the median of all.
    var best: Double
    var median: Double
    var rounds: Int
}

/// Times contestants in turns: round by round each runs once, so that a slow spell of the machine hits all of them.
struct Harness {
    /// How long all contestants of one picture may take together, in seconds.
    var budget = 4.0
    var fewestRounds = 5
    var mostRounds = 60

    func measure(_ contestants: [Contestant], entry: String, group: String, pixelBytes: Int) throws -> [Measurement] {
        var sizes = [Int](repeating: 0, count: contestants.count)
        var times = [[Double]](repeating: [], count: contestants.count)
        // The first turn warms caches and buffers up and does not count.
        for (i, contestant) in contestants.enumerated() { sizes[i] = try contestant.encode() }
        let start = peer_wall_seconds()
        var rounds = 0
        while rounds < mostRounds, rounds < fewestRounds || peer_wall_seconds() - start < budget {
            for (i, contestant) in contestants.enumerated() {
                let before = peer_thread_seconds()
                let size = try contestant.encode()
                times[i].append(peer_thread_seconds() - before)
                guard size == sizes[i] else { throw Failure("\(contestant.name) gave \(size) bytes after \(sizes[i])") }
            }
            rounds += 1
        }
        return contestants.indices.map { i in
            let sorted = times[i].sorted()
            return Measurement(
                entry: entry, group: group, contestant: contestants[i].name, pixelBytes: pixelBytes, bytes: sizes[i],
                best: sorted[0] * 1000, median: sorted[sorted.count / 2] * 1000, rounds: rounds)
        }
    }
}

/// A reason to stop.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
