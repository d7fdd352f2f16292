import MediaCore
import TensorIO
import TestSupport
import Testing

@testable import ImageCoding

/// Hides from an encoder that a source's rows lie in memory.
private struct Veiled: PixelSource {
    let source: any PixelSource
    var width: Int { source.width }
    var height: Int { source.height }
    var format: PixelFormat { source.format }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try source.fill(rows: rows, into: &band, tally: &tally)
    }
}

@Suite("PNG of rows that lie in memory")
struct PNGStoredRowsTests {
    private func options(_ layout: ImageLayout) -> PictureOptions {
        var options = PictureOptions()
        options.layout = layout
        return options
    }

    @Test("bytes are those of the rows' copies, whatever view the tensor is", arguments: EncodingPreset.allCases)
    func sameBytes(preset: EncodingPreset) throws {
        var generator = SeededGenerator(seed: 5)
        for channels in [1, 3, 4] {
            for (height, width) in [(2, 3000), (300, 231), (900, 1), (71, 64)] {
                // Smooth enough that filters and repetitions have something to do.
                let values = (0..<(height + 6) * (width + 9) * channels).map { i in
                    UInt8(truncatingIfNeeded: i / channels % (width + 9) / 3 + generator.below(3))
                }
                let whole = try Tensor(values, shape: [height + 6, width + 9, channels])
                let views = [
                    whole, try whole.slice(axis: 0, 4..<height + 4), try whole.slice(axis: 1, 5..<width + 5),
                    try whole.slice(axis: 0, 0..<height).slice(axis: 1, 1..<width + 1),
                    try whole.slice(axis: 2, 0..<1), try whole.transposed([1, 0, 2]),
                ]
                for (index, view) in views.enumerated() {
                    let source = try view.picture(options(.hwc))
                    for threads in [nil, 2] {
                        let pool = threads.map { WorkerPool(threadCount: $0) }
                        let encoder = PNGEncoder(.init(preset: preset, reduction: .never, pool: pool))
                        let (inPlace, copied) = (try encoder.encode(source), try encoder.encode(Veiled(source: source)))
                        #expect(inPlace == copied, "\(channels) channels, \(height)×\(width), view \(index)")
                    }
                }
            }
        }
    }

    @Test("rows are used in place where they are bytes beside each other, and made where they are not")
    func inPlace() throws {
        func isInPlace(_ tensor: Tensor, _ layout: ImageLayout) throws -> Bool {
            let picture = try tensor.picture(options(layout))
            let source = try #require(picture as? TensorPixels)
            return try source.withStoredRows { (rows) throws(MediaError) in rows != nil }
        }
        let bytes = try Tensor([UInt8](repeating: 9, count: 60 * 60 * 3), shape: [60, 60, 3])
        #expect(try isInPlace(bytes, .hwc))
        #expect(try isInPlace(bytes.slice(axis: 1, 3..<50), .hwc))
        #expect(try isInPlace(bytes.transposed([2, 0, 1]), .chw))
        #expect(try !isInPlace(bytes.slice(axis: 2, 0..<1), .hwc))
        #expect(try !isInPlace(Tensor([UInt8](repeating: 9, count: 10_800), shape: [3, 60, 60]), .chw))
        #expect(try !isInPlace(bytes.transposed([1, 0, 2]), .hwc))
        #expect(try !isInPlace(Tensor([Float](repeating: 0.5, count: 3600), shape: [60, 60]), .hw))
        #expect(try !isInPlace(Tensor([UInt16](repeating: 5, count: 3600), shape: [60, 60]), .hw))
    }
}
