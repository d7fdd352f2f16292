/// How much closer neighbours stand than their widths say.
struct Kerning: Sendable {
    private struct Pair: Hashable {
        var first: Unicode.Scalar
        var second: Unicode.Scalar
    }

    private let distances: [Pair: Double]

    /// The pairs of the embedded typeface.
    static let shared = Kerning(KerningTable.pairs)

    init(_ table: String) {
        var distances: [Pair: Double] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let distance = Double(words[2]) else { continue }
            for first in words[0].unicodeScalars {
                for second in words[1].unicodeScalars {
                    let pair = Pair(first: first, second: second)
                    if distances[pair] == nil { distances[pair] = distance }
                }
            }
        }
        self.distances = distances
    }

    /// The distance between two letters without marks, in thousandths of the em.
    func distance(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        distances[Pair(first: first, second: second)] ?? 0
    }
}
