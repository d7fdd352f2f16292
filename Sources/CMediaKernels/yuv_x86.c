// Pixels to YUV in 16-bit numbers, two of which are multiplied and added at a time: red with green, blue with nothing.
#include "cpu.h"
#include "yuv.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "yuv_x86.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

enum { BLOCK = 32 };

// Eight pixels, four in each half of a register.
typedef struct {
    __m256i rg, b;
} eight_pixels;

// Pixels `i` to i + 3 and those eight further on. Of three channels the latter are read from four bytes before them, so that
// the last of 32 pixels is read from no byte behind it.
AVX2 INLINE eight_pixels load_eight(const uint8_t *row, size_t channels, size_t i) {
    const size_t back = channels == 3 ? 4 : 0;
    const __m256i bytes = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(row + channels * i))),
        _mm_loadu_si128((const __m128i *)(row + channels * (i + 8) - back)), 1);
    const __m256i three_rg = _mm256_setr_epi8(
        0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1, 4, -1, 5, -1, 7, -1, 8, -1, 10, -1, 11, -1, 13, -1, 14, -1);
    const __m256i three_b = _mm256_setr_epi8(
        2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1, 12, -1, -1, -1, 15, -1,
        -1, -1);
    const __m256i four_rg = _mm256_setr_epi8(
        0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1, 0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1);
    const __m256i four_b = _mm256_setr_epi8(
        2, -1, -1, -1, 6, -1, -1, -1, 10, -1, -1, -1, 14, -1, -1, -1, 2, -1, -1, -1, 6, -1, -1, -1, 10, -1, -1, -1, 14, -1,
        -1, -1);
    return (eight_pixels){
        _mm256_shuffle_epi8(bytes, channels == 3 ? three_rg : four_rg),
        _mm256_shuffle_epi8(bytes, channels == 3 ? three_b : four_b)};
}

// The weights of a kind, and what is added to their sums.
typedef struct {
    __m256i rg, b, bias;
} weights8;

AVX2 INLINE weights8 broadcast(const int16_t w[3], int bias) {
    return (weights8){_mm256_set1_epi32(yuv_pair(w[0], w[1])), _mm256_set1_epi32(yuv_pair(w[2], 0)), _mm256_set1_epi32(bias)};
}

AVX2 INLINE __m256i weigh(eight_pixels p, weights8 w) {
    return _mm256_add_epi32(_mm256_add_epi32(_mm256_madd_epi16(p.rg, w.rg), _mm256_madd_epi16(p.b, w.b)), w.bias);
}

// 32 pixels as load_eight orders them, to bytes in order.
AVX2 INLINE __m256i in_order(__m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
    return _mm256_permute4x64_epi64(bytes, 0xD8);
}

AVX2 INLINE void luma_of(const eight_pixels p[4], weights8 w, uint8_t *out) {
    _mm256_storeu_si256(
        (__m256i *)out, in_order(
                            _mm256_srli_epi32(weigh(p[0], w), 15), _mm256_srli_epi32(weigh(p[1], w), 15),
                            _mm256_srli_epi32(weigh(p[2], w), 15), _mm256_srli_epi32(weigh(p[3], w), 15)));
}

// Columns that stand beside each other, added.
AVX2 INLINE __m256i add_pairs(__m256i a, __m256i b) {
    const __m256 x = _mm256_castsi256_ps(a), y = _mm256_castsi256_ps(b);
    return _mm256_add_epi16(
        _mm256_castps_si256(_mm256_shuffle_ps(x, y, 0x88)), _mm256_castps_si256(_mm256_shuffle_ps(x, y, 0xDD)));
}

AVX2 INLINE void quarter_blocks(
    const uint8_t *first, const uint8_t *second, size_t channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const weights8 y = broadcast(weights->y, 33 << 14);
    const weights8 u = broadcast(weights->u, 257 << 17), v = broadcast(weights->v, 257 << 17);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    FOR_BLOCKS(i, BLOCK, count) {
        eight_pixels a[4], b[4], sums[2];
        for (size_t k = 0; k < 4; k++) {
            const size_t column = i + 16 * (k / 2) + 4 * (k % 2);
            a[k] = load_eight(first, channels, column);
            b[k] = load_eight(second, channels, column);
        }
        luma_of(a, y, rows->first + i);
        luma_of(b, y, rows->second + i);
        for (size_t k = 0; k < 2; k++) {
            sums[k].rg = add_pairs(
                _mm256_add_epi16(a[2 * k].rg, b[2 * k].rg), _mm256_add_epi16(a[2 * k + 1].rg, b[2 * k + 1].rg));
            sums[k].b = add_pairs(
                _mm256_add_epi16(a[2 * k].b, b[2 * k].b), _mm256_add_epi16(a[2 * k + 1].b, b[2 * k + 1].b));
        }
        const __m256i us = _mm256_packs_epi32(
            _mm256_srli_epi32(weigh(sums[0], u), 18), _mm256_srli_epi32(weigh(sums[1], u), 18));
        const __m256i vs = _mm256_packs_epi32(
            _mm256_srli_epi32(weigh(sums[0], v), 18), _mm256_srli_epi32(weigh(sums[1], v), 18));
        const __m256i both = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(us, vs), order);
        _mm_storeu_si128((__m128i *)(rows->u + i / 2), _mm256_castsi256_si128(both));
        _mm_storeu_si128((__m128i *)(rows->v + i / 2), _mm256_extracti128_si256(both, 1));
    }
}

AVX2 static void quarter_avx2(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const size_t even = count & ~(size_t)1, start = even < BLOCK ? 0 : even;
    if (channels == 3) {
        quarter_blocks(first, second, 3, even, weights, rows);
        quarter_rest(first, second, 3, start, count, weights, rows);
    } else {
        quarter_blocks(first, second, 4, even, weights, rows);
        quarter_rest(first, second, 4, start, count, weights, rows);
    }
}

int tm_yuv_quarter(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const int level = tm_cpu_level();
    if (level == TM_CPU_PORTABLE) return 0;
    if (level == TM_CPU_AVX512 && count >= 64) {
        tm_yuv_quarter_avx512(first, second, channels, count, weights, rows);
        quarter_rest(first, second, (size_t)channels, count & ~(size_t)1, count, weights, rows);
    } else {
        quarter_avx2(first, second, channels, count, weights, rows);
    }
    return 1;
}

// MARK: 4:4:4

AVX2 INLINE void full_blocks(
    const uint8_t *row, size_t channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    const weights8 wy = broadcast(weights->y, 33 << 14);
    const weights8 wu = broadcast(weights->u, 257 << 15), wv = broadcast(weights->v, 257 << 15);
    FOR_BLOCKS(i, BLOCK, count) {
        eight_pixels p[4];
        __m256i us[4], vs[4];
        for (size_t k = 0; k < 4; k++) {
            p[k] = load_eight(row, channels, i + 16 * (k / 2) + 4 * (k % 2));
            us[k] = _mm256_srli_epi32(weigh(p[k], wu), 16);
            vs[k] = _mm256_srli_epi32(weigh(p[k], wv), 16);
        }
        luma_of(p, wy, y + i);
        _mm256_storeu_si256((__m256i *)(u + i), in_order(us[0], us[1], us[2], us[3]));
        _mm256_storeu_si256((__m256i *)(v + i), in_order(vs[0], vs[1], vs[2], vs[3]));
    }
}

AVX2 static void full_avx2(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    const size_t start = count < BLOCK ? 0 : count;
    if (channels == 3) {
        full_blocks(row, 3, count, weights, y, u, v);
        full_rest(row, 3, start, count, weights, y, u, v);
    } else {
        full_blocks(row, 4, count, weights, y, u, v);
        full_rest(row, 4, start, count, weights, y, u, v);
    }
}

int tm_yuv_full(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    const int level = tm_cpu_level();
    if (level == TM_CPU_PORTABLE) return 0;
    if (level == TM_CPU_AVX512 && count >= 64) tm_yuv_full_avx512(row, channels, count, weights, y, u, v);
    else full_avx2(row, channels, count, weights, y, u, v);
    return 1;
}

// MARK: Gray and opacity

// The rounding multiplication gives (weight * sample + 16384) >> 15.
AVX2 static void gray_avx2(const uint8_t *row, size_t count, int weight, uint8_t *y) {
    const __m256i w = _mm256_set1_epi16((short)weight), black = _mm256_set1_epi16(16);
    FOR_BLOCKS(i, BLOCK, count) {
        const __m256i low = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
        const __m256i high = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i + 16)));
        const __m256i bytes = _mm256_packus_epi16(
            _mm256_add_epi16(_mm256_mulhrs_epi16(low, w), black), _mm256_add_epi16(_mm256_mulhrs_epi16(high, w), black));
        _mm256_storeu_si256((__m256i *)(y + i), _mm256_permute4x64_epi64(bytes, 0xD8));
    }
    gray_rest(row, count < BLOCK ? 0 : count, count, weight, y);
}

int tm_yuv_gray(const uint8_t *row, size_t count, int weight, uint8_t *y) {
    if (tm_cpu_level() == TM_CPU_PORTABLE) return 0;
    gray_avx2(row, count, weight, y);
    return 1;
}

AVX2 static void alpha_avx2(const uint8_t *row, size_t count, uint8_t *alpha) {
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    FOR_BLOCKS(i, BLOCK, count) {
        __m256i p[4];
        for (size_t k = 0; k < 4; k++) {
            p[k] = _mm256_srli_epi32(_mm256_loadu_si256((const __m256i *)(row + 4 * i + 32 * k)), 24);
        }
        const __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(p[0], p[1]), _mm256_packs_epi32(p[2], p[3]));
        _mm256_storeu_si256((__m256i *)(alpha + i), _mm256_permutevar8x32_epi32(bytes, order));
    }
    alpha_rest(row, count < BLOCK ? 0 : count, count, alpha);
}

int tm_yuv_alpha(const uint8_t *row, size_t count, uint8_t *alpha) {
    if (tm_cpu_level() == TM_CPU_PORTABLE) return 0;
    alpha_avx2(row, count, alpha);
    return 1;
}

#endif
