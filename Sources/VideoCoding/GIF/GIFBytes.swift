import MediaCore

/// Bytes that grow at the end and are used again for the next frame.
///
/// Writers make room first and then store without a check, which an array cannot be asked for in a loop.
@safe
struct GIFBytes: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// How many bytes are in use.
    var count = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

    /// Makes room for `more` bytes behind those in use.
    mutating func reserve(_ more: Int) {
        guard capacity - count < more else { return }
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe moved.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe moved
        capacity = larger
    }

    /// Appends a byte.
    mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count += 1
    }

    /// Appends other bytes.
    mutating func append(_ other: borrowing GIFBytes) {
        reserve(other.count)
        unsafe (base + count).update(from: other.base, count: other.count)
        count += other.count
    }

    /// Appends a number of two bytes, low byte first; only its low 16 bits are written.
    mutating func append(twoBytes value: Int) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    /// Appends `source` in blocks of up to 255 bytes, each behind its length, and the empty block that ends them
    /// (GIF89a, section 15).
    mutating func append(inBlocks source: UnsafePointer<UInt8>, count total: Int) {
        reserve(total + total / 255 + 2)
        var done = 0
        while done < total {
            let length = min(255, total - done)
            unsafe base[count] = UInt8(length)
            unsafe (base + count + 1).update(from: source + done, count: length)
            count += length + 1
            done += length
        }
        append(0)
    }

    /// The bytes in use.
    func withBytes<R, E>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
        return try body(unsafe all.bytes)
    }
}
