#include "cpu.h"
#include "palette.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl")))

AVX2 static void nearest_avx2(const float *colors, size_t count, const float color[3], uint32_t *index, float *distance) {
    const __m256 x = _mm256_set1_ps(color[0]), y = _mm256_set1_ps(color[1]), z = _mm256_set1_ps(color[2]);
    const __m256i step = _mm256_set1_epi32(8);
    __m256 least = _mm256_set1_ps(__builtin_inff());
    __m256i number = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), best = number;
    for (size_t i = 0; i < count; i += 8) {
        const __m256 dx = _mm256_sub_ps(x, _mm256_loadu_ps(colors + i));
        const __m256 dy = _mm256_sub_ps(y, _mm256_loadu_ps(colors + 256 + i));
        const __m256 dz = _mm256_sub_ps(z, _mm256_loadu_ps(colors + 512 + i));
        const __m256 d = _mm256_add_ps(
            _mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)), _mm256_mul_ps(dz, dz));
        const __m256 is_less = _mm256_cmp_ps(d, least, _CMP_LT_OQ);
        least = _mm256_blendv_ps(least, d, is_less);
        best = _mm256_blendv_epi8(best, number, _mm256_castps_si256(is_less));
        number = _mm256_add_epi32(number, step);
    }
    float lanes[8];
    uint32_t numbers[8];
    _mm256_storeu_ps(lanes, least);
    _mm256_storeu_si256((__m256i *)(void *)numbers, best);
    size_t lane = 0;
    for (size_t k = 1; k < 8; k++)
        if (lanes[k] < lanes[lane] || (lanes[k] == lanes[lane] && numbers[k] < numbers[lane])) lane = k;
    *index = numbers[lane];
    *distance = lanes[lane];
}

AVX512 static void nearest_avx512(
    const float *colors, size_t count, const float color[3], uint32_t *index, float *distance) {
    const __m512 x = _mm512_set1_ps(color[0]), y = _mm512_set1_ps(color[1]), z = _mm512_set1_ps(color[2]);
    const __m512i step = _mm512_set1_epi32(16);
    __m512 least = _mm512_set1_ps(__builtin_inff());
    __m512i number = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), best = number;
    for (size_t i = 0; i < count; i += 16) {
        const __m512 dx = _mm512_sub_ps(x, _mm512_loadu_ps(colors + i));
        const __m512 dy = _mm512_sub_ps(y, _mm512_loadu_ps(colors + 256 + i));
        const __m512 dz = _mm512_sub_ps(z, _mm512_loadu_ps(colors + 512 + i));
        const __m512 d = _mm512_add_ps(
            _mm512_add_ps(_mm512_mul_ps(dx, dx), _mm512_mul_ps(dy, dy)), _mm512_mul_ps(dz, dz));
        const __mmask16 is_less = _mm512_cmp_ps_mask(d, least, _CMP_LT_OQ);
        least = _mm512_mask_mov_ps(least, is_less, d);
        best = _mm512_mask_mov_epi32(best, is_less, number);
        number = _mm512_add_epi32(number, step);
    }
    const float smallest = _mm512_reduce_min_ps(least);
    const __mmask16 equal = _mm512_cmp_ps_mask(least, _mm512_set1_ps(smallest), _CMP_EQ_OQ);
    *index = (uint32_t)_mm512_mask_reduce_min_epi32(equal, best);
    *distance = smallest;
}

int tm_palette_nearest(const float *colors, size_t count, const float color[3], uint32_t *index, float *distance) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: nearest_avx512(colors, count, color, index, distance); return 1;
    case TM_CPU_AVX2: nearest_avx2(colors, count, color, index, distance); return 1;
    default: return 0;
    }
}

#else

// Four lanes are what the twin in Swift has everywhere.
int tm_palette_nearest(const float *colors, size_t count, const float color[3], uint32_t *index, float *distance) {
    (void)colors, (void)count, (void)color, (void)index, (void)distance;
    return 0;
}

#endif
