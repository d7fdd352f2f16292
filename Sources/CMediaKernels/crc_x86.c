#include "checksum.h"
#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <immintrin.h>

#include "crc_folding.h"

#define FOLDING __attribute__((always_inline, target("avx2,pclmul"))) static inline
#define FOLDING512                                                                                                     \
    __attribute__((always_inline, target("avx2,pclmul,vpclmulqdq,avx512f,avx512bw,avx512vl,avx512dq"))) static inline

FOLDING __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

FOLDING __m128i folded(__m128i value, __m128i constants, __m128i onto) {
    const __m128i low = _mm_clmulepi64_si128(value, constants, 0x00);
    const __m128i high = _mm_clmulepi64_si128(value, constants, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), onto);
}

// Folds what is left in steps of 16 bytes, then divides. `*taken` grows by the bytes that were used.
FOLDING uint32_t finished(__m128i value, const folding *f, const uint8_t *bytes, size_t count, size_t *taken) {
    const __m128i next = load((const uint8_t *)f->next);
    size_t at = *taken;
    for (; count - at >= 16; at += 16) value = folded(value, next, load(bytes + at));
    *taken = at;

    const __m128i low32 = _mm_set_epi32(0, 0, 0, -1);
    value = _mm_xor_si128(_mm_srli_si128(value, 8), _mm_clmulepi64_si128(value, next, 0x10));
    const __m128i half = _mm_set_epi64x(0, (int64_t)f->half);
    const __m128i rest = _mm_clmulepi64_si128(_mm_and_si128(value, low32), half, 0x00);
    value = _mm_xor_si128(_mm_srli_si128(value, 4), rest);

    const __m128i barrett = load((const uint8_t *)f->barrett);
    __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(value, low32), barrett, 0x10);
    quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low32), barrett, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(value, quotient), 1);
}

// At least 16 bytes.
FOLDING size_t fold128(uint32_t *crc, const folding *f, const uint8_t *bytes, size_t count) {
    size_t at = 16;
    __m128i first = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128((int)*crc));
    if (count >= 64) {
        const __m128i near = load((const uint8_t *)f->near), next = load((const uint8_t *)f->next);
        __m128i a = first, b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
        for (at = 64; count - at >= 64; at += 64) {
            a = folded(a, near, load(bytes + at));
            b = folded(b, near, load(bytes + at + 16));
            c = folded(c, near, load(bytes + at + 32));
            d = folded(d, near, load(bytes + at + 48));
        }
        first = folded(folded(folded(a, next, b), next, c), next, d);
    }
    *crc = finished(first, f, bytes, count, &at);
    return at;
}

FOLDING512 __m512i wide(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

FOLDING512 __m512i folded512(__m512i value, __m512i constants, __m512i onto) {
    const __m512i low = _mm512_clmulepi64_epi128(value, constants, 0x00);
    const __m512i high = _mm512_clmulepi64_epi128(value, constants, 0x11);
    return _mm512_ternarylogic_epi64(low, high, onto, 0x96);
}

// At least 256 bytes.
FOLDING512 size_t fold512(uint32_t *crc, const folding *f, const uint8_t *bytes, size_t count) {
    const __m512i far = _mm512_broadcast_i32x4(load((const uint8_t *)f->far));
    const __m512i near = _mm512_broadcast_i32x4(load((const uint8_t *)f->near));
    const __m128i next = load((const uint8_t *)f->next);
    __m512i a = _mm512_xor_si512(wide(bytes), _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)*crc)));
    __m512i b = wide(bytes + 64), c = wide(bytes + 128), d = wide(bytes + 192);
    size_t at = 256;
    for (; count - at >= 256; at += 256) {
        a = folded512(a, far, wide(bytes + at));
        b = folded512(b, far, wide(bytes + at + 64));
        c = folded512(c, far, wide(bytes + at + 128));
        d = folded512(d, far, wide(bytes + at + 192));
    }
    a = folded512(folded512(folded512(a, near, b), near, c), near, d);
    for (; count - at >= 64; at += 64) a = folded512(a, near, wide(bytes + at));
    __m128i value = folded(_mm512_extracti32x4_epi32(a, 0), next, _mm512_extracti32x4_epi32(a, 1));
    value = folded(value, next, _mm512_extracti32x4_epi32(a, 2));
    value = folded(value, next, _mm512_extracti32x4_epi32(a, 3));
    *crc = finished(value, f, bytes, count, &at);
    return at;
}

__attribute__((target("avx2,pclmul"))) static size_t crc32_avx2(uint32_t *crc, const uint8_t *bytes, size_t count) {
    return fold128(crc, &crc32_folding, bytes, count);
}

__attribute__((target("avx2,pclmul"))) static size_t crc32c_avx2(uint32_t *crc, const uint8_t *bytes, size_t count) {
    return fold128(crc, &crc32c_folding, bytes, count);
}

#define TARGET512 __attribute__((target("avx2,pclmul,vpclmulqdq,avx512f,avx512bw,avx512vl,avx512dq")))

TARGET512 static size_t crc32_avx512(uint32_t *crc, const uint8_t *bytes, size_t count) {
    return fold512(crc, &crc32_folding, bytes, count);
}

TARGET512 static size_t crc32c_avx512(uint32_t *crc, const uint8_t *bytes, size_t count) {
    return fold512(crc, &crc32c_folding, bytes, count);
}

// What is too short to fold: the instruction of SSE4.2, which knows this polynomial alone.
__attribute__((target("sse4.2"))) static void crc32c_instruction(uint32_t *crc, const uint8_t *bytes, size_t count) {
    uint64_t value = *crc;
    for (; count >= 8; count -= 8, bytes += 8) {
        uint64_t word;
        __builtin_memcpy(&word, bytes, 8);
        value = _mm_crc32_u64(value, word);
    }
    for (; count > 0; count--, bytes++) value = _mm_crc32_u8((uint32_t)value, *bytes);
    *crc = (uint32_t)value;
}

size_t tm_crc32(uint32_t *crc_register, const uint8_t *bytes, size_t count) {
    const uint32_t features = tm_cpu_features();
    if (count < 16) return 0;
    if (count >= 256 && features & TM_CPU_HAS_VPCLMUL) return crc32_avx512(crc_register, bytes, count);
    if (features & TM_CPU_HAS_PCLMUL) return crc32_avx2(crc_register, bytes, count);
    return 0;
}

size_t tm_crc32c(uint32_t *crc_register, const uint8_t *bytes, size_t count) {
    const uint32_t features = tm_cpu_features();
    size_t taken = 0;
    if (count >= 256 && features & TM_CPU_HAS_VPCLMUL) {
        taken = crc32c_avx512(crc_register, bytes, count);
    } else if (count >= 64 && features & TM_CPU_HAS_PCLMUL) {
        taken = crc32c_avx2(crc_register, bytes, count);
    }
    if (!(features & TM_CPU_HAS_SSE42)) return taken;
    crc32c_instruction(crc_register, bytes + taken, count - taken);
    return count;
}

#endif
