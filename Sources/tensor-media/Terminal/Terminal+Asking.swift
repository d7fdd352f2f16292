#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Terminal {
    /// Asks the terminal something and gives back its answer, up to the byte that ends it; `nil` when it does not answer in
    /// time, or cannot be asked.
    ///
    /// Nothing is asked unless standard input and output are terminals, the program is in the foreground, and nothing was
    /// typed that is not read yet: an answer could not be told from it. Nothing is echoed meanwhile, and what comes late is
    /// thrown away.
    static func ask(_ question: String, endingWith end: UInt8, milliseconds: Int) -> [UInt8]? {
        let terminal = STDIN_FILENO
        guard isTerminal(terminal), isTerminal(STDOUT_FILENO), isInForeground(terminal) else { return nil }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return nil }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ICANON | ECHO)
        quiet.setMinimum(0)
        guard tcsetattr(terminal, TCSANOW, &quiet) == 0 else { return nil }
        defer { tcsetattr(terminal, TCSANOW, &before) }
        var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) == 0, write(question, to: STDOUT_FILENO) == 0 else { return nil }
        var answer: [UInt8] = []
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while answer.count < 256 {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0, poll(&waiting, 1, Int32(left.rounded(.up))) > 0 else { break }
            var byte: UInt8 = 0
            // One at a time: what is typed after the answer belongs to the shell.
            guard read(terminal, &byte, 1) == 1 else { break }
            answer.append(byte)
            if byte == end { return answer }
        }
        tcflush(terminal, TCIFLUSH)
        return nil
    }
}

extension Terminal {
    /// Whether the terminal is the program's: it is in the foreground there, or the terminal does not control it.
    static func isInForeground(_ terminal: Int32) -> Bool {
        let group = tcgetpgrp(terminal)
        return group == getpgrp() || (group < 0 && errno == ENOTTY)
    }
}

extension termios {
    /// How many bytes a read waits for, without a limit in time.
    fileprivate mutating func setMinimum(_ count: UInt8) {
        withUnsafeMutableBytes(of: &c_cc) { bytes in
            bytes[Int(VMIN)] = count
            bytes[Int(VTIME)] = 0
        }
    }
}
