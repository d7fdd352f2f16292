package import MediaCore

/// Memory for a few rows that a source needs while it fills a band: taken once per band, given back at its end.
///
/// The memory is aligned for every sample type and holds zeros at first.
@safe package struct ScratchRows: ~Copyable {
    /// How many bytes there are.
    package let byteCount: Int
    private let base: UnsafeMutableRawPointer

    /// Takes memory; a size of 0 is rounded up to one byte.
    package init(byteCount: Int) {
        self.byteCount = max(1, byteCount)
        unsafe self.base = .allocate(byteCount: self.byteCount, alignment: 64)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
    }

    deinit { unsafe base.deallocate() }

    /// All bytes. They are valid as long as the value is.
    @unsafe package var bytes: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount)
    }

    /// Puts `rows` of `source` at the beginning.
    package borrowing func fill(
        from source: any PixelSource, rows: Range<Int>, tally: inout PixelTally
    ) throws(MediaError) {
        var band = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[0..<rows.count * source.bytesPerRow])
            .mutableBytes
        try source.fill(rows: rows, into: &band, tally: &tally)
    }

    /// How many rows of `bytesPerRow` bytes are worth handling at a time: about 32 KiB of them, so that they stay in the
    /// first cache, and never fewer than one or more than `count`.
    package static func rowsPerStep(bytesPerRow: Int, count: Int) -> Int {
        max(1, min(count, (32 << 10) / max(1, bytesPerRow)))
    }
}

extension MutableRawSpan {
    /// Calls `body` with the samples of the band.
    ///
    /// A band of 16-bit samples that begins at an odd address is made in memory of its own and copied.
    mutating func withSamples<Sample: BitwiseCopyable>(
        of type: Sample.Type, _ body: (UnsafeMutableBufferPointer<Sample>) throws(MediaError) -> Void
    ) throws(MediaError) {
        try unsafe withUnsafeMutableBytes { (bytes) throws(MediaError) in
            guard let base = bytes.baseAddress else { return }
            if UInt(bitPattern: base) % UInt(MemoryLayout<Sample>.alignment) == 0 {
                try unsafe body(bytes.bindMemory(to: Sample.self))
            } else {
                let scratch = ScratchRows(byteCount: bytes.count)
                let own = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[0..<bytes.count])
                try unsafe body(own.bindMemory(to: Sample.self))
                unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(own))
            }
        }
    }

    /// Calls `body` with the bytes of the band, at an address fit for `format`'s samples.
    package mutating func withBytes(
        for format: PixelFormat, _ body: (UnsafeMutableRawBufferPointer) throws(MediaError) -> Void
    ) throws(MediaError) {
        if format.bytesPerSample == 1 {
            try unsafe withUnsafeMutableBytes { (bytes) throws(MediaError) in try unsafe body(bytes) }
        } else {
            try unsafe withSamples(of: UInt16.self) { (samples) throws(MediaError) in
                try unsafe body(UnsafeMutableRawBufferPointer(samples))
            }
        }
    }
}
