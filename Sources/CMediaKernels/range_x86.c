// Extremes of floats. The loop is plain: what it needs is the minimum of 32-bit integers, which x86-64 has from SSE4.1 on.
#include "cpu.h"
#include "range.h"

#include <string.h>

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,prefer-256-bit")))

static inline __attribute__((always_inline)) void range_f32(
    const char *numbers, size_t count, int32_t *low, int32_t *high) {
    int32_t least = *low, greatest = *high;
    for (size_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, numbers + 4 * i, 4);
        bits ^= (bits >> 31) & INT32_MAX;
        least = bits < least ? bits : least;
        greatest = bits > greatest ? bits : greatest;
    }
    *low = least;
    *high = greatest;
}

AVX512 static void range_f32_avx512(const char *numbers, size_t count, int32_t *low, int32_t *high) {
    range_f32(numbers, count, low, high);
}

AVX2 static void range_f32_avx2(const char *numbers, size_t count, int32_t *low, int32_t *high) {
    range_f32(numbers, count, low, high);
}

int tm_range_f32(const void *numbers, size_t count, int32_t *low, int32_t *high) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: range_f32_avx512(numbers, count, low, high); return 1;
    case TM_CPU_AVX2: range_f32_avx2(numbers, count, low, high); return 1;
    default: return 0;
    }
}

#endif
