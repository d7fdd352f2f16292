public import MediaCore
import TensorIO

extension SegmentationMask {
    /// What to do with a mask that does not have the size of its picture.
    public enum Resizing: String, Sendable, Hashable {
        /// Refuse it.
        case refuse
        /// Give every pixel of the picture the class of the nearest pixel of the mask; see
        /// ``SegmentationMask/resized(width:height:limits:)``.
        case nearest
    }

    /// The mask in the size of a picture: as it is, made anew, or refused.
    ///
    /// - Throws: `mask.size` when the sizes differ and `resize` is `.refuse`; what ``resized(width:height:limits:)`` throws.
    public func fitted(width: Int, height: Int, resize: Resizing = .refuse) throws(MediaError) -> SegmentationMask {
        if self.width == width, self.height == height { return self }
        if resize == .refuse { try checkSize(width: width, height: height) }
        return try resized(width: width, height: height)
    }

    /// The mask in another size: each pixel is of the class of the pixel in which its middle lies.
    ///
    /// Column *x* of `width` takes column ⌊(2x + 1) · w / 2 · width⌋ of the w there are, in whole numbers; rows likewise.
    /// Names stay; classes that lose all pixels are no longer counted.
    ///
    /// - Throws: `argument.invalid` for a size below 1×1, `limit.exceeded` for one above the limits.
    public func resized(width: Int, height: Int, limits: Limits = .default) throws(MediaError) -> SegmentationMask {
        try MaskSize.check(width: width, height: height, limits: limits, field: "resize")
        let columns = (0..<width).map { (2 * $0 + 1) * self.width / (2 * width) }
        let rows = (0..<height).map { (2 * $0 + 1) * self.height / (2 * height) }
        let isWide = tensor.elementType == .uint16
        let result =
            isWide
            ? try Tensor(take(UInt16.self, rows: rows, columns: columns), shape: [height, width])
            : try Tensor(take(UInt8.self, rows: rows, columns: columns), shape: [height, width])
        return try SegmentationMask(result, labels: hasDefaultLabels ? nil : labels, limits: limits)
    }

    private func take<ID: FixedWidthInteger & BitwiseCopyable>(
        _ type: ID.Type, rows: [Int], columns: [Int]
    ) -> [ID] {
        unsafe [ID](unsafeUninitializedCapacity: rows.count * columns.count) { target, used in
            unsafe withRows { base, pitch in
                for (y, row) in rows.enumerated() {
                    let source = unsafe base + row * pitch
                    for (x, column) in columns.enumerated() {
                        let id = unsafe source.loadUnaligned(
                            fromByteOffset: column &* MemoryLayout<ID>.size, as: type)
                        unsafe target.initializeElement(at: y * columns.count + x, to: id)
                    }
                }
            }
            used = rows.count * columns.count
        }
    }

    /// Calls `body` with the address of row 0 and the distance in bytes from a row to the next, either way.
    @unsafe func withRows<Result>(_ body: (UnsafeRawPointer, Int) -> Result) -> Result? {
        unsafe tensor.withUnsafeStorage { bytes in
            guard let base = bytes.baseAddress else { return nil }
            return unsafe body(base + tensor.offset, tensor.strides[0])
        }
    }
}

/// The check of a size that somebody asks for.
enum MaskSize {
    /// - Throws: `argument.invalid` for a size below 1×1, `limit.exceeded` for one above the limits.
    static func check(width: Int, height: Int, limits: Limits, field: String) throws(MediaError) {
        guard width >= 1, height >= 1 else {
            throw MediaError(
                .argumentInvalid, "a mask of \(width)×\(height) holds no pixel", hint: "use at least 1×1",
                at: .init(field: field))
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width <= limits.imageSide, height <= limits.imageSide, !overflow, pixels <= limits.imagePixels else {
            throw MediaError(
                .limitExceeded,
                "a mask of \(width)×\(height) is larger than \(limits.imageSide) per side or \(limits.imagePixels) pixels",
                hint: "raise Limits.imageSide and Limits.imagePixels if this is meant", at: .init(field: field))
        }
    }
}
