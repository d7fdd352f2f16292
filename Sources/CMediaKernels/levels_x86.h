// One body per operation, compiled for each level of instructions; the level is chosen at run time.
#ifndef TM_LEVELS_X86_H
#define TM_LEVELS_X86_H

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

#endif
