// Which instructions the kernels may use: found once, lowered by the environment, forced lower by tests and benchmarks.
#ifndef TM_CPU_H
#define TM_CPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Levels of x86-64 are in order: what one can run, the ones above it can too. On arm64 there are two, portable and neon.
enum {
    TM_CPU_PORTABLE = 0, // what the compiler's target guarantees; no kernel that needs to ask
    TM_CPU_AVX2 = 1,     // AVX2, BMI1, BMI2, FMA, F16C, LZCNT, POPCNT
    TM_CPU_AVX512 = 2,   // and AVX-512 F, BW, VL, DQ, VBMI, VBMI2
    TM_CPU_NEON = 3,     // arm64
};

// Single instructions that not every CPU of a level has. They count as part of a level: below it their bit is clear.
enum {
    TM_CPU_HAS_SSE42 = 1 << 0,      // avx2: the crc32 instruction
    TM_CPU_HAS_PCLMUL = 1 << 1,     // avx2: carry-less multiplication, 128 bits
    TM_CPU_HAS_SHA = 1 << 2,        // avx2: the SHA extensions
    TM_CPU_HAS_VPCLMUL = 1 << 3,    // avx512: carry-less multiplication, 512 bits
    TM_CPU_HAS_AVX512VNNI = 1 << 4, // avx512: 8-bit dot products
    TM_CPU_HAS_GFNI = 1 << 5,       // avx512: bit matrices
    TM_CPU_HAS_CRC32 = 1 << 6,      // neon: the crc32 and crc32c instructions
    TM_CPU_HAS_PMULL = 1 << 7,      // neon: carry-less multiplication, 128 bits
    TM_CPU_HAS_SHA2 = 1 << 8,       // neon: the SHA-256 instructions
};

// The level that kernels use now.
int tm_cpu_level(void);

// The single instructions that kernels may use now: TM_CPU_HAS_… bits.
uint32_t tm_cpu_features(void);

// The level of this machine, lowered by the environment variable TENSOR_MEDIA_CPU (portable, avx2, avx512, neon).
// A name that is unknown, or above what the machine has, changes nothing.
int tm_cpu_detected_level(void);

// Makes kernels on every thread use `level` from now on; a level that this machine does not have is not taken.
// A negative level goes back to the detected one. Returns the level that is now in use. For tests and benchmarks.
int tm_cpu_force_level(int level);

// Makes kernels do without these single instructions, TM_CPU_HAS_… bits, until a level is forced again. Returns those
// that remain. For tests: what runs without them runs on few machines.
uint32_t tm_cpu_withhold(uint32_t features);

#ifdef __cplusplus
}
#endif
#endif
