import CMediaKernels
import MediaCore

/// The inner loops at the current CPU level: the C kernel where there is one, else the plain Swift loop.
///
/// Every level gives the same bytes.
enum PNGKernels {
    /// Filters a row: see ``PNGFilterLoops/apply(_:row:above:count:step:output:)``.
    static func filter(
        _ filter: PNGFilter, row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>, count: Int, step: Int,
        output: UnsafeMutablePointer<UInt8>
    ) {
        if unsafe tm_png_filter(Int32(filter.rawValue), row, above, count, step, output) != 0 { return }
        unsafe PNGFilterLoops.apply(filter, row: row, above: above, count: count, step: step, output: output)
    }

    /// See ``PNGFilterLoops/score(_:count:)``.
    static func score(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        var score: UInt64 = 0
        if unsafe tm_png_score(bytes, count, &score) != 0 { return score }
        return unsafe PNGFilterLoops.score(bytes, count: count)
    }

    /// See ``PNGMatchLoops/equalMask(_:words:distance:mask:)``.
    static func equalMask(
        _ bytes: UnsafePointer<UInt8>, words: Int, distance: Int, mask: UnsafeMutablePointer<UInt64>
    ) {
        if unsafe tm_png_equal_mask(bytes, words, distance, mask) != 0 { return }
        unsafe PNGMatchLoops.equalMask(bytes, words: words, distance: distance, mask: mask)
    }

    /// Whether literals are written by the vector kernel, from ``DeflateTables/bytePlanes``.
    ///
    /// Asked once per block, because the level may change in between.
    static var writesLiteralsWithVectors: Bool { tm_png_has_vector_literals() != 0 }

    /// Appends the codes of literals, none longer than 14 bits.
    @inline(__always)
    static func writeLiterals(
        _ bytes: UnsafePointer<UInt8>, count: Int, tables: DeflateTables, vectorised: Bool, to bits: inout DeflateBits
    ) {
        var done = 0
        if vectorised && count >= 64 {
            var state = unsafe tm_png_bits(
                out: bits.output, accumulator: bits.accumulator, waiting: UInt64(truncatingIfNeeded: bits.count))
            done = unsafe tm_png_write_literals(bytes, count, tables.bytePlanes, &state)
            guard let output = unsafe state.out else { return }
            unsafe bits.output = output
            bits.accumulator = unsafe state.accumulator
            bits.count = unsafe Int(truncatingIfNeeded: state.waiting)
        }
        unsafe bits.writeLiterals(bytes + done, count: count &- done, table: tables.literals)
    }
}
