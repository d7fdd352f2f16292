#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Powers, from the C library.
enum Power {
    /// `base` to the power of `exponent`; 0 for a base that is not positive.
    static func of(_ base: Double, _ exponent: Double) -> Double { base > 0 ? pow(base, exponent) : 0 }
}
