#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is known about the terminal behind a descriptor.
enum Terminal {
    /// Whether a descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// A variable of the environment.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Whether the terminal moves its cursor and knows colours: TERM says so.
    static var isCapable: Bool { !["", "dumb"].contains(variable("TERM") ?? "") }

    /// Whether people want colours (no-color.org) and the terminal has them.
    static var hasColors: Bool { isCapable && (variable("NO_COLOR") ?? "").isEmpty }

    /// How large a terminal is: in characters, and in pixels where it says so.
    struct Size {
        var columns = 80, rows = 24
        var width = 0, height = 0
    }

    /// The size now; 80×24 for a descriptor that is no terminal.
    static func size(_ descriptor: Int32) -> Size {
        var window = winsize()
        var size = Size()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 else { return size }
        if window.ws_col > 0 { size.columns = Int(window.ws_col) }
        if window.ws_row > 0 { size.rows = Int(window.ws_row) }
        size.width = Int(window.ws_xpixel)
        size.height = Int(window.ws_ypixel)
        return size
    }

    /// Writes all of a text; gives back `errno`, or 0.
    static func write(_ text: String, to descriptor: Int32) -> Int32 { write(Array(text.utf8), to: descriptor) }

    /// Writes all bytes; gives back `errno`, or 0.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return errno }
            start += max(0, count)
        }
        return 0
    }
}

/// The system's `write`, which a method of the same name hides.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
