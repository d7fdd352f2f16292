public import MediaCore

/// Lengths of runs as text.
///
/// Each number takes one or more signs from `0` (48) to `o` (111). A sign less 48 has six bits: the lower five are part of
/// the number, least significant first, the sixth says that more follow; the highest of all five-bit parts is the sign. From
/// the fourth number on, what is written is the difference from the number two before.
extension RunLengths {
    /// Lengths from the text that COCO files and `pycocotools` use.
    ///
    /// - Throws: `rle.malformed` for a sign that cannot stand there, a number over 64 bits, or a text that ends inside a
    ///   number, with its offset; otherwise as ``init(counts:width:height:limits:)``.
    public init(
        compressed text: String, width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) {
        try self.init(compressed: text.utf8.span, width: width, height: height, limits: limits)
    }

    /// The same from the bytes of the text.
    public init(
        compressed bytes: Span<UInt8>, width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) {
        let counts = try Self.counts(of: bytes, atMost: try Self.most(width, height, limits))
        try self.init(counts: counts, width: width, height: height, limits: limits)
    }

    /// No run is longer than the picture.
    private static func most(_ width: Int, _ height: Int, _ limits: Limits) throws(MediaError) -> Int {
        try MaskSize.check(width: width, height: height, limits: limits, field: "size")
        return width * height
    }

    private static func counts(of bytes: Span<UInt8>, atMost most: Int) throws(MediaError) -> [Int] {
        var counts: [Int] = []
        var index = 0
        while index < bytes.count {
            let start = index
            var (number, shift, hasMore) = (0, 0, true)
            while hasMore {
                guard index < bytes.count else {
                    throw malformed("the text ends inside a number", at: index)
                }
                guard case 48...111 = bytes[index] else {
                    throw malformed("byte \(bytes[index]) is no sign of a number", at: index)
                }
                // Twelve parts of five bits are more than any picture has pixels.
                guard shift < 60 else { throw malformed("a number has more than twelve signs", at: start) }
                let part = Int(bytes[index] - 48)
                number |= (part & 31) << shift
                shift += 5
                hasMore = part & 32 != 0
                if !hasMore, part & 16 != 0 { number |= -1 << shift }
                index += 1
            }
            // Both are below 2⁶⁰: the sum fits.
            if counts.count > 2 { number += counts[counts.count - 2] }
            guard number >= 0 else {
                throw MediaError(
                    .rleNegative, "run \(counts.count) has \(number) pixels", hint: "the text was changed or cut",
                    at: .init(field: "counts[\(counts.count)]", offset: start))
            }
            guard number <= most else {
                throw MediaError(
                    .rleLength, "run \(counts.count) has \(number) pixels, the picture \(most)",
                    hint: "check the size; COCO writes it as [height, width]",
                    at: .init(field: "counts[\(counts.count)]", offset: start))
            }
            counts.append(number)
        }
        return counts
    }

    private static func malformed(_ message: String, at offset: Int) -> MediaError {
        MediaError(
            .rleMalformed, message, hint: "the text was changed or cut; compressed runs use the signs 0 to o",
            at: .init(field: "counts", offset: offset))
    }

    /// The lengths as text, as `pycocotools` writes them.
    public var compressed: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(counts.count * 2)
        for (index, count) in counts.enumerated() {
            var rest = index > 2 ? count - counts[index - 2] : count
            var hasMore = true
            while hasMore {
                let part = UInt8(truncatingIfNeeded: rest & 31)
                rest >>= 5
                // Nothing is left when the rest repeats the sign of this part.
                hasMore = part & 16 != 0 ? rest != -1 : rest != 0
                bytes.append((hasMore ? part | 32 : part) + 48)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
