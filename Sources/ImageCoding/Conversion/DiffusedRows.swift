import MediaCore
import Synchronization

/// Rows of error diffusion: each depends on all rows above it, so they are made once, in order, as soon as somebody asks for
/// them, and kept. Copies of a source share them; threads wait for each other.
@safe final class DiffusedRows: Sendable {
    /// Makes one row from one row of the source; the third pointer leads to the errors that wait for the columns of the
    /// next row, the last parameter is the number of pixels.
    typealias Diffusion =
        @Sendable (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int32>, Int) -> Void

    private struct State {
        /// The rows that are made.
        var bytes: [UInt8] = []
        var rowsMade = 0
        /// The errors that wait for the next row.
        var errors: [Int32]
        /// What was lost in the source, for rows where something was.
        var tallies: [Int: PixelTally] = [:]
    }

    private let source: any PixelSource
    private let bytesPerRow: Int
    private let diffuse: Diffusion
    private let state: Mutex<State>

    /// - Parameters:
    ///   - source: what is diffused, of 8 bits per sample.
    ///   - bytesPerRow: how long a row is that is kept; it is 0 when `diffuse` gets it.
    ///   - errors: how many errors wait for the next row.
    init(_ source: any PixelSource, bytesPerRow: Int, errors: Int, diffuse: @escaping Diffusion) {
        self.source = source
        self.bytesPerRow = bytesPerRow
        unsafe self.diffuse = unsafe diffuse
        state = Mutex(State(errors: [Int32](repeating: 0, count: errors)))
    }

    /// Calls `body` with all rows that are made, which are at least those up to the end of `rows`, and counts what was lost
    /// in `rows`.
    func withRows(
        _ rows: Range<Int>, tally: inout PixelTally, _ body: (UnsafePointer<UInt8>) -> Void
    ) throws(MediaError) {
        let counts = try state.withLock { (state) throws(MediaError) in
            try make(upTo: rows.upperBound, &state)
            unsafe state.bytes.withUnsafeBufferPointer { bytes in
                if let base = bytes.baseAddress { unsafe body(base) }
            }
            var counts = PixelTally()
            if !state.tallies.isEmpty { for row in rows { if let lost = state.tallies[row] { counts.add(lost) } } }
            return counts
        }
        tally.add(counts)
    }

    private func make(upTo end: Int, _ state: inout State) throws(MediaError) {
        guard state.rowsMade < end else { return }
        let row = ScratchRows(byteCount: source.bytesPerRow)
        while state.rowsMade < end {
            var lost = PixelTally()
            try row.fill(from: source, rows: state.rowsMade..<state.rowsMade + 1, tally: &lost)
            if lost != PixelTally() { state.tallies[state.rowsMade] = lost }
            let start = state.bytes.count
            state.bytes.append(contentsOf: repeatElement(0, count: bytesPerRow))
            unsafe state.bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe state.errors.withUnsafeMutableBufferPointer { errors in
                    guard let samples = unsafe row.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        let bytes = bytes.baseAddress, let errors = errors.baseAddress
                    else { return }
                    unsafe diffuse(samples, bytes + start, errors, source.width)
                }
            }
            state.rowsMade += 1
        }
    }
}
