public import MediaCore
import Synchronization

/// Only one test at a time may force a level: it holds for the whole process.
private let forcing = Mutex(())

extension CPULevel {
    /// Runs `body` once at every level that this machine has, while no other test forces one.
    public static func forEachAvailable<E: Error>(_ body: (CPULevel) throws(E) -> Void) throws(E) {
        try forcing.withLock { _ throws(E) in
            defer { CPULevel.force(nil) }
            for level in CPULevel.available {
                CPULevel.force(level)
                try body(level)
            }
        }
    }
}
