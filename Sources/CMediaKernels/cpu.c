#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

// One word holds everything, so that readers never see a level with the features of another: bit 31 says that it has
// been found, bits 24–27 are the level, bits 0–15 the features. Two threads that come first find the same thing twice.
typedef struct {
    int level;
    uint32_t features;
} capability;

static _Atomic uint32_t detected_word;
static _Atomic uint32_t current_word;

static uint32_t packed(capability found) {
    return 0x80000000u | (uint32_t)found.level << 24 | found.features;
}

static int level_of(uint32_t word) { return (int)(word >> 24 & 0xF); }

// The features that remain when a machine is used at a level.
static uint32_t features_at(int level, uint32_t features) {
    switch (level) {
    case TM_CPU_AVX512: return features;
    case TM_CPU_AVX2: return features & (TM_CPU_HAS_SSE42 | TM_CPU_HAS_PCLMUL | TM_CPU_HAS_SHA);
    case TM_CPU_NEON: return features;
    default: return 0;
    }
}

static int can_run(int machine, int level) {
    if (level == TM_CPU_PORTABLE || level == machine) return 1;
    return machine == TM_CPU_AVX512 && level == TM_CPU_AVX2;
}

#if defined(__x86_64__)

static int all(uint32_t word, uint32_t bits) { return (word & bits) == bits; }

// The register file that the system saves for a thread: without it, the instructions exist and must not be used.
static uint64_t saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

// Bit numbers: Intel's Software Developer's Manual, volume 2, CPUID, leaves 1, 7 and 80000001h; volume 1, 13.1 for XCR0.
static capability machine(void) {
    capability found = {TM_CPU_PORTABLE, 0};
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return found;
    const uint32_t leaf1 = c;
    const uint32_t osxsave = 1u << 27, avx = 1u << 28, fma = 1u << 12, f16c = 1u << 29, popcnt = 1u << 23;
    if (!all(leaf1, osxsave | avx | fma | f16c | popcnt)) return found;
    const uint64_t state = saved_state();
    if ((state & 0x6) != 0x6) return found;
    if (!__get_cpuid(0x80000001u, &a, &b, &c, &d) || !(c & 1u << 5)) return found;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return found;
    if (!all(b, 1u << 3 | 1u << 5 | 1u << 8)) return found;

    found.level = TM_CPU_AVX2;
    if (leaf1 & 1u << 20) found.features |= TM_CPU_HAS_SSE42;
    if (leaf1 & 1u << 1) found.features |= TM_CPU_HAS_PCLMUL;
    if (b & 1u << 29) found.features |= TM_CPU_HAS_SHA;

    // F, DQ, BW, VL, then VBMI, VBMI2; the system must save mask registers and both halves of the ZMM registers.
    if ((state & 0xE6) != 0xE6 || !all(b, 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31) || !all(c, 1u << 1 | 1u << 6)) {
        return found;
    }
    found.level = TM_CPU_AVX512;
    if (c & 1u << 10) found.features |= TM_CPU_HAS_VPCLMUL;
    if (c & 1u << 11) found.features |= TM_CPU_HAS_AVX512VNNI;
    if (c & 1u << 8) found.features |= TM_CPU_HAS_GFNI;
    return found;
}

#elif defined(__aarch64__)

// On Linux the kernel tells; elsewhere, as on every Apple processor, what the compiler's target guarantees is there.
static capability machine(void) {
    capability found = {TM_CPU_NEON, 0};
#if defined(__linux__)
    const unsigned long has = getauxval(AT_HWCAP);
    if (has & HWCAP_CRC32) found.features |= TM_CPU_HAS_CRC32;
    if (has & HWCAP_PMULL) found.features |= TM_CPU_HAS_PMULL;
    if (has & HWCAP_SHA2) found.features |= TM_CPU_HAS_SHA2;
#else
#if defined(__ARM_FEATURE_CRC32)
    found.features |= TM_CPU_HAS_CRC32;
#endif
#if defined(__ARM_FEATURE_AES)
    found.features |= TM_CPU_HAS_PMULL;
#endif
#if defined(__ARM_FEATURE_SHA2)
    found.features |= TM_CPU_HAS_SHA2;
#endif
#endif
    return found;
}

#else

static capability machine(void) { return (capability){TM_CPU_PORTABLE, 0}; }

#endif

static int level_named(const char *name) {
    if (strcmp(name, "portable") == 0) return TM_CPU_PORTABLE;
    if (strcmp(name, "avx2") == 0) return TM_CPU_AVX2;
    if (strcmp(name, "avx512") == 0) return TM_CPU_AVX512;
    if (strcmp(name, "neon") == 0) return TM_CPU_NEON;
    return -1;
}

// Asks the processor and the environment, once; kept out of the way of those who ask afterwards.
__attribute__((noinline)) static uint32_t detect(void) {
    capability found = machine();
    const char *wish = getenv("TENSOR_MEDIA_CPU");
    const int level = wish ? level_named(wish) : -1;
    if (level >= 0 && can_run(found.level, level)) {
        found.features = features_at(level, found.features);
        found.level = level;
    }
    const uint32_t word = packed(found);
    atomic_store_explicit(&detected_word, word, memory_order_relaxed);
    return word;
}

static inline uint32_t detected(void) {
    const uint32_t word = atomic_load_explicit(&detected_word, memory_order_relaxed);
    return word != 0 ? word : detect();
}

static inline uint32_t current(void) {
    const uint32_t word = atomic_load_explicit(&current_word, memory_order_relaxed);
    return word != 0 ? word : detected();
}

int tm_cpu_level(void) { return level_of(current()); }

uint32_t tm_cpu_features(void) { return current() & 0xFFFF; }

int tm_cpu_detected_level(void) { return level_of(detected()); }

int tm_cpu_force_level(int level) {
    const uint32_t found = detected();
    if (level < 0) {
        atomic_store_explicit(&current_word, 0, memory_order_relaxed);
    } else if (can_run(level_of(found), level)) {
        const capability lowered = {level, features_at(level, found & 0xFFFF)};
        atomic_store_explicit(&current_word, packed(lowered), memory_order_relaxed);
    }
    return tm_cpu_level();
}

uint32_t tm_cpu_withhold(uint32_t features) {
    const uint32_t word = current() & ~(features & 0xFFFF);
    atomic_store_explicit(&current_word, word, memory_order_relaxed);
    return word & 0xFFFF;
}
