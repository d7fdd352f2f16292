import CImageBarriers
import MediaCore

/// What Swift's side of an encoding keeps while C is at work. C calls back with its address.
@safe struct EncodingContext {
    /// Turns a band of the source's rows into rows that the library takes.
    typealias Conversion = @Sendable (RawSpan, inout MutableRawSpan) -> Void

    private let source: any PixelSource
    private let sink: any ByteSink
    private let convert: Conversion?
    /// Rows of the source, and the same rows as the library takes them. C reads them between two calls, so they must
    /// not move.
    private let band: PixelStorage, converted: PixelStorage
    private let convertedBytesPerRow: Int
    /// Row 0 where the source has all rows in memory, one behind the other, as the library takes them.
    private let stored: UnsafePointer<UInt8>?
    /// How many rows are asked for at a time.
    let bandRows: Int
    /// What the source lost, each row counted once.
    private(set) var tally = PixelTally()
    private var counted = 0
    /// What the source or the sink threw.
    private(set) var error: MediaError?
    /// What the library had to say.
    private(set) var findings: [Finding] = []

    /// - Parameter convert: `nil` when the library takes the source's rows as they are.
    init(
        source: any PixelSource, sink: any ByteSink, convertedBytesPerRow: Int = 0, convert: Conversion? = nil
    ) throws(MediaError) {
        unsafe try self.init(
            source: source, sink: sink, convertedBytesPerRow: convertedBytesPerRow, convert: convert, stored: nil)
    }

    /// - Parameter stored: row 0 of rows that lie in memory, one behind the other, as the library takes them, and stay
    ///   there; `nil` to ask the source.
    init(source: any PixelSource, sink: any ByteSink, stored: UnsafePointer<UInt8>?) throws(MediaError) {
        unsafe try self.init(source: source, sink: sink, convertedBytesPerRow: 0, convert: nil, stored: stored)
    }

    private init(
        source: any PixelSource, sink: any ByteSink, convertedBytesPerRow: Int, convert: Conversion?,
        stored: UnsafePointer<UInt8>?
    ) throws(MediaError) {
        self.source = source
        self.sink = sink
        self.convert = convert
        self.convertedBytesPerRow = convertedBytesPerRow
        let rowBytes = max(source.bytesPerRow, convertedBytesPerRow, 1)
        unsafe self.stored = unsafe stored
        // What libjpeg takes at a time, so that the rows are still in the nearest cache when it does.
        bandRows = min(source.height, unsafe stored == nil ? max(1, min(16, (256 << 10) / rowBytes)) : 64)
        band = try PixelStorage(byteCount: unsafe stored == nil ? source.bytesPerRow * bandRows : 0)
        converted = try PixelStorage(byteCount: convertedBytesPerRow * bandRows)
    }

    /// Fetches rows and says where they are; `nil` after a failure, which is in ``error``.
    fileprivate mutating func rows(first: Int, count: Int) -> UnsafePointer<UInt8>? {
        if let stored = unsafe stored { return unsafe stored + first * source.bytesPerRow }
        do throws(MediaError) {
            let lost = try fill(first..<first + count)
            if first >= counted {
                tally.add(lost)
                counted = first + count
            }
        } catch {
            self.error = error
            return nil
        }
        if let convert {
            apply(convert, rows: count)
            return unsafe UnsafePointer(converted.base.assumingMemoryBound(to: UInt8.self))
        }
        return unsafe UnsafePointer(band.base.assumingMemoryBound(to: UInt8.self))
    }

    /// Fetches rows into the band.
    ///
    /// The span is made from a buffer in two steps: made directly from the address in `band`, it stops the optimiser of
    /// Swift 6.3.1 ("Found ownership error").
    private func fill(_ rows: Range<Int>) throws(MediaError) -> PixelTally {
        var lost = PixelTally()
        let memory = unsafe UnsafeMutableRawBufferPointer(start: band.base, count: rows.count * source.bytesPerRow)
        var part = unsafe memory.mutableBytes
        try source.fill(rows: rows, into: &part, tally: &lost)
        return lost
    }

    /// Turns the band into rows that the library takes.
    private func apply(_ convert: Conversion, rows count: Int) {
        let taken = unsafe UnsafeRawBufferPointer(start: band.base, count: count * source.bytesPerRow)
        let made = unsafe UnsafeMutableRawBufferPointer(start: converted.base, count: count * convertedBytesPerRow)
        var result = unsafe made.mutableBytes
        convert(unsafe taken.bytes, &result)
    }

    fileprivate mutating func write(_ bytes: RawSpan) -> Bool {
        do throws(MediaError) {
            try sink.write(bytes)
            return true
        } catch {
            self.error = error
            return false
        }
    }

    fileprivate mutating func warn(_ message: String) {
        if findings.count < 16 { findings.append(.warning(.libraryFailed, message)) }
    }

    /// The callback that fills a band and hands C its address.
    static let rowsCallback: tm_image_rows = { context, first, count, rows in
        guard let context = unsafe context?.assumingMemoryBound(to: EncodingContext.self), let rows = unsafe rows,
            let band = unsafe context.pointee.rows(first: Int(first), count: Int(count))
        else { return CInt(TM_IMAGE_FAIL) }
        unsafe rows.pointee = unsafe band
        return CInt(TM_IMAGE_CONTINUE)
    }

    /// The callback that takes encoded bytes.
    static let bytesCallback: tm_image_bytes = { context, bytes, count in
        guard let context = unsafe context?.assumingMemoryBound(to: EncodingContext.self), let bytes = unsafe bytes
        else { return CInt(TM_IMAGE_FAIL) }
        let span = unsafe RawSpan(_unsafeStart: bytes, byteCount: count)
        return unsafe context.pointee.write(span) ? CInt(TM_IMAGE_CONTINUE) : CInt(TM_IMAGE_FAIL)
    }

    /// The callback that takes warnings.
    static let warningCallback: tm_image_metadata = { context, kind, _, bytes, count in
        guard let context = unsafe context?.assumingMemoryBound(to: EncodingContext.self), let bytes = unsafe bytes
        else { return }
        let text = unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
        unsafe context.pointee.warn(text)
    }
}
