// Filters, their scores and the comparison of bytes with those before them. The twins are loops in Swift; the bodies
// here are the same loops, compiled for wider registers, or written out where compilers do not see the pattern.
#include "cpu.h"
#include "png.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#include <immintrin.h>

#include "png_filter_loops.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")))

AVX2 static void filter_avx2(
    int filter, const uint8_t *row, const uint8_t *above, size_t start, size_t count, size_t step, uint8_t *out) {
    size_t i = start;
    if (filter == 4) {
        const __m256i zero = _mm256_setzero_si256();
        for (; i + 32 <= count; i += 32) {
            const __m256i x = _mm256_loadu_si256((const __m256i *)(row + i));
            const __m256i a = _mm256_loadu_si256((const __m256i *)(row + i - step));
            const __m256i b = _mm256_loadu_si256((const __m256i *)(above + i));
            const __m256i c = _mm256_loadu_si256((const __m256i *)(above + i - step));
            const __m256i b_over = _mm256_subs_epu8(b, c), a_over = _mm256_subs_epu8(a, c);
            const __m256i to_a = _mm256_or_si256(b_over, _mm256_subs_epu8(c, b));
            const __m256i to_b = _mm256_or_si256(a_over, _mm256_subs_epu8(c, a));
            const __m256i least = _mm256_min_epu8(to_a, to_b);
            const __m256i apart = _mm256_sub_epi8(_mm256_max_epu8(to_a, to_b), least);
            // Ones where b > c is a > c.
            const __m256i same = _mm256_cmpeq_epi8(_mm256_cmpeq_epi8(b_over, zero), _mm256_cmpeq_epi8(a_over, zero));
            const __m256i to_c = _mm256_or_si256(same, apart);
            const __m256i takes_a = _mm256_cmpeq_epi8(least, to_a);
            const __m256i nearest = _mm256_blendv_epi8(b, a, takes_a);
            const __m256i keeps = _mm256_cmpeq_epi8(_mm256_min_epu8(to_c, least), least);
            _mm256_storeu_si256((__m256i *)(out + i), _mm256_sub_epi8(x, _mm256_blendv_epi8(c, nearest, keeps)));
        }
    }
    filter_loops(filter, row, above, i, count, step, out);
}

AVX512 static void filter_avx512(
    int filter, const uint8_t *row, const uint8_t *above, size_t start, size_t count, size_t step, uint8_t *out) {
    if (filter != 4) {
        filter_loops(filter, row, above, start, count, step, out);
        return;
    }
    for (size_t i = start; i < count; i += 64) {
        const __mmask64 here = count - i >= 64 ? ~0ull : ~0ull >> (64 - (count - i));
        const __m512i x = _mm512_maskz_loadu_epi8(here, row + i);
        const __m512i a = _mm512_maskz_loadu_epi8(here, row + i - step);
        const __m512i b = _mm512_maskz_loadu_epi8(here, above + i);
        const __m512i c = _mm512_maskz_loadu_epi8(here, above + i - step);
        const __mmask64 b_over = _mm512_cmpgt_epu8_mask(b, c), a_over = _mm512_cmpgt_epu8_mask(a, c);
        const __m512i to_a = _mm512_sub_epi8(_mm512_max_epu8(b, c), _mm512_min_epu8(b, c));
        const __m512i to_b = _mm512_sub_epi8(_mm512_max_epu8(a, c), _mm512_min_epu8(a, c));
        const __m512i least = _mm512_min_epu8(to_a, to_b);
        const __m512i apart = _mm512_sub_epi8(_mm512_max_epu8(to_a, to_b), least);
        const __m512i nearest = _mm512_mask_blend_epi8(_mm512_cmplt_epu8_mask(to_b, to_a), a, b);
        const __mmask64 takes_c = _mm512_mask_cmplt_epu8_mask(b_over ^ a_over, apart, least);
        _mm512_mask_storeu_epi8(out + i, here, _mm512_sub_epi8(x, _mm512_mask_blend_epi8(takes_c, nearest, c)));
    }
}

int tm_png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, uint8_t *out) {
    const int level = tm_cpu_level();
    if (level != TM_CPU_AVX2 && level != TM_CPU_AVX512) return 0;
    if (filter <= 0) {
        memcpy(out, row, count);
        return 1;
    }
    const size_t head = step < count ? step : count;
    first_pixel(filter, row, above, head, out);
    if (level == TM_CPU_AVX512) {
        filter_avx512(filter, row, above, head, count, step, out);
    } else {
        filter_avx2(filter, row, above, head, count, step, out);
    }
    return 1;
}

AVX2 static uint64_t score_avx2(const uint8_t *bytes, size_t count) {
    __m256i total = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m256i x = _mm256_abs_epi8(_mm256_loadu_si256((const __m256i *)(bytes + i)));
        total = _mm256_add_epi64(total, _mm256_sad_epu8(x, _mm256_setzero_si256()));
    }
    uint64_t parts[4];
    _mm256_storeu_si256((__m256i *)parts, total);
    return parts[0] + parts[1] + parts[2] + parts[3] + score_rest(bytes, i, count);
}

AVX512 static uint64_t score_avx512(const uint8_t *bytes, size_t count) {
    __m512i total = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        const __m512i x = _mm512_abs_epi8(_mm512_loadu_si512(bytes + i));
        total = _mm512_add_epi64(total, _mm512_sad_epu8(x, _mm512_setzero_si512()));
    }
    return (uint64_t)_mm512_reduce_add_epi64(total) + score_rest(bytes, i, count);
}

int tm_png_score(const uint8_t *bytes, size_t count, uint64_t *score) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: *score = score_avx512(bytes, count); return 1;
    case TM_CPU_AVX2: *score = score_avx2(bytes, count); return 1;
    default: return 0;
    }
}

AVX2 static void equal_mask_avx2(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) {
    for (size_t word = 0; word < words; word++) {
        const uint8_t *here = bytes + 64 * word, *before = here - distance;
        const __m256i low = _mm256_cmpeq_epi8(
            _mm256_loadu_si256((const __m256i *)here), _mm256_loadu_si256((const __m256i *)before));
        const __m256i high = _mm256_cmpeq_epi8(
            _mm256_loadu_si256((const __m256i *)(here + 32)), _mm256_loadu_si256((const __m256i *)(before + 32)));
        mask[word] = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    }
}

AVX512 static void equal_mask_avx512(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) {
    for (size_t word = 0; word < words; word++) {
        const uint8_t *here = bytes + 64 * word;
        mask[word] = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(here), _mm512_loadu_si512(here - distance));
    }
}

int tm_png_equal_mask(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: equal_mask_avx512(bytes, words, distance, mask); return 1;
    case TM_CPU_AVX2: equal_mask_avx2(bytes, words, distance, mask); return 1;
    default: return 0;
    }
}

#endif
