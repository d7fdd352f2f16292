// Colours of classes over a picture. Where all pixels of a block are of one class, the colour is a constant, and nothing is
// done when it does not show; elsewhere each pixel fetches its own.
#include "cpu.h"
#include "mask.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "mask_blend.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

// (n + 127) / 255 for n up to 255 · 255, given n + 128: (m + m / 256) / 256, which stays within 16 bits.
AVX2 INLINE __m256i divided(__m256i m) {
    return _mm256_srli_epi16(_mm256_add_epi16(m, _mm256_srli_epi16(m, 8)), 8);
}

AVX2 INLINE __m256i eight_ids(const uint8_t *ids, size_t size) {
    if (size == 1) return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)ids));
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)ids));
}

// Eight pixels with a fourth byte each, over which their own colours go. The low eight bits of `edges` are theirs.
AVX2 INLINE __m256i own_colors(__m256i base, __m256i ids, const uint8_t *table, uint32_t edges) {
    const __m256i zero = _mm256_setzero_si256(), full = _mm256_set1_epi16(255), half = _mm256_set1_epi16(128);
    const __m256i splat = _mm256_setr_epi8(
        3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
    const __m256i entries = _mm256_i32gather_epi32((const int *)(const void *)table, ids, 4);
    __m256i alpha = _mm256_shuffle_epi8(entries, splat);
    if (edges) {
        const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
        const __m256i isEdge = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)edges), bits), bits);
        alpha = _mm256_or_si256(alpha, _mm256_andnot_si256(_mm256_cmpeq_epi8(alpha, zero), isEdge));
    }
    const __m256i colors = _mm256_or_si256(entries, _mm256_set1_epi32((int)0xFF000000));
    __m256i parts[2];
    for (int k = 0; k < 2; k++) {
        const __m256i b = k ? _mm256_unpackhi_epi8(base, zero) : _mm256_unpacklo_epi8(base, zero);
        const __m256i c = k ? _mm256_unpackhi_epi8(colors, zero) : _mm256_unpacklo_epi8(colors, zero);
        const __m256i a = k ? _mm256_unpackhi_epi8(alpha, zero) : _mm256_unpacklo_epi8(alpha, zero);
        parts[k] = divided(_mm256_add_epi16(
            _mm256_mullo_epi16(b, _mm256_sub_epi16(full, a)), _mm256_add_epi16(_mm256_mullo_epi16(c, a), half)));
    }
    return _mm256_packus_epi16(parts[0], parts[1]);
}

AVX2 INLINE void own_eight(
    const uint8_t *ids, size_t size, const uint8_t *table, size_t channels, uint32_t edges, uint8_t *pixels) {
    const __m256i eight = eight_ids(ids, size);
    if (channels == 4) {
        const __m256i base = _mm256_loadu_si256((const __m256i *)pixels);
        _mm256_storeu_si256((__m256i *)pixels, own_colors(base, eight, table, edges));
        return;
    }
    // Four pixels in each half of the register: bytes 0…11 of the first 16 that are read, 4…15 of those read from byte 8 on.
    const __m256i spread = _mm256_setr_epi8(
        0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, 4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
    const __m256i gathered = _mm256_setr_epi8(
        0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m256i read = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)pixels)),
        _mm_loadu_si128((const __m128i *)(pixels + 8)), 1);
    const __m256i blended = own_colors(_mm256_shuffle_epi8(read, spread), eight, table, edges);
    const __m256i packed = _mm256_shuffle_epi8(blended, gathered);
    const __m128i low = _mm256_castsi256_si128(packed), high = _mm256_extracti128_si256(packed, 1);
    // 24 bytes in two stores: 16 with the first four of the upper half, then its other eight.
    _mm_storeu_si128((__m128i *)pixels, _mm_or_si128(low, _mm_slli_si128(high, 12)));
    _mm_storel_epi64((__m128i *)(pixels + 16), _mm_srli_si128(high, 4));
}

// Whether 32 pixels are of one class.
AVX2 INLINE int is_one(const uint8_t *ids, size_t size, size_t id) {
    const __m256i wanted = size == 1 ? _mm256_set1_epi8((char)id) : _mm256_set1_epi16((short)id);
    __m256i other = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)ids), wanted);
    if (size == 2) {
        other = _mm256_or_si256(other, _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(ids + 32)), wanted));
    }
    return _mm256_testz_si256(other, other);
}

AVX2 INLINE void blend_loop(
    const uint8_t *ids, size_t size, size_t count, const uint8_t *table, size_t channels, const uint64_t *edges,
    uint8_t *pixels) {
    const uint16_t *cycle = channels == 4 ? cycle4 : cycle3;
    __m256i color[3] = {0}, weight = _mm256_setzero_si256();
    size_t known = SIZE_MAX;
    size_t i = 0;
    for (; count - i >= 32; i += 32) {
        const size_t id = mask_id(ids, size, i);
        const uint32_t bits = edges ? (uint32_t)(edges[i / 64] >> i % 64) : 0;
        uint8_t *target = pixels + channels * i;
        if (bits != 0 || !is_one(ids + size * i, size, id)) {
            for (size_t k = 0; k < 32; k += 8) {
                own_eight(ids + size * (i + k), size, table, channels, bits >> k & 0xFF, target + channels * k);
            }
            continue;
        }
        const uint8_t *entry = table + 4 * id;
        if (entry[3] == 0) continue;
        if (known != id) {
            uint16_t words[4], lanes[3][16];
            weighted(entry, entry[3], words);
            // 16 lanes later the cycle of three is one channel on.
            for (size_t k = 0; k < 3; k++) {
                for (size_t j = 0; j < 16; j++) lanes[k][j] = words[cycle[j + (channels == 4 ? 0 : k)]];
                color[k] = _mm256_loadu_si256((const __m256i *)lanes[k]);
            }
            weight = _mm256_set1_epi16((short)(255 - entry[3]));
            known = id;
        }
        for (size_t k = 0; k < 2 * channels; k++, target += 16) {
            const __m256i base = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)target));
            const __m256i out = divided(_mm256_add_epi16(_mm256_mullo_epi16(base, weight), color[k % 3]));
            _mm_storeu_si128(
                (__m128i *)target, _mm_packus_epi16(_mm256_castsi256_si128(out), _mm256_extracti128_si256(out, 1)));
        }
    }
    for (; count - i >= 8; i += 8) {
        const uint32_t bits = edges ? (uint32_t)(edges[i / 64] >> i % 64) & 0xFF : 0;
        own_eight(ids + size * i, size, table, channels, bits, pixels + channels * i);
    }
    blend_rest(ids, size, i, count, table, channels, edges, pixels);
}

AVX2 static void blend_avx2(
    const uint8_t *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges,
    uint8_t *pixels) {
    if (size == 2) {
        if (channels == 4) blend_loop(ids, 2, count, table, 4, edges, pixels);
        else blend_loop(ids, 2, count, table, 3, edges, pixels);
    } else {
        if (channels == 4) blend_loop(ids, 1, count, table, 4, edges, pixels);
        else blend_loop(ids, 1, count, table, 3, edges, pixels);
    }
}

int tm_mask_blend(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: tm_mask_blend_avx512(ids, size, count, table, channels, edges, pixels); return 1;
    case TM_CPU_AVX2: blend_avx2(ids, size, count, table, channels, edges, pixels); return 1;
    default: return 0;
    }
}

#endif
