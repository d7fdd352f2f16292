// Spectra: one body, compiled for each level of instructions. There are no fused multiplications at any of them.
#include "spectrum_bodies.h"

#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#define PARAMETERS                                                                                              \
    (float *numbers, const float *roots, const float *splits, const int32_t *places, size_t length, float *powers)
#define ARGUMENTS (numbers, roots, splits, places, length, powers)

#if defined(__x86_64__)

// 512 bits gain nothing here: eight lanes are 256.
__attribute__((target("avx2"))) static void spectrum_powers_avx2 PARAMETERS { body_spectrum_powers ARGUMENTS; }

void tm_spectrum_powers PARAMETERS {
    if (tm_cpu_level() >= TM_CPU_AVX2) {
        spectrum_powers_avx2 ARGUMENTS;
    } else {
        body_spectrum_powers ARGUMENTS;
    }
}

#else

void tm_spectrum_powers PARAMETERS { body_spectrum_powers ARGUMENTS; }

#endif
