import CMediaKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The processors of this machine.
package enum Processors {
    /// How many of them this process may run on: what `taskset` and containers allow, not what the machine has.
    package static var available: Int {
        #if os(Linux)
            let count = Int(tm_allowed_processors())
            if count > 0 { return count }
        #endif
        return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}
