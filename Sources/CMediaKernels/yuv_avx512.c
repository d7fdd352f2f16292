// As yuv_x86.c, 64 pixels at a time: a look-up of bytes puts 16 pixels into place, and 33 beside blue, with a weight that
// makes 16.5 levels of it.
#include "yuv.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "yuv_x86.h"

#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi")))

enum { BLOCK = 64 };

typedef struct {
    __m512i rg, b;
} sixteen_pixels;

// Where the bytes of pixels are: red and green of 16 bits each, blue and something else.
#define RG(i, step) (i) / 4 * (step) + (i) % 4 / 2
#define B(i, step) (i) / 4 * (step) + 2
#define FOUR(m, i, step) m(i, step), m((i) + 1, step), m((i) + 2, step), m((i) + 3, step)
#define SIXTEEN(m, i, step) \
    FOUR(m, i, step), FOUR(m, (i) + 4, step), FOUR(m, (i) + 8, step), FOUR(m, (i) + 12, step)
#define ALL(m, step) {SIXTEEN(m, 0, step), SIXTEEN(m, 16, step), SIXTEEN(m, 32, step), SIXTEEN(m, 48, step)}
static const uint8_t rg_places[2][64] = {ALL(RG, 3), ALL(RG, 4)}, b_places[2][64] = {ALL(B, 3), ALL(B, 4)};

typedef struct {
    __m512i rg, b, back;
} places;

AVX512 INLINE places places_of(size_t channels) {
    return (places){
        _mm512_loadu_si512(rg_places[channels - 3]), _mm512_loadu_si512(b_places[channels - 3]), _mm512_set1_epi8(16)};
}

// The last 16 of 64 pixels of three channels are read from 16 bytes before them, so that no byte behind them is.
AVX512 INLINE sixteen_pixels load_sixteen(const uint8_t *row, size_t channels, size_t i, int is_last, places at) {
    const int back = channels == 3 && is_last;
    const __m512i bytes = _mm512_loadu_si512(row + channels * i - (back ? 16 : 0));
    const __m512i rg = back ? _mm512_add_epi8(at.rg, at.back) : at.rg, b = back ? _mm512_add_epi8(at.b, at.back) : at.b;
    return (sixteen_pixels){
        _mm512_maskz_permutexvar_epi8(0x5555555555555555, rg, bytes),
        _mm512_mask_permutexvar_epi8(_mm512_set1_epi32(33 << 16), 0x1111111111111111, b, bytes)};
}

typedef struct {
    __m512i rg, b;
} weights16;

AVX512 INLINE weights16 broadcast(const int16_t w[3], int other) {
    return (weights16){_mm512_set1_epi32(yuv_pair(w[0], w[1])), _mm512_set1_epi32(yuv_pair(w[2], other))};
}

AVX512 INLINE __m512i weigh(sixteen_pixels p, weights16 w) {
    return _mm512_add_epi32(_mm512_madd_epi16(p.rg, w.rg), _mm512_madd_epi16(p.b, w.b));
}

// Four registers of 16 numbers to 64 bytes in order.
AVX512 INLINE __m512i in_order(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_permutexvar_epi32(order, _mm512_packus_epi16(_mm512_packs_epi32(a, b), _mm512_packs_epi32(c, d)));
}

AVX512 INLINE void luma_of(const sixteen_pixels p[4], weights16 w, uint8_t *out) {
    _mm512_storeu_si512(
        out, in_order(
                 _mm512_srli_epi32(weigh(p[0], w), 15), _mm512_srli_epi32(weigh(p[1], w), 15),
                 _mm512_srli_epi32(weigh(p[2], w), 15), _mm512_srli_epi32(weigh(p[3], w), 15)));
}

AVX512 INLINE __m512i chroma_of(sixteen_pixels p, weights16 w, int bias, unsigned shift) {
    return _mm512_srli_epi32(_mm512_add_epi32(weigh(p, w), _mm512_set1_epi32(bias)), shift);
}

// Columns that stand beside each other, added.
AVX512 INLINE __m512i add_pairs(__m512i a, __m512i b) {
    const __m512 x = _mm512_castsi512_ps(a), y = _mm512_castsi512_ps(b);
    return _mm512_add_epi16(
        _mm512_castps_si512(_mm512_shuffle_ps(x, y, 0x88)), _mm512_castps_si512(_mm512_shuffle_ps(x, y, 0xDD)));
}

// In the quarter L of what is packed, U has the pairs L, L + 4, L + 8 and L + 12, and V behind it.
#define PAIR(j) (j) % 4 * 8 + (j) / 4
#define PAIRS(j, v) PAIR(j) + v, PAIR((j) + 1) + v, PAIR((j) + 2) + v, PAIR((j) + 3) + v
static const uint16_t pair_places[32] = {PAIRS(0, 0), PAIRS(4, 0), PAIRS(8, 0), PAIRS(12, 0),
                                         PAIRS(0, 4), PAIRS(4, 4), PAIRS(8, 4), PAIRS(12, 4)};

AVX512 INLINE void quarter_blocks(
    const uint8_t *first, const uint8_t *second, size_t channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const weights16 y = broadcast(weights->y, 1 << 14), u = broadcast(weights->u, 0), v = broadcast(weights->v, 0);
    const __m512i order = _mm512_loadu_si512(pair_places);
    const places at = places_of(channels);
    FOR_BLOCKS(i, BLOCK, count) {
        sixteen_pixels a[4], b[4], sums[2];
        for (size_t k = 0; k < 4; k++) {
            a[k] = load_sixteen(first, channels, i + 16 * k, k == 3, at);
            b[k] = load_sixteen(second, channels, i + 16 * k, k == 3, at);
        }
        luma_of(a, y, rows->first + i);
        luma_of(b, y, rows->second + i);
        for (size_t k = 0; k < 2; k++) {
            sums[k].rg = add_pairs(
                _mm512_add_epi16(a[2 * k].rg, b[2 * k].rg), _mm512_add_epi16(a[2 * k + 1].rg, b[2 * k + 1].rg));
            sums[k].b = add_pairs(
                _mm512_add_epi16(a[2 * k].b, b[2 * k].b), _mm512_add_epi16(a[2 * k + 1].b, b[2 * k + 1].b));
        }
        const __m512i us = _mm512_packs_epi32(
            chroma_of(sums[0], u, 257 << 17, 18), chroma_of(sums[1], u, 257 << 17, 18));
        const __m512i vs = _mm512_packs_epi32(
            chroma_of(sums[0], v, 257 << 17, 18), chroma_of(sums[1], v, 257 << 17, 18));
        const __m512i both = _mm512_permutexvar_epi16(order, _mm512_packus_epi16(us, vs));
        _mm256_storeu_si256((__m256i *)(rows->u + i / 2), _mm512_castsi512_si256(both));
        _mm256_storeu_si256((__m256i *)(rows->v + i / 2), _mm512_extracti64x4_epi64(both, 1));
    }
}

AVX512 void tm_yuv_quarter_avx512(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const size_t even = count & ~(size_t)1;
    if (channels == 3) quarter_blocks(first, second, 3, even, weights, rows);
    else quarter_blocks(first, second, 4, even, weights, rows);
}

AVX512 INLINE void full_blocks(
    const uint8_t *row, size_t channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    const weights16 wy = broadcast(weights->y, 1 << 14), wu = broadcast(weights->u, 0), wv = broadcast(weights->v, 0);
    const places at = places_of(channels);
    FOR_BLOCKS(i, BLOCK, count) {
        sixteen_pixels p[4];
        __m512i us[4], vs[4];
        for (size_t k = 0; k < 4; k++) {
            p[k] = load_sixteen(row, channels, i + 16 * k, k == 3, at);
            us[k] = chroma_of(p[k], wu, 257 << 15, 16);
            vs[k] = chroma_of(p[k], wv, 257 << 15, 16);
        }
        luma_of(p, wy, y + i);
        _mm512_storeu_si512(u + i, in_order(us[0], us[1], us[2], us[3]));
        _mm512_storeu_si512(v + i, in_order(vs[0], vs[1], vs[2], vs[3]));
    }
}

AVX512 void tm_yuv_full_avx512(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    if (channels == 3) full_blocks(row, 3, count, weights, y, u, v);
    else full_blocks(row, 4, count, weights, y, u, v);
}

#endif
