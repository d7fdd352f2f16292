// Colours of classes over a picture, 64 pixels at a time; see mask_blend_x86.c. Classes below 64, which are all that most masks
// have, are looked up in registers instead of in the table.
#include "cpu.h"
#include "mask.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "mask_blend.h"

#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")))

// Byte i of 192: which pixel of three channels it belongs to.
#define PIXELS8(i) (i) / 3, ((i) + 1) / 3, ((i) + 2) / 3, ((i) + 3) / 3, ((i) + 4) / 3, ((i) + 5) / 3, ((i) + 6) / 3, ((i) + 7) / 3
#define PIXELS64(i) \
    PIXELS8(i), PIXELS8(i + 8), PIXELS8(i + 16), PIXELS8(i + 24), PIXELS8(i + 32), PIXELS8(i + 40), PIXELS8(i + 48), PIXELS8(i + 56)
static const uint8_t owners3[192] __attribute__((aligned(64))) = {PIXELS64(0), PIXELS64(64), PIXELS64(128)};

// Where byte i of pixels with a fourth byte comes from, and the way back.
static const uint8_t spread[64] __attribute__((aligned(64))) = {
    0,  1,  2,  63, 3,  4,  5,  63, 6,  7,  8,  63, 9,  10, 11, 63, 12, 13, 14, 63, 15, 16, 17, 63, 18, 19, 20, 63, 21, 22, 23, 63,
    24, 25, 26, 63, 27, 28, 29, 63, 30, 31, 32, 63, 33, 34, 35, 63, 36, 37, 38, 63, 39, 40, 41, 63, 42, 43, 44, 63, 45, 46, 47, 63};
static const uint8_t gathered[64] __attribute__((aligned(64))) = {
    0,  1,  2,  4,  5,  6,  8,  9,  10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 32, 33, 34, 36, 37, 38, 40, 41,
    42, 44, 45, 46, 48, 49, 50, 52, 53, 54, 56, 57, 58, 60, 61, 62, 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0};

// m + m / 256 for m = n + 128: its upper byte is (n + 127) / 255 for n up to 255 · 255, and it stays within 16 bits.
AVX512 INLINE __m512i raised(__m512i m) { return _mm512_add_epi16(m, _mm512_srli_epi16(m, 8)); }

// Colours over bytes, each with an amount of its own. Even and odd bytes are taken apart by shifts, which are cheaper than
// unpacking.
AVX512 INLINE __m512i mixed(__m512i base, __m512i color, __m512i alpha) {
    const __m512i low = _mm512_set1_epi16(255), half = _mm512_set1_epi16(128);
    const __m512i rest = _mm512_andnot_si512(alpha, _mm512_set1_epi8(-1));
    const __m512i even = _mm512_add_epi16(
        _mm512_mullo_epi16(_mm512_and_si512(base, low), _mm512_and_si512(rest, low)),
        _mm512_add_epi16(_mm512_mullo_epi16(_mm512_and_si512(color, low), _mm512_and_si512(alpha, low)), half));
    const __m512i odd = _mm512_add_epi16(
        _mm512_mullo_epi16(_mm512_srli_epi16(base, 8), _mm512_srli_epi16(rest, 8)),
        _mm512_add_epi16(_mm512_mullo_epi16(_mm512_srli_epi16(color, 8), _mm512_srli_epi16(alpha, 8)), half));
    // The upper byte of each.
    return _mm512_mask_blend_epi8(0xAAAAAAAAAAAAAAAAu, _mm512_srli_epi16(raised(even), 8), raised(odd));
}

// MARK: Classes in registers

typedef struct {
    __m512i parts[4]; // red, green, blue, a of the classes 0…63
    int is_known;
} planes;

AVX512 static void read_planes(planes *all, const uint8_t *table) {
    uint8_t bytes[4][64];
    for (size_t id = 0; id < 64; id++) {
        for (size_t c = 0; c < 4; c++) bytes[c][id] = table[4 * id + c];
    }
    for (size_t c = 0; c < 4; c++) all->parts[c] = _mm512_loadu_si512(bytes[c]);
    all->is_known = 1;
}

// 64 pixels of classes below 64.
AVX512 INLINE void own_planes(
    __m512i ids, const planes *all, size_t channels, uint64_t edges, uint8_t *pixels) {
    __m512i alpha = _mm512_permutexvar_epi8(ids, all->parts[3]);
    alpha = _mm512_mask_set1_epi8(alpha, edges & _mm512_test_epi8_mask(alpha, alpha), -1);
    const uint64_t every3 = 0x9249249249249249u, every4 = 0x1111111111111111u;
    const __m512i quarter = _mm512_set_epi64(
        0x0F0F0F0F0E0E0E0E, 0x0D0D0D0D0C0C0C0C, 0x0B0B0B0B0A0A0A0A, 0x0909090908080808, 0x0707070706060606,
        0x0505050504040404, 0x0303030302020202, 0x0101010100000000);
    for (size_t k = 0; k < channels; k++) {
        const __m512i owner = channels == 4 ? _mm512_add_epi8(quarter, _mm512_set1_epi8((char)(16 * k)))
                                            : _mm512_load_si512(owners3 + 64 * k);
        const __m512i own = _mm512_permutexvar_epi8(owner, ids), a = _mm512_permutexvar_epi8(owner, alpha);
        // The bytes of red, green and blue. 64 bytes later the cycle of three is one channel on.
        const uint64_t red = channels == 4 ? every4 : k == 0 ? every3 : k == 1 ? every3 << 2 : every3 << 1;
        const uint64_t green = channels == 4 ? every4 << 1 : k == 0 ? every3 << 1 : k == 1 ? every3 : every3 << 2;
        __m512i color = channels == 4 ? _mm512_set1_epi8(-1) : _mm512_permutexvar_epi8(own, all->parts[2]);
        if (channels == 4) color = _mm512_mask_permutexvar_epi8(color, every4 << 2, own, all->parts[2]);
        color = _mm512_mask_permutexvar_epi8(color, red, own, all->parts[0]);
        color = _mm512_mask_permutexvar_epi8(color, green, own, all->parts[1]);
        const __m512i base = _mm512_loadu_si512(pixels + 64 * k);
        _mm512_storeu_si512(pixels + 64 * k, mixed(base, color, a));
    }
}

// Which of 64 pixels are of a class.
AVX512 INLINE uint64_t of_class(const uint8_t *ids, size_t size, size_t id) {
    const __m512i first = _mm512_loadu_si512(ids);
    if (size == 1) return _mm512_cmpeq_epi8_mask(first, _mm512_set1_epi8((char)id));
    const __m512i wanted = _mm512_set1_epi16((short)id);
    return _mm512_cmpeq_epi16_mask(first, wanted)
        | (uint64_t)_mm512_cmpeq_epi16_mask(_mm512_loadu_si512(ids + 64), wanted) << 32;
}

// Numbers 0…3 for the classes of 64 pixels, and their colours; 0 when there are more.
AVX512 INLINE int read_few(
    const uint8_t *ids, size_t size, const uint8_t *table, planes *few, __m512i *numbers) {
    uint32_t entries[4] = {0};
    uint64_t rest = ~(uint64_t)0;
    *numbers = _mm512_setzero_si512();
    for (int k = 0; k < 4 && rest != 0; k++) {
        const size_t id = mask_id(ids, size, (size_t)__builtin_ctzll(rest));
        const uint64_t own = of_class(ids, size, id);
        memcpy(entries + k, table + 4 * id, 4);
        *numbers = _mm512_mask_set1_epi8(*numbers, own, (char)k);
        rest &= ~own;
    }
    if (rest != 0) return 0;
    // Four bytes of each channel, everywhere.
    const __m128i order = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i all =
        _mm512_broadcast_i32x4(_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)entries), order));
    few->parts[0] = _mm512_shuffle_epi32(all, 0x00);
    few->parts[1] = _mm512_shuffle_epi32(all, 0x55);
    few->parts[2] = _mm512_shuffle_epi32(all, 0xAA);
    few->parts[3] = _mm512_shuffle_epi32(all, 0xFF);
    return 1;
}

// MARK: Any class

// Up to 16 pixels.
AVX512 INLINE void own_table(
    const uint8_t *ids, size_t size, size_t count, const uint8_t *table, size_t channels, uint64_t edges,
    uint8_t *pixels) {
    const __m512i splat = _mm512_set4_epi32(0x0F0F0F0F, 0x0B0B0B0B, 0x07070707, 0x03030303);
    const __mmask16 which = (__mmask16)((1u << count) - 1);
    const size_t bytes = channels * count;
    const __mmask64 byte_mask = bytes == 64 ? ~(__mmask64)0 : ((__mmask64)1 << bytes) - 1;
    const __m512i own = size == 1 ? _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(which, ids))
                                  : _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(which, ids));
    const __m512i entries = _mm512_i32gather_epi32(own, table, 4);
    __m512i alpha = _mm512_shuffle_epi8(entries, splat);
    alpha = _mm512_mask_set1_epi32(alpha, (__mmask16)edges & _mm512_test_epi32_mask(alpha, alpha), -1);
    const __m512i colors = _mm512_or_si512(entries, _mm512_set1_epi32((int)0xFF000000));
    const __m512i read = _mm512_maskz_loadu_epi8(byte_mask, pixels);
    if (channels == 4) {
        _mm512_mask_storeu_epi8(pixels, byte_mask, mixed(read, colors, alpha));
        return;
    }
    const __m512i blended = mixed(_mm512_permutexvar_epi8(_mm512_load_si512(spread), read), colors, alpha);
    _mm512_mask_storeu_epi8(
        pixels, byte_mask, _mm512_permutexvar_epi8(_mm512_load_si512(gathered), blended));
}

// MARK: Blocks

// 64 pixels that may be of several classes.
AVX512 INLINE void own_block(
    const uint8_t *ids, size_t size, const uint8_t *table, planes *all, size_t channels, uint64_t edges,
    uint8_t *pixels) {
    __m512i own = _mm512_loadu_si512(ids);
    int is_small;
    if (size == 1) {
        is_small = _mm512_test_epi8_mask(own, _mm512_set1_epi8((char)0xC0)) == 0;
    } else {
        const __m512i more = _mm512_loadu_si512(ids + 64);
        is_small = _mm512_test_epi16_mask(_mm512_or_si512(own, more), _mm512_set1_epi16((short)0xFFC0)) == 0;
        own = _mm512_inserti64x4(
            _mm512_castsi256_si512(_mm512_cvtepi16_epi8(own)), _mm512_cvtepi16_epi8(more), 1);
    }
    if (is_small) {
        if (!all->is_known) read_planes(all, table);
        own_planes(own, all, channels, edges, pixels);
        return;
    }
    planes few;
    if (read_few(ids, size, table, &few, &own)) {
        own_planes(own, &few, channels, edges, pixels);
        return;
    }
    for (size_t k = 0; k < 64; k += 16) {
        own_table(ids + size * k, size, 16, table, channels, edges >> k & 0xFFFF, pixels + channels * k);
    }
}

AVX512 INLINE void blend_loop(
    const uint8_t *ids, size_t size, size_t count, const uint8_t *table, size_t channels, const uint64_t *edges,
    uint8_t *pixels) {
    const uint16_t *cycle = channels == 4 ? cycle4 : cycle3;
    __m512i color[3] = {0}, weight = _mm512_setzero_si512();
    size_t known = SIZE_MAX;
    planes all = {.is_known = 0};
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        const size_t id = mask_id(ids, size, i);
        const uint64_t bits = edges ? edges[i / 64] : 0;
        uint8_t *target = pixels + channels * i;
        if (bits != 0 || ~of_class(ids + size * i, size, id) != 0) {
            own_block(ids + size * i, size, table, &all, channels, bits, target);
            continue;
        }
        const uint8_t *entry = table + 4 * id;
        if (entry[3] == 0) continue;
        if (known != id) {
            uint16_t words[4];
            uint64_t four;
            weighted(entry, entry[3], words);
            memcpy(&four, words, 8);
            const __m512i four_words = _mm512_set1_epi64((long long)four);
            // 32 lanes later the cycle of three is two channels on.
            for (size_t k = 0; k < 3; k++) {
                color[k] = _mm512_permutexvar_epi16(
                    _mm512_loadu_si512(cycle + (channels == 4 ? 0 : 2 * k % 3)), four_words);
            }
            weight = _mm512_set1_epi16((short)(255 - entry[3]));
            known = id;
        }
        for (size_t k = 0; k < 2 * channels; k++, target += 32) {
            const __m512i base = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)target));
            const __m512i m = _mm512_add_epi16(_mm512_mullo_epi16(base, weight), color[k % 3]);
            _mm256_storeu_si256((__m256i *)target, _mm512_cvtepi16_epi8(_mm512_srli_epi16(raised(m), 8)));
        }
    }
    for (; i < count; i += 16) {
        const size_t rest = count - i < 16 ? count - i : 16;
        own_table(
            ids + size * i, size, rest, table, channels, edges ? edges[i / 64] >> i % 64 & 0xFFFF : 0,
            pixels + channels * i);
    }
}

AVX512 void tm_mask_blend_avx512(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels) {
    if (size == 2) {
        if (channels == 4) blend_loop(ids, 2, count, table, 4, edges, pixels);
        else blend_loop(ids, 2, count, table, 3, edges, pixels);
    } else {
        if (channels == 4) blend_loop(ids, 1, count, table, 4, edges, pixels);
        else blend_loop(ids, 1, count, table, 3, edges, pixels);
    }
}

#endif
