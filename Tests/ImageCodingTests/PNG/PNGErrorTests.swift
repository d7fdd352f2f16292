import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("PNG encoder: what goes wrong")
struct PNGErrorTests {
    /// A picture that claims a size, and fails at a row.
    private struct Failing: PixelSource {
        var width = 100
        var height = 5000
        var format = PixelFormat.rgb
        var palette: Palette?
        var failsAt = Int.max

        func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
            if rows.contains(failsAt) { throw MediaError("test.row", "row \(failsAt) is not to be had") }
            for i in 0..<band.byteCount {
                band.storeBytes(of: UInt8(truncatingIfNeeded: i), toByteOffset: i, as: UInt8.self)
            }
        }
    }

    @Test("an error of the source comes through unchanged, from any row, on any number of threads")
    func sourceFails() {
        for threads in [1, 3] {
            for row in [0, 1, 470, 2500, 4999] {
                for variant in PNGVariant.all where variant.preset != .smallest {
                    let error = mediaError { () throws(MediaError) in
                        _ = try variant.encode(Failing(failsAt: row), threads: threads)
                    }
                    #expect(error?.code == "test.row" && error?.message == "row \(row) is not to be had")
                }
            }
        }
    }

    @Test("a full disk ends the work with the sink's error, wherever it happens")
    func sinkFails() throws {
        let source = PNGContent.gradient.source(.rgb, 300, 700, seed: 8)
        let encoder = PNGEncoder(.init(preset: .fastest, pool: WorkerPool(threadCount: 2)))
        let size = try encoder.encode(source).count
        for capacity in [0, 20, 40, size / 3, size - 1] {
            let sink = CollectingSink(capacity: capacity)
            let error = mediaError { () throws(MediaError) in _ = try encoder.encode(source, to: sink) }
            #expect(error?.code == .writeFailed, "\(capacity) bytes")
        }
    }

    @Test("sizes that PNG does not have are refused before any memory is taken")
    func sizes() {
        for (width, height, code) in [
            (0, 1, MediaError.Code.argumentInvalid), (1, 0, .argumentInvalid), (-1, 5, .argumentInvalid),
            (1 << 31, 1, .limitExceeded), (1, 1 << 31, .limitExceeded), (Int.max, Int.max, .limitExceeded),
            (1 << 30, 1, .limitExceeded),
        ] {
            for variant in PNGVariant.all {
                let error = mediaError { () throws(MediaError) in
                    _ = try variant.encode(Failing(width: width, height: height))
                }
                #expect(error?.code == code, "\(width)×\(height)")
            }
        }
    }

    @Test("an index without a colour, a sample with too many bits and a missing palette are refused")
    func samples() throws {
        let colors = try #require(Palette([.init(red: 1, green: 2, blue: 3), .init(red: 4, green: 5, blue: 6)]))
        let index = SampleSource(width: 2, height: 2, format: .indexed, palette: colors, bytes: [0, 1, 2, 0])
        let bit = SampleSource(width: 2, height: 2, format: .bilevel, bytes: [0, 1, 1, 2])
        for source in [index, bit] {
            for variant in PNGVariant.all {
                #expect(
                    mediaError { () throws(MediaError) in _ = try variant.encode(source) }?.code == .valueOutOfRange)
            }
        }
        let missing = SampleSource(width: 1, height: 1, format: .indexed, bytes: [0])
        let error = mediaError { () throws(MediaError) in _ = try PNGEncoder().encode(missing) }
        #expect(error?.code == .argumentInvalid)
    }
}
