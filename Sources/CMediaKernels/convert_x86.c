// One body per operation, compiled for each level of instructions; the level is chosen at run time. The bodies are
// plain loops: the compiler's vectoriser does the rest.
#include "convert.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include "convert_bodies.h"
#include "cpu.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2,f16c")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,prefer-256-bit")))
#define LEVELS(NAME, PARAMETERS, ARGUMENTS)                                                                     \
    AVX512 static void NAME##_avx512 PARAMETERS { body_##NAME ARGUMENTS; }                                      \
    AVX2 static void NAME##_avx2 PARAMETERS { body_##NAME ARGUMENTS; }                                          \
    void tm_##NAME PARAMETERS {                                                                                 \
        switch (tm_cpu_level()) {                                                                               \
        case TM_CPU_AVX512: NAME##_avx512 ARGUMENTS; break;                                                     \
        case TM_CPU_AVX2: NAME##_avx2 ARGUMENTS; break;                                                         \
        default: body_##NAME ARGUMENTS; break;                                                                  \
        }                                                                                                       \
    }

// See convert_bytes_x86.c.
#define TM_BYTES_BY_HAND
#include "convert_levels.h"

#endif
