// Sound at another rate: one body, compiled for each level of instructions. There are no fused multiplications at any of them.
#include "resample_bodies.h"

#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#define ROW_PARAMETERS                                                                                          \
    (const float *row, size_t taps, const float *input, size_t step, float *output, size_t output_step, size_t count)
#define ROW_ARGUMENTS(GROUP) (row, taps, input, step, output, output_step, count, GROUP)
#define BETWEEN_PARAMETERS                                                                                      \
    (const float *table, size_t taps, size_t rows, const float *input, uint64_t phase, uint64_t up, uint64_t down, \
     float *output, size_t output_step, size_t count)
#define BETWEEN_ARGUMENTS(GROUP)                                                                                \
    (table, taps, rows, input, phase, up, down, output, output_step, count, GROUP)

#if defined(__x86_64__)

// Unlike other kernels this one is nothing but sums and products, so that whole registers of 512 bits pay.
#define AVX512 __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl")))
#define AVX2 __attribute__((target("avx2")))

AVX512 static void resample_row_avx512 ROW_PARAMETERS { body_resample_row ROW_ARGUMENTS(4); }
AVX512 static void resample_between_avx512 BETWEEN_PARAMETERS { body_resample_between BETWEEN_ARGUMENTS(4); }
AVX2 static void resample_row_avx2 ROW_PARAMETERS { body_resample_row ROW_ARGUMENTS(4); }
AVX2 static void resample_between_avx2 BETWEEN_PARAMETERS { body_resample_between BETWEEN_ARGUMENTS(2); }

void tm_resample_row ROW_PARAMETERS {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: resample_row_avx512 (row, taps, input, step, output, output_step, count); break;
    case TM_CPU_AVX2: resample_row_avx2 (row, taps, input, step, output, output_step, count); break;
    // Four sums of sixteen lanes would be all the registers that there are.
    default: body_resample_row ROW_ARGUMENTS(2); break;
    }
}

void tm_resample_between BETWEEN_PARAMETERS {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: resample_between_avx512 (table, taps, rows, input, phase, up, down, output, output_step, count); break;
    case TM_CPU_AVX2: resample_between_avx2 (table, taps, rows, input, phase, up, down, output, output_step, count); break;
    default: body_resample_between BETWEEN_ARGUMENTS(1); break;
    }
}

#else

void tm_resample_row ROW_PARAMETERS { body_resample_row ROW_ARGUMENTS(4); }
void tm_resample_between BETWEEN_PARAMETERS { body_resample_between BETWEEN_ARGUMENTS(2); }

#endif
