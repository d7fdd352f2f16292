import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How a run says how far it is.
enum ProgressStyle: Equatable {
    /// Not at all.
    case none
    /// A line at the bottom of the terminal, drawn again in place.
    case bar
    /// Lines on standard error: the first after so many seconds, then as often; and at the end, if asked for.
    case plain(every: Double, atEnd: Bool)
    /// JSON objects, one per line, on a descriptor.
    case json(Int32)

    /// The style of an option: `bar`, `plain`, `json`, `json:FD`, `none`; where nobody says, a bar on a terminal, and
    /// elsewhere lines every ten seconds, so that a short run says nothing.
    ///
    /// - Throws: `argument.invalid`.
    init(_ option: String?, isQuiet: Bool) throws(MediaError) {
        switch option {
        case nil where isQuiet: self = .none
        case nil:
            let isOnTerminal = Terminal.isTerminal(STDERR_FILENO) && Terminal.isCapable
            self = isOnTerminal ? .bar : .plain(every: 10, atEnd: false)
        case "none"?: self = .none
        case "plain"?: self = .plain(every: 1, atEnd: true)
        case "bar"?:
            // Where no bar can be drawn, lines say the same.
            let isOnTerminal = Terminal.isTerminal(STDERR_FILENO) && Terminal.isCapable
            self = isOnTerminal ? .bar : .plain(every: 1, atEnd: true)
        case "json"?: self = .json(STDERR_FILENO)
        case let text? where text.hasPrefix("json:"):
            guard let descriptor = Int32(text.dropFirst(5)), descriptor >= 0, fcntl(descriptor, F_GETFD) >= 0 else {
                throw MediaError(
                    .argumentInvalid, "\"\(text.dropFirst(5))\" is no open descriptor",
                    hint: "open it in the shell, as in --progress json:3 3>progress.jsonl",
                    at: .init(field: "--progress"))
            }
            self = .json(descriptor)
        case let text?:
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is not known here", hint: "choose bar, plain, json, json:FD or none",
                at: .init(field: "--progress"))
        }
    }
}
