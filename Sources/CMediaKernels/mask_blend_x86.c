// Colours of classes over a picture. Where all pixels of a block are of one class, the colour is a constant, and nothing is
// done when it does not show; elsewhere each pixel fetches its own.
#include "cpu.h"
#include "mask.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "mask_loops.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")))

// Which channel a byte belongs to, from any channel on.
static const uint16_t cycle3[34] = {
    0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
static const uint16_t cycle4[34] = {
    0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1};

// colour · a + 127 for each channel.
INLINE void weighted(const uint8_t *entry, uint16_t out[4]) {
    const uint32_t a = entry[3];
    for (int c = 0; c < 4; c++) out[c] = (uint16_t)((c == 3 ? 255u : entry[c]) * a + 127);
}

// n / 255 for n up to 255 · 255 + 127: (n + 1 + n / 256) / 256, which stays within 16 bits.
AVX2 INLINE __m256i divided256(__m256i n) {
    const __m256i sum = _mm256_add_epi16(_mm256_add_epi16(n, _mm256_set1_epi16(1)), _mm256_srli_epi16(n, 8));
    return _mm256_srli_epi16(sum, 8);
}

AVX512 INLINE __m512i divided512(__m512i n) {
    const __m512i sum = _mm512_add_epi16(_mm512_add_epi16(n, _mm512_set1_epi16(1)), _mm512_srli_epi16(n, 8));
    return _mm512_srli_epi16(sum, 8);
}

// MARK: AVX2

// Eight pixels with a fourth byte each, over which their own colours go.
AVX2 INLINE __m256i blend_own256(__m256i base, __m128i ids, const uint8_t *table) {
    const __m256i zero = _mm256_setzero_si256(), full = _mm256_set1_epi16(255), half = _mm256_set1_epi16(127);
    const __m256i splat = _mm256_setr_epi8(
        3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
    const __m256i entries = _mm256_i32gather_epi32((const int *)(const void *)table, _mm256_cvtepu8_epi32(ids), 4);
    const __m256i alpha = _mm256_shuffle_epi8(entries, splat);
    const __m256i colors = _mm256_or_si256(entries, _mm256_set1_epi32((int)0xFF000000));
    __m256i parts[2];
    for (int k = 0; k < 2; k++) {
        const __m256i b = k ? _mm256_unpackhi_epi8(base, zero) : _mm256_unpacklo_epi8(base, zero);
        const __m256i c = k ? _mm256_unpackhi_epi8(colors, zero) : _mm256_unpacklo_epi8(colors, zero);
        const __m256i a = k ? _mm256_unpackhi_epi8(alpha, zero) : _mm256_unpacklo_epi8(alpha, zero);
        const __m256i n = _mm256_add_epi16(
            _mm256_mullo_epi16(b, _mm256_sub_epi16(full, a)), _mm256_add_epi16(_mm256_mullo_epi16(c, a), half));
        parts[k] = divided256(n);
    }
    return _mm256_packus_epi16(parts[0], parts[1]);
}

AVX2 INLINE void own_avx2(const uint8_t *ids, const uint8_t *table, int channels, uint8_t *pixels) {
    const __m128i eight = _mm_loadl_epi64((const __m128i *)ids);
    if (channels == 4) {
        const __m256i base = _mm256_loadu_si256((const __m256i *)pixels);
        _mm256_storeu_si256((__m256i *)pixels, blend_own256(base, eight, table));
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
    const __m256i blended = blend_own256(_mm256_shuffle_epi8(read, spread), eight, table);
    const __m256i packed = _mm256_shuffle_epi8(blended, gathered);
    const __m128i low = _mm256_castsi256_si128(packed), high = _mm256_extracti128_si256(packed, 1);
    // 24 bytes in two stores: 16 with the first four of the upper half, then its other eight.
    _mm_storeu_si128((__m128i *)pixels, _mm_or_si128(low, _mm_slli_si128(high, 12)));
    _mm_storel_epi64((__m128i *)(pixels + 16), _mm_srli_si128(high, 4));
}

AVX2 INLINE void blend_loop_avx2(
    const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    const uint16_t *cycle = channels == 4 ? cycle4 : cycle3;
    __m256i color[3] = {0}, weight = _mm256_setzero_si256();
    int known = -1;
    size_t i = 0;
    for (; count - i >= 32; i += 32) {
        const __m256i block = _mm256_loadu_si256((const __m256i *)(ids + i));
        const uint8_t id = ids[i];
        uint8_t *target = pixels + (size_t)channels * i;
        if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, _mm256_set1_epi8((char)id))) != -1) {
            for (size_t k = 0; k < 32; k += 8) own_avx2(ids + i + k, table, channels, target + (size_t)channels * k);
            continue;
        }
        const uint8_t *entry = table + 4 * (size_t)id;
        if (entry[3] == 0) continue;
        if (known != id) {
            uint16_t words[4], lanes[3][16];
            weighted(entry, words);
            // 16 lanes later the cycle of three is one channel on.
            for (size_t k = 0; k < 3; k++) {
                for (size_t j = 0; j < 16; j++) lanes[k][j] = words[cycle[j + (channels == 4 ? 0 : k)]];
                color[k] = _mm256_loadu_si256((const __m256i *)lanes[k]);
            }
            weight = _mm256_set1_epi16((short)(255 - entry[3]));
            known = id;
        }
        for (size_t k = 0; k < 2 * (size_t)channels; k++, target += 16) {
            const __m256i base = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)target));
            const __m256i n = _mm256_add_epi16(_mm256_mullo_epi16(base, weight), color[k % 3]);
            const __m256i out = divided256(n);
            _mm_storeu_si128(
                (__m128i *)target, _mm_packus_epi16(_mm256_castsi256_si128(out), _mm256_extracti128_si256(out, 1)));
        }
    }
    for (; count - i >= 8; i += 8) own_avx2(ids + i, table, channels, pixels + (size_t)channels * i);
    blend_rest(ids, i, count, table, (size_t)channels, pixels);
}

AVX2 static void blend_avx2(
    const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    if (channels == 4) {
        blend_loop_avx2(ids, count, table, 4, pixels);
    } else {
        blend_loop_avx2(ids, count, table, 3, pixels);
    }
}

// MARK: AVX-512

AVX512 INLINE __m512i blend_own512(__m512i base, __m128i ids, const uint8_t *table) {
    const __m512i zero = _mm512_setzero_si512(), full = _mm512_set1_epi16(255), half = _mm512_set1_epi16(127);
    const __m512i splat = _mm512_set4_epi32(0x0F0F0F0F, 0x0B0B0B0B, 0x07070707, 0x03030303);
    const __m512i entries = _mm512_i32gather_epi32(_mm512_cvtepu8_epi32(ids), table, 4);
    const __m512i alpha = _mm512_shuffle_epi8(entries, splat);
    const __m512i colors = _mm512_or_si512(entries, _mm512_set1_epi32((int)0xFF000000));
    __m512i parts[2];
    for (int k = 0; k < 2; k++) {
        const __m512i b = k ? _mm512_unpackhi_epi8(base, zero) : _mm512_unpacklo_epi8(base, zero);
        const __m512i c = k ? _mm512_unpackhi_epi8(colors, zero) : _mm512_unpacklo_epi8(colors, zero);
        const __m512i a = k ? _mm512_unpackhi_epi8(alpha, zero) : _mm512_unpacklo_epi8(alpha, zero);
        const __m512i n = _mm512_add_epi16(
            _mm512_mullo_epi16(b, _mm512_sub_epi16(full, a)), _mm512_add_epi16(_mm512_mullo_epi16(c, a), half));
        parts[k] = divided512(n);
    }
    return _mm512_packus_epi16(parts[0], parts[1]);
}

// Up to 16 pixels.
AVX512 INLINE void own_avx512(
    const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    // Where byte i of the pixels with a fourth byte comes from, and the way back.
    static const uint8_t spread[64] __attribute__((aligned(64))) = {
        0,  1,  2,  63, 3,  4,  5,  63, 6,  7,  8,  63, 9,  10, 11, 63, 12, 13, 14, 63, 15, 16, 17, 63, 18, 19, 20, 63, 21, 22, 23, 63,
        24, 25, 26, 63, 27, 28, 29, 63, 30, 31, 32, 63, 33, 34, 35, 63, 36, 37, 38, 63, 39, 40, 41, 63, 42, 43, 44, 63, 45, 46, 47, 63};
    static const uint8_t gathered[64] __attribute__((aligned(64))) = {
        0,  1,  2,  4,  5,  6,  8,  9,  10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 32, 33, 34, 36, 37, 38, 40, 41,
        42, 44, 45, 46, 48, 49, 50, 52, 53, 54, 56, 57, 58, 60, 61, 62, 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0};
    const __mmask16 pixel_mask = (__mmask16)((1u << count) - 1);
    const size_t bytes = (size_t)channels * count;
    const __mmask64 byte_mask = bytes == 64 ? ~(__mmask64)0 : ((__mmask64)1 << bytes) - 1;
    const __m128i own = _mm_maskz_loadu_epi8(pixel_mask, ids);
    const __m512i read = _mm512_maskz_loadu_epi8(byte_mask, pixels);
    if (channels == 4) {
        _mm512_mask_storeu_epi8(pixels, byte_mask, blend_own512(read, own, table));
        return;
    }
    const __m512i base = _mm512_permutexvar_epi8(_mm512_load_si512(spread), read);
    const __m512i blended = blend_own512(base, own, table);
    const __m512i packed = _mm512_permutexvar_epi8(_mm512_load_si512(gathered), blended);
    _mm512_mask_storeu_epi8(pixels, byte_mask, packed);
}

AVX512 INLINE void blend_loop_avx512(
    const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    const uint16_t *cycle = channels == 4 ? cycle4 : cycle3;
    __m512i color[3] = {0}, weight = _mm512_setzero_si512();
    int known = -1;
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        const __m512i block = _mm512_loadu_si512(ids + i);
        const uint8_t id = ids[i];
        uint8_t *target = pixels + (size_t)channels * i;
        if (_mm512_cmpneq_epi8_mask(block, _mm512_set1_epi8((char)id)) != 0) {
            for (size_t k = 0; k < 64; k += 16) {
                own_avx512(ids + i + k, 16, table, channels, target + (size_t)channels * k);
            }
            continue;
        }
        const uint8_t *entry = table + 4 * (size_t)id;
        if (entry[3] == 0) continue;
        if (known != id) {
            uint16_t words[4];
            uint64_t four;
            weighted(entry, words);
            memcpy(&four, words, 8);
            const __m512i all = _mm512_set1_epi64((long long)four);
            // 32 lanes later the cycle of three is two channels on.
            for (size_t k = 0; k < 3; k++) {
                color[k] = _mm512_permutexvar_epi16(_mm512_loadu_si512(cycle + (channels == 4 ? 0 : 2 * k % 3)), all);
            }
            weight = _mm512_set1_epi16((short)(255 - entry[3]));
            known = id;
        }
        for (size_t k = 0; k < 2 * (size_t)channels; k++, target += 32) {
            const __m512i base = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)target));
            const __m512i n = _mm512_add_epi16(_mm512_mullo_epi16(base, weight), color[k % 3]);
            _mm256_storeu_si256((__m256i *)target, _mm512_cvtepi16_epi8(divided512(n)));
        }
    }
    for (; i < count; i += 16) {
        const size_t rest = count - i < 16 ? count - i : 16;
        own_avx512(ids + i, rest, table, channels, pixels + (size_t)channels * i);
    }
}

AVX512 static void blend_avx512(
    const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    if (channels == 4) {
        blend_loop_avx512(ids, count, table, 4, pixels);
    } else {
        blend_loop_avx512(ids, count, table, 3, pixels);
    }
}

int tm_mask_blend(const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: blend_avx512(ids, count, table, channels, pixels); return 1;
    case TM_CPU_AVX2: blend_avx2(ids, count, table, channels, pixels); return 1;
    default: return 0;
    }
}

#endif
