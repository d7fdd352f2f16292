import CPeers

/// Times of two contestants that take turns.
struct Rounds {
    private var first: [Double] = []
    private var second: [Double] = []

    /// Runs both once unmeasured, then `count` times by turns.
    init(_ count: Int, _ one: () -> Void, _ other: () -> Void) {
        one()
        other()
        for _ in 0..<count {
            first.append(Self.seconds(one))
            second.append(Self.seconds(other))
        }
    }

    private static func seconds(_ body: () -> Void) -> Double {
        let before = peer_thread_seconds()
        body()
        return peer_thread_seconds() - before
    }

    /// Both least times in milliseconds and the median of the ratios.
    func text(_ one: String, _ other: String) -> String {
        let ratios = zip(first, second).map { $1 / $0 }.sorted()
        let ratio = ratios.isEmpty ? 0 : ratios[ratios.count / 2]
        func milliseconds(_ times: [Double]) -> Double { ((times.min() ?? 0) * 100_000).rounded() / 100 }
        return
            "\(one) \(milliseconds(first)) ms, \(other) \(milliseconds(second)) ms, ratio \((ratio * 100).rounded() / 100)"
    }
}
