import ImageCoding
import MediaCore
import TensorIO

/// Which pictures of which inputs are measured: the same ones for the same inputs, spread evenly over them.
struct BenchmarkSample {
    /// An input, and which of its pictures are wanted.
    struct Part {
        var input: ConversionInput
        /// The bytes, of what can be read only once.
        var contents: FileContents?
        /// The places of the wanted pictures among those of the input, ascending.
        var places: [Int]
    }

    /// The inputs with pictures to measure, in order.
    private(set) var parts: [Part] = []
    /// What could not be read at all.
    private(set) var failures: [MediaError] = []
    /// How many inputs were looked into, and how many pictures they hold.
    private(set) var inputCount = 0, pictureCount = 0

    /// How many pictures were chosen.
    var count: Int { parts.reduce(0) { $0 + $1.places.count } }

    /// Looks into as many inputs as pictures are wanted, at most, and chooses.
    ///
    /// - Throws: `work.cancelled`.
    init(
        _ inputs: [ConversionInput], most: Int, settings: ConversionSettings, rules: ConversionRules,
        cancellation: CancellationFlag?
    ) throws(MediaError) {
        var counts: [Int] = []
        for place in Self.spread(min(most, inputs.count), over: inputs.count) {
            let input = inputs[place]
            inputCount += 1
            var part = Part(input: input, contents: nil, places: [])
            if input.path == "-" {
                do throws(MediaError) {
                    part.contents = try input.read(settings.limits, cancellation)
                } catch {
                    try cancellation?.check()
                    failures.append(error.inFile(input.name))
                    continue
                }
            }
            var count = 0
            let outcome = Self.conversion(part, settings, rules, cancellation).run { (output) in
                count += 1
                return StoredOutput(report: output.content.plannedReport)
            }
            try cancellation?.check()
            // What else fails there is met again, and said, when its pictures are measured.
            guard count > 0 else {
                failures += outcome.failures.map(\.error)
                continue
            }
            pictureCount += count
            counts.append(count)
            parts.append(part)
        }
        for (index, share) in Self.shares(of: counts, most: most).enumerated() {
            parts[index].places = Self.spread(share, over: counts[index])
        }
        parts.removeAll { $0.places.isEmpty }
    }

    /// What walks through the pictures of a part, as `convert` does.
    static func conversion(
        _ part: Part, _ settings: ConversionSettings, _ rules: ConversionRules, _ cancellation: CancellationFlag?
    ) -> InputConversion {
        var settings = settings
        settings.copiesPictures = false
        let names = OutputNames([part.input], copiesPictures: false)
        var conversion = InputConversion(
            input: part.input, place: 0, names: names, settings: settings, rules: rules, cancellation: cancellation)
        conversion.contents = part.contents
        return conversion
    }

    /// `count` places among `total`, as far from each other and from the ends as they can be.
    static func spread(_ count: Int, over total: Int) -> [Int] {
        guard count < total else { return Array(0..<total) }
        return (0..<count).map { Int((Double($0) + 0.5) * Double(total) / Double(count)) }
    }

    /// How many pictures each input gives: all of those that have few, as many as each other of the rest.
    static func shares(of counts: [Int], most: Int) -> [Int] {
        var shares = counts
        var left = most
        let order = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
        for (done, index) in order.enumerated() {
            shares[index] = min(counts[index], left / (counts.count - done))
            left -= shares[index]
        }
        return shares
    }
}
