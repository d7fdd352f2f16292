#include "checksum.h"
#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <immintrin.h>

// RFC 1950, 8.2: a is 1 plus the sum of the bytes, b the sum of all values of a; both modulo 65521. Over a group of n
// bytes b grows by n·a + Σ (n − i)·byte[i], so a group costs a sum of bytes and a dot product with n … 1; the n·a are
// collected as a running sum of a, multiplied at the end of a chunk. No lane overflows within a chunk of 5,504 bytes:
// the dot products reach 5504/32 · 255 · (32 + 31 + 30 + 29) < 2^23 in a lane, the running sums 172 · 5504 · 255 < 2^28,
// and everything added up, 5504·65520 + 255·5504·5505/2, stays under 2^32.
enum { MODULUS = 65521, CHUNK = 5504 };

__attribute__((always_inline, target("avx2"))) static inline uint32_t sum256(__m256i v) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(half);
}

__attribute__((target("avx2"))) static size_t adler_avx2(uint32_t *adler, const uint8_t *bytes, size_t count) {
    const __m256i weights = _mm256_set_epi8(
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32);
    const __m256i ones = _mm256_set1_epi16(1), zero = _mm256_setzero_si256();
    uint32_t a = *adler & 0xFFFF, b = *adler >> 16;
    const size_t whole = count & ~(size_t)31;
    for (size_t at = 0; at < whole;) {
        const size_t length = whole - at < CHUNK ? whole - at : CHUNK;
        __m256i sums = zero, earlier = zero, dots = zero;
        for (const uint8_t *p = bytes + at, *end = p + length; p < end; p += 32) {
            const __m256i v = _mm256_loadu_si256((const __m256i *)p);
            earlier = _mm256_add_epi32(earlier, sums);
            sums = _mm256_add_epi32(sums, _mm256_sad_epu8(v, zero));
            dots = _mm256_add_epi32(dots, _mm256_madd_epi16(_mm256_maddubs_epi16(v, weights), ones));
        }
        b = (b + (uint32_t)length * a + 32 * sum256(earlier) + sum256(dots)) % MODULUS;
        a = (a + sum256(sums)) % MODULUS;
        at += length;
    }
    *adler = b << 16 | a;
    return whole;
}

__attribute__((target("avx512f,avx512bw"))) static size_t
adler_avx512(uint32_t *adler, const uint8_t *bytes, size_t count) {
    // Weights 64 … 1 would overflow the 16-bit products (2 · 64 · 255); 32 … 1 twice, and the first half 32 times more.
    static const uint8_t falling[64] __attribute__((aligned(64))) = {
        32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
        32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    };
    const __m512i weights = _mm512_load_si512(falling), ones = _mm512_set1_epi16(1), zero = _mm512_setzero_si512();
    uint32_t a = *adler & 0xFFFF, b = *adler >> 16;
    const size_t whole = count & ~(size_t)63;
    for (size_t at = 0; at < whole;) {
        const size_t length = whole - at < CHUNK ? whole - at : CHUNK;
        __m512i sums = zero, earlier = zero, dots = zero;
        for (const uint8_t *p = bytes + at, *end = p + length; p < end; p += 64) {
            const __m512i v = _mm512_loadu_si512(p);
            earlier = _mm512_add_epi32(earlier, sums);
            sums = _mm512_add_epi32(sums, _mm512_sad_epu8(v, zero));
            dots = _mm512_add_epi32(dots, _mm512_madd_epi16(_mm512_maddubs_epi16(v, weights), ones));
        }
        const uint32_t first_halves = (uint32_t)_mm512_mask_reduce_add_epi32(0x00FF, sums);
        const uint32_t groups = 64 * (uint32_t)_mm512_reduce_add_epi32(earlier);
        b = (b + (uint32_t)length * a + groups + 32 * first_halves + (uint32_t)_mm512_reduce_add_epi32(dots)) % MODULUS;
        a = (a + (uint32_t)_mm512_reduce_add_epi32(sums)) % MODULUS;
        at += length;
    }
    *adler = b << 16 | a;
    return whole;
}

size_t tm_adler32(uint32_t *adler, const uint8_t *bytes, size_t count) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: return count >= 64 ? adler_avx512(adler, bytes, count) : adler_avx2(adler, bytes, count);
    case TM_CPU_AVX2: return adler_avx2(adler, bytes, count);
    default: return 0;
    }
}

#endif
