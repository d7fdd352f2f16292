import CMediaKernels

/// Which instructions the kernels use.
///
/// Results are the same at every level, to the last bit; only the speed differs.
public enum CPULevel: String, Sendable, CaseIterable {
    /// Plain Swift, compiled for what every CPU of the architecture has.
    case portable
    /// x86-64 with AVX2, BMI1, BMI2, FMA, F16C, LZCNT and POPCNT.
    case avx2
    /// x86-64 with AVX-512 F, BW, VL, DQ, VBMI and VBMI2 as well.
    case avx512
    /// arm64.
    case neon

    /// The level that is in use: what the machine has, or less when the environment variable `TENSOR_MEDIA_CPU`
    /// (`portable`, `avx2`, `avx512` or `neon`) asks for less. The variable is read once.
    public static var current: CPULevel { CPULevel(number: tm_cpu_level()) }

    /// The level of the machine and the environment, whatever a test or benchmark forces.
    public static var detected: CPULevel { CPULevel(number: tm_cpu_detected_level()) }

    /// Every level that can be used here, from the plainest to the detected one.
    public static var available: [CPULevel] {
        switch detected {
        case .portable: [.portable]
        case .avx2: [.portable, .avx2]
        case .avx512: [.portable, .avx2, .avx512]
        case .neon: [.portable, .neon]
        }
    }

    /// Makes the kernels of every thread use `level` until the next call; `nil` goes back to the detected one.
    ///
    /// For tests and benchmarks. A level that is not ``available`` changes nothing.
    package static func force(_ level: CPULevel?) {
        _ = tm_cpu_force_level(level?.number ?? -1)
    }

    private init(number: Int32) {
        self = Self.allCases.first { $0.number == number } ?? .portable
    }

    private var number: Int32 {
        switch self {
        case .portable: Int32(TM_CPU_PORTABLE)
        case .avx2: Int32(TM_CPU_AVX2)
        case .avx512: Int32(TM_CPU_AVX512)
        case .neon: Int32(TM_CPU_NEON)
        }
    }
}
