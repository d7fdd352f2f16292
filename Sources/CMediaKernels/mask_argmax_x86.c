#include "cpu.h"
#include "mask.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "mask_loops.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl")))

// 32 pixels: four comparisons of eight lanes become one of 32 bytes. The packs work within halves of the register, which
// leaves groups of four bytes in the order 0 2 4 6 1 3 5 7.
AVX2 static void argmax_avx2(
    const uint8_t *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7), name = _mm256_set1_epi8((char)number);
    const size_t whole = count & ~(size_t)31;
    uint64_t unordered = 0;
    for (size_t i = 0; i < whole; i += 32) {
        __m256i greater[4];
        uint32_t nan_lanes = 0;
        for (size_t k = 0; k < 4; k++) {
            const __m256 x = _mm256_loadu_ps((const float *)(const void *)(numbers + 4 * i + 32 * k));
            const __m256 b = _mm256_loadu_ps(best + i + 8 * k);
            const __m256 is_greater = _mm256_cmp_ps(x, b, _CMP_GT_OQ);
            nan_lanes = nan_lanes << 8 | (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
            _mm256_storeu_ps(best + i + 8 * k, _mm256_blendv_ps(b, x, is_greater));
            greater[k] = _mm256_castps_si256(is_greater);
        }
        unordered += (uint64_t)__builtin_popcount(nan_lanes);
        const __m256i packed =
            _mm256_packs_epi16(_mm256_packs_epi32(greater[0], greater[1]), _mm256_packs_epi32(greater[2], greater[3]));
        const __m256i mask = _mm256_permutevar8x32_epi32(packed, order);
        const __m256i before = _mm256_loadu_si256((const __m256i *)(index + i));
        _mm256_storeu_si256((__m256i *)(index + i), _mm256_blendv_epi8(before, name, mask));
    }
    *nans += unordered;
    argmax_rest(numbers, whole, count, number, best, index, nans);
}

AVX512 static void argmax_avx512(
    const uint8_t *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    const __m512i name = _mm512_set1_epi8((char)number);
    const size_t whole = count & ~(size_t)63;
    uint64_t unordered = 0;
    for (size_t i = 0; i < whole; i += 64) {
        uint64_t greater = 0, nan_lanes = 0;
        for (size_t k = 0; k < 4; k++) {
            const __m512 x = _mm512_loadu_ps(numbers + 4 * i + 64 * k), b = _mm512_loadu_ps(best + i + 16 * k);
            const __mmask16 is_greater = _mm512_cmp_ps_mask(x, b, _CMP_GT_OQ);
            nan_lanes |= (uint64_t)_mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q) << 16 * k;
            _mm512_storeu_ps(best + i + 16 * k, _mm512_mask_mov_ps(b, is_greater, x));
            greater |= (uint64_t)is_greater << 16 * k;
        }
        unordered += (uint64_t)__builtin_popcountll(nan_lanes);
        _mm512_storeu_si512(index + i, _mm512_mask_mov_epi8(_mm512_loadu_si512(index + i), greater, name));
    }
    *nans += unordered;
    argmax_rest(numbers, whole, count, number, best, index, nans);
}

int tm_argmax_f32(
    const void *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: argmax_avx512(numbers, count, number, best, index, nans); return 1;
    case TM_CPU_AVX2: argmax_avx2(numbers, count, number, best, index, nans); return 1;
    default: return 0;
    }
}

#endif
