import CImageBarriers
package import MediaCore

/// Writes JPEG files with libjpeg-turbo from pixels that lie ready in memory, without a copy of them: what our own encoder
/// is measured against.
package struct ReferenceJPEGEncoder: Sendable {
    /// 1 to 100.
    package var quality: Int

    /// Creates an encoder.
    package init(quality: Int) { self.quality = quality }

    /// Encodes 8-bit pixels as a baseline file with 4:2:0 sampling and the standard tables.
    ///
    /// - Parameters:
    ///   - pixels: rows, packed, top first: `width · height · channels` bytes.
    ///   - channels: 1 for gray, 3 for colour.
    /// - Returns: how many bytes were written.
    /// - Throws: `argument.invalid` for other numbers of bytes or channels, sides outside 1…65500 and a quality outside
    ///   1…100; what the sink throws.
    package func encode(
        _ pixels: RawSpan, width: Int, height: Int, channels: Int, to sink: any ByteSink
    ) throws(MediaError) -> Int {
        guard (1...65500).contains(width), (1...65500).contains(height), channels == 1 || channels == 3,
            pixels.byteCount == width * height * channels, (1...100).contains(quality)
        else {
            throw MediaError(
                .argumentInvalid,
                "\(pixels.byteCount) bytes for \(width)×\(height) pixels of \(channels) channels at quality \(quality)")
        }
        var layout = tm_jpeg_layout()
        layout.width = UInt32(width)
        layout.height = UInt32(height)
        layout.channels = UInt8(channels)
        layout.quality = UInt8(quality)
        (layout.horizontal, layout.vertical) = (2, 2)
        (layout.density_x, layout.density_y) = (1, 1)
        var markers = unsafe tm_jpeg_markers()
        var failure = tm_image_failure()
        let start = sink.byteCount
        let thrown: MediaError? = unsafe pixels.withUnsafeBytes { bytes in
            var context = unsafe Context(rows: bytes, bytesPerRow: width * channels, sink: sink)
            unsafe withUnsafeMutablePointer(to: &context) { context in
                _ = unsafe tm_jpeg_encode(
                    &layout, &markers, UInt32(height), Context.rowsCallback, Context.bytesCallback,
                    { _, _, _, _, _ in },
                    context, &failure)
            }
            return unsafe context.error
        }
        if let error = failure.error(of: "libjpeg", thrown: thrown) { throw error }
        return sink.byteCount - start
    }
}

/// What Swift's side keeps while C is at work.
@unsafe private struct Context {
    let rows: UnsafeRawBufferPointer
    let bytesPerRow: Int
    let sink: any ByteSink
    var error: MediaError?

    init(rows: UnsafeRawBufferPointer, bytesPerRow: Int, sink: any ByteSink) {
        unsafe self.rows = unsafe rows
        unsafe self.bytesPerRow = bytesPerRow
        unsafe self.sink = sink
    }

    static let rowsCallback: tm_image_rows = { context, first, count, rows in
        guard let context = unsafe context?.assumingMemoryBound(to: Context.self), let rows = unsafe rows,
            let base = unsafe context.pointee.rows.baseAddress
        else { return CInt(TM_IMAGE_FAIL) }
        let start = unsafe Int(first) * context.pointee.bytesPerRow
        unsafe rows.pointee = unsafe base.assumingMemoryBound(to: UInt8.self) + start
        return CInt(TM_IMAGE_CONTINUE)
    }

    static let bytesCallback: tm_image_bytes = { context, bytes, count in
        guard let context = unsafe context?.assumingMemoryBound(to: Context.self), let bytes = unsafe bytes
        else { return CInt(TM_IMAGE_FAIL) }
        do throws(MediaError) {
            try unsafe context.pointee.sink.write(RawSpan(_unsafeStart: bytes, byteCount: count))
            return CInt(TM_IMAGE_CONTINUE)
        } catch {
            unsafe context.pointee.error = error
            return CInt(TM_IMAGE_FAIL)
        }
    }
}
