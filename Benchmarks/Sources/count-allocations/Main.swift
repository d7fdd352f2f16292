import CAllocations
import Foundation
import ImageCoding
import MediaCore
import TensorIO

/// Counts the allocations of 1,001 and of 2,001 small pictures that one encoder writes into one sink: a kept encoder asks
/// for no memory after the first. Ends with status 1 when the counts differ.
@main
enum Main {
    static func main() throws {
        // Pictures of three sizes: with codes that lie ready, with codes of their own, of several bands.
        let sizes = [(28, 28, 1), (64, 64, 3), (300, 200, 3)]
        let pictures = try sizes.map { (width, height, channels) in
            let values = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * $0 / 977 + $0 / 40) }
            return try Tensor(values, shape: [height, width, channels]).picture()
        }
        var isEqual = true
        print("preset     picture      1,001 pictures  2,001 pictures")
        for preset in EncodingPreset.allCases {
            for (size, picture) in zip(sizes, pictures) {
                let encoder = PNGEncoder(preset: preset)
                let sink = MemorySink()
                func encode(_ count: Int) throws -> UInt64 {
                    let before = allocation_count()
                    for _ in 0..<count {
                        sink.removeAll()
                        try encoder.encode(picture, to: sink)
                    }
                    return allocation_count() - before
                }
                // Whatever is made at the first use of anything.
                _ = try encode(1)
                let counts = (try encode(1000), try encode(2000))
                isEqual = isEqual && counts.0 == counts.1
                let name = "\(size.0)×\(size.1)×\(size.2)"
                print(
                    preset.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0),
                    name.padding(toLength: 12, withPad: " ", startingAt: 0), counts.0, counts.1, separator: "  ")
            }
        }
        guard allocation_count() > 0 else {
            print("nothing counts allocations here")
            return
        }
        if !isEqual { exit(1) }
    }
}
