import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory that goes from one file's contents to the next.
///
/// A program that reads file after file would otherwise ask the system for fresh memory each time, whose first touch costs
/// more than reading the file does.
package final class FileBuffers: Sendable {
    /// Memory of the system.
    @safe struct Buffer: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
        let capacity: Int

        /// New memory; `nil` with `errno` when there is none.
        init?(capacity: Int) {
            let base = unsafe mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
            guard let base = unsafe base, unsafe base != MAP_FAILED else { return nil }
            unsafe self.base = unsafe base
            self.capacity = capacity
        }

        /// Gives the memory back to the system.
        func free() { unsafe munmap(base, capacity) }
    }

    private let idle = Mutex<[Buffer]>([])
    private let mostKept: Int

    /// The largest buffer that is kept; larger files are mapped or rare.
    private static let largest = 8 << 20
    /// Capacities are multiples of this, so that files of nearly one size share buffers.
    private static let step = 1 << 16

    /// - Parameter mostKept: how many buffers may wait for the next file.
    package init(mostKept: Int) { self.mostKept = mostKept }

    deinit { idle.withLock { for buffer in $0 { buffer.free() } } }

    /// Memory for `byteCount` bytes with anything in it; `nil` with `errno` when there is none.
    func take(_ byteCount: Int) -> Buffer? {
        let kept = idle.withLock { idle -> Buffer? in
            guard let index = idle.lastIndex(where: { $0.capacity >= byteCount }) else { return nil }
            return idle.remove(at: index)
        }
        if let kept { return kept }
        let capacity = byteCount <= Self.largest ? (byteCount + Self.step - 1) / Self.step * Self.step : byteCount
        return Buffer(capacity: max(capacity, Self.step))
    }

    /// Takes memory back.
    func give(_ buffer: Buffer) {
        guard buffer.capacity <= Self.largest else { return buffer.free() }
        let dropped = idle.withLock { idle -> Buffer? in
            idle.append(buffer)
            // The one that waited longest, which may be too small for the files that come now.
            return idle.count > mostKept ? idle.removeFirst() : nil
        }
        dropped?.free()
    }
}
