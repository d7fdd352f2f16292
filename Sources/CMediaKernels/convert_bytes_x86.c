// The conversions that nearly every picture of floats goes through, by hand: float32 to bytes, float16 to float32, and planes
// of bytes to pixels. The compiler's versions of the loops in convert_bodies.h take twice as long.
//
// The functions of a level convert whole blocks and return how many numbers or pixels these had; plain loops do the rest.
// A block of numbers that lie all in the range, which is nearly every one, loses nothing: then there is nothing to clamp or
// to count. The others go through the loop that counts.
#include "convert.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <float.h>
#include <immintrin.h>
#include <math.h>

#include "convert_bodies.h"
#include "cpu.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define AVX2_F16C __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,f16c")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")))

// The processor's own prefetching ends with a page, and rows of planes begin in the middle of one: numbers that far ahead
// are asked for with each block, which saves a fifth of the time when a tensor comes from memory. It may be anybody's memory,
// and is not read.
enum { AHEAD = 4096 };

ALWAYS_INLINE void fetch_line(const void *place, size_t distance) {
    _mm_prefetch((const char *)((uintptr_t)place + distance), _MM_HINT_T0);
}

// The range in which a block needs neither clamping nor counting. Infinity is never in it, not even where the range ends
// there; it is empty when an end is scaled to what does not fit into 32 bits.
ALWAYS_INLINE tm_linear32 harmless_range(tm_linear32 rule) {
    rule.least = rule.least > -FLT_MAX ? rule.least : -FLT_MAX;
    rule.greatest = rule.greatest < FLT_MAX ? rule.greatest : FLT_MAX;
    const float low = rule.least * rule.scale + rule.offset, high = rule.greatest * rule.scale + rule.offset;
    const int fits = low > -0x1p30f && low < 0x1p30f && high > -0x1p30f && high < 0x1p30f;
    if (!fits) rule.least = INFINITY;
    return rule;
}

// MARK: AVX-512

// 16 numbers to 32-bit integers, with everything counted that is lost.
AVX512 ALWAYS_INLINE __m512i count_16(__m512 x, tm_linear32 rule, tm_losses *losses) {
    const __m512i exponent = _mm512_set1_epi32(0x7F800000);
    const __mmask16 finite = _mm512_cmpneq_epi32_mask(_mm512_and_si512(_mm512_castps_si512(x), exponent), exponent);
    losses->low += (uint64_t)_mm_popcnt_u32(_mm512_mask_cmp_ps_mask(finite, x, _mm512_set1_ps(rule.least), _CMP_LT_OQ));
    losses->high +=
        (uint64_t)_mm_popcnt_u32(_mm512_mask_cmp_ps_mask(finite, x, _mm512_set1_ps(rule.greatest), _CMP_GT_OQ));
    losses->not_finite += 16 - (uint64_t)_mm_popcnt_u32(finite);
    const __m512 y = _mm512_add_ps(_mm512_mul_ps(x, _mm512_set1_ps(rule.scale)), _mm512_set1_ps(rule.offset));
    const __m512 clamped = _mm512_min_ps(_mm512_max_ps(y, _mm512_setzero_ps()), _mm512_set1_ps(255));
    return _mm512_maskz_cvtps_epi32(finite, clamped);
}

AVX512 static size_t convert_f32_u8_avx512(
    const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses) {
    const __m512 scale = _mm512_set1_ps(rule.scale), offset = _mm512_set1_ps(rule.offset);
    const tm_linear32 harmless = harmless_range(rule);
    const __m512 least = _mm512_set1_ps(harmless.least), greatest = _mm512_set1_ps(harmless.greatest);
    // Packing works in quarters of a register: this puts the groups of four bytes back in order.
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const char *bytes = in;
    size_t done = 0;
    for (; done + 64 <= count; done += 64, bytes += 256) {
        for (size_t line = 0; line < 256; line += 64) fetch_line(bytes, AHEAD + line);
        const __m512 x0 = _mm512_loadu_ps(bytes), x1 = _mm512_loadu_ps(bytes + 64);
        const __m512 x2 = _mm512_loadu_ps(bytes + 128), x3 = _mm512_loadu_ps(bytes + 192);
        __mmask16 fits = _mm512_cmp_ps_mask(x0, least, _CMP_GE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x0, greatest, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x1, least, _CMP_GE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x1, greatest, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x2, least, _CMP_GE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x2, greatest, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x3, least, _CMP_GE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, x3, greatest, _CMP_LE_OQ);
        __m512i i0, i1, i2, i3;
        if (__builtin_expect(fits == 0xFFFF, 1)) {
            i0 = _mm512_cvtps_epi32(_mm512_add_ps(_mm512_mul_ps(x0, scale), offset));
            i1 = _mm512_cvtps_epi32(_mm512_add_ps(_mm512_mul_ps(x1, scale), offset));
            i2 = _mm512_cvtps_epi32(_mm512_add_ps(_mm512_mul_ps(x2, scale), offset));
            i3 = _mm512_cvtps_epi32(_mm512_add_ps(_mm512_mul_ps(x3, scale), offset));
        } else {
            i0 = count_16(x0, rule, losses);
            i1 = count_16(x1, rule, losses);
            i2 = count_16(x2, rule, losses);
            i3 = count_16(x3, rule, losses);
        }
        // The ends of the range may come out a rounding beyond 0 and 255: packing clamps.
        const __m512i packed = _mm512_packus_epi16(_mm512_packs_epi32(i0, i1), _mm512_packs_epi32(i2, i3));
        _mm512_storeu_si512(out + done, _mm512_permutexvar_epi32(order, packed));
    }
    return done;
}

// Byte i of three registers of pixels is byte i / 3 of plane i % 3: its place in the first two planes beside each other, or
// in the third.
#define PLACE(i) (i) / 3 + ((i) % 3 == 1 ? 64 : 0)
#define PLACES_4(i) PLACE(i), PLACE((i) + 1), PLACE((i) + 2), PLACE((i) + 3)
#define PLACES_16(i) PLACES_4(i), PLACES_4((i) + 4), PLACES_4((i) + 8), PLACES_4((i) + 12)
#define PLACES_64(i) {PLACES_16(i), PLACES_16((i) + 16), PLACES_16((i) + 32), PLACES_16((i) + 48)}
static const uint8_t pixel_places[3][64] = {PLACES_64(0), PLACES_64(64), PLACES_64(128)};
static const uint64_t is_third[3] = {0x4924924924924924, 0x2492492492492492, 0x9249249249249249};

AVX512 static size_t interleave3_u8_avx512(const uint8_t *planes, size_t stride, uint8_t *out, size_t count) {
    const __m512i place0 = _mm512_loadu_si512(pixel_places[0]), place1 = _mm512_loadu_si512(pixel_places[1]);
    const __m512i place2 = _mm512_loadu_si512(pixel_places[2]);
    size_t done = 0;
    for (; done + 64 <= count; done += 64) {
        const __m512i a = _mm512_loadu_si512(planes + done), b = _mm512_loadu_si512(planes + stride + done);
        const __m512i c = _mm512_loadu_si512(planes + 2 * stride + done);
        uint8_t *target = out + 3 * done;
        const __m512i ab0 = _mm512_permutex2var_epi8(a, place0, b);
        const __m512i ab1 = _mm512_permutex2var_epi8(a, place1, b);
        const __m512i ab2 = _mm512_permutex2var_epi8(a, place2, b);
        _mm512_storeu_si512(target, _mm512_mask_permutexvar_epi8(ab0, is_third[0], place0, c));
        _mm512_storeu_si512(target + 64, _mm512_mask_permutexvar_epi8(ab1, is_third[1], place1, c));
        _mm512_storeu_si512(target + 128, _mm512_mask_permutexvar_epi8(ab2, is_third[2], place2, c));
    }
    return done;
}

// MARK: AVX2

AVX2 ALWAYS_INLINE __m256i count_8(__m256 x, tm_linear32 rule, tm_losses *losses) {
    const __m256i exponent = _mm256_set1_epi32(0x7F800000);
    const __m256 special = _mm256_castsi256_ps(
        _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_castps_si256(x), exponent), exponent));
    const __m256 low = _mm256_cmp_ps(x, _mm256_set1_ps(rule.least), _CMP_LT_OQ);
    const __m256 high = _mm256_cmp_ps(x, _mm256_set1_ps(rule.greatest), _CMP_GT_OQ);
    losses->low += (uint64_t)_mm_popcnt_u32((unsigned)_mm256_movemask_ps(_mm256_andnot_ps(special, low)));
    losses->high += (uint64_t)_mm_popcnt_u32((unsigned)_mm256_movemask_ps(_mm256_andnot_ps(special, high)));
    losses->not_finite += (uint64_t)_mm_popcnt_u32((unsigned)_mm256_movemask_ps(special));
    const __m256 y = _mm256_add_ps(_mm256_mul_ps(x, _mm256_set1_ps(rule.scale)), _mm256_set1_ps(rule.offset));
    const __m256 clamped = _mm256_min_ps(_mm256_max_ps(y, _mm256_setzero_ps()), _mm256_set1_ps(255));
    return _mm256_cvtps_epi32(_mm256_andnot_ps(special, clamped));
}

AVX2 ALWAYS_INLINE __m256 fits_8(__m256 x, __m256 least, __m256 greatest) {
    return _mm256_and_ps(_mm256_cmp_ps(x, least, _CMP_GE_OQ), _mm256_cmp_ps(x, greatest, _CMP_LE_OQ));
}

AVX2 static size_t convert_f32_u8_avx2(
    const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses) {
    const __m256 scale = _mm256_set1_ps(rule.scale), offset = _mm256_set1_ps(rule.offset);
    const tm_linear32 harmless = harmless_range(rule);
    const __m256 least = _mm256_set1_ps(harmless.least), greatest = _mm256_set1_ps(harmless.greatest);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const float *numbers = in;
    size_t done = 0;
    for (; done + 32 <= count; done += 32) {
        for (size_t line = 0; line < 128; line += 64) fetch_line(numbers + done, AHEAD + line);
        const __m256 x0 = _mm256_loadu_ps(numbers + done), x1 = _mm256_loadu_ps(numbers + done + 8);
        const __m256 x2 = _mm256_loadu_ps(numbers + done + 16), x3 = _mm256_loadu_ps(numbers + done + 24);
        const __m256 fits = _mm256_and_ps(
            _mm256_and_ps(fits_8(x0, least, greatest), fits_8(x1, least, greatest)),
            _mm256_and_ps(fits_8(x2, least, greatest), fits_8(x3, least, greatest)));
        __m256i i0, i1, i2, i3;
        if (__builtin_expect(_mm256_movemask_ps(fits) == 0xFF, 1)) {
            i0 = _mm256_cvtps_epi32(_mm256_add_ps(_mm256_mul_ps(x0, scale), offset));
            i1 = _mm256_cvtps_epi32(_mm256_add_ps(_mm256_mul_ps(x1, scale), offset));
            i2 = _mm256_cvtps_epi32(_mm256_add_ps(_mm256_mul_ps(x2, scale), offset));
            i3 = _mm256_cvtps_epi32(_mm256_add_ps(_mm256_mul_ps(x3, scale), offset));
        } else {
            i0 = count_8(x0, rule, losses);
            i1 = count_8(x1, rule, losses);
            i2 = count_8(x2, rule, losses);
            i3 = count_8(x3, rule, losses);
        }
        const __m256i packed = _mm256_packus_epi16(_mm256_packs_epi32(i0, i1), _mm256_packs_epi32(i2, i3));
        _mm256_storeu_si256((__m256i *)(out + done), _mm256_permutevar8x32_epi32(packed, order));
    }
    return done;
}

// MARK: Halves

// The instruction makes a quiet NaN of a signalling one, and the plain loop does not: numbers with a NaN among them take that.
AVX512 static size_t widen_f16_avx512(const char *in, float *out, size_t count) {
    size_t done = 0;
    for (; done + 32 <= count; done += 32) {
        const char *place = in + 2 * done;
        fetch_line(place, AHEAD);
        const __m512 a = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)place));
        const __m512 b = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(place + 32)));
        if (__builtin_expect(_mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q) != 0, 0)) {
            body_widen_f16(place, out + done, 32);
        } else {
            _mm512_storeu_ps(out + done, a);
            _mm512_storeu_ps(out + done + 16, b);
        }
    }
    return done;
}

AVX2_F16C static size_t widen_f16_avx2(const char *in, float *out, size_t count) {
    size_t done = 0;
    for (; done + 16 <= count; done += 16) {
        const char *place = in + 2 * done;
        fetch_line(place, AHEAD);
        const __m256 a = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)place));
        const __m256 b = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(place + 16)));
        if (__builtin_expect(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_UNORD_Q)) != 0, 0)) {
            body_widen_f16(place, out + done, 16);
        } else {
            _mm256_storeu_ps(out + done, a);
            _mm256_storeu_ps(out + done + 8, b);
        }
    }
    return done;
}

// MARK: Levels

void tm_widen_f16(const void *in, float *out, size_t count) {
    size_t done = 0;
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: done = widen_f16_avx512(in, out, count); break;
    case TM_CPU_AVX2: done = widen_f16_avx2(in, out, count); break;
    default: break;
    }
    body_widen_f16((const char *)in + 2 * done, out + done, count - done);
}

void tm_convert_f32_u8(const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses) {
    size_t done = 0;
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: done = convert_f32_u8_avx512(in, out, count, rule, losses); break;
    case TM_CPU_AVX2: done = convert_f32_u8_avx2(in, out, count, rule, losses); break;
    default: break;
    }
    body_convert_f32_u8((const char *)in + 4 * done, out + done, count - done, rule, losses);
}

AVX2 static void interleave_u8_avx2(
    const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count) {
    body_interleave_u8(planes, stride, channels, out, count);
}

void tm_interleave_u8(const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count) {
    const int level = tm_cpu_level();
    size_t done = 0;
    if (level == TM_CPU_AVX512 && channels == 3) done = interleave3_u8_avx512(planes, stride, out, count);
    if (level != TM_CPU_PORTABLE) {
        interleave_u8_avx2(planes + done, stride, channels, out + (size_t)channels * done, count - done);
    } else {
        body_interleave_u8(planes, stride, channels, out, count);
    }
}

#endif
