// One body per operation, compiled for each level of instructions; the level is chosen at run time. The bodies are plain
// loops: the compiler's vectoriser does the rest, and the Swift twins are the same loops.
#include "convert.h"
#include "convert_bytes.h"

#include <string.h>

#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// Counters are 32 bits wide inside a block, as wide as the lanes they count.
enum { BLOCK = 1 << 16 };

ALWAYS_INLINE float load_f32(const void *in, size_t i) {
    float value;
    memcpy(&value, (const char *)in + 4 * i, 4);
    return value;
}

ALWAYS_INLINE double load_f64(const void *in, size_t i) {
    double value;
    memcpy(&value, (const char *)in + 8 * i, 8);
    return value;
}

ALWAYS_INLINE uint16_t load_u16(const void *in, size_t i) {
    uint16_t value;
    memcpy(&value, (const char *)in + 2 * i, 2);
    return value;
}

// Adding 2^23 leaves the rounded integer in the low bits of a float32: to nearest, ties to even, without a conversion
// that could trap. 2^52 does the same for float64.
#define CONVERT_BODY(NAME, RULE, REAL, BITS, COUNTER, OUT, LOAD, EXPONENT, MAXIMUM, MAGIC)                      \
    ALWAYS_INLINE void NAME(const void *in, OUT *out, size_t count, RULE rule, tm_losses *losses) {             \
        const REAL scale = rule.scale, offset = rule.offset, least = rule.least, greatest = rule.greatest;      \
        for (size_t start = 0; start < count; start += BLOCK) {                                                 \
            size_t end = count - start < BLOCK ? count : start + BLOCK;                                         \
            COUNTER low = 0, high = 0, finite_count = 0;                                                        \
            for (size_t i = start; i < end; i++) {                                                              \
                REAL x = LOAD(in, i);                                                                           \
                BITS bits;                                                                                      \
                memcpy(&bits, &x, sizeof bits);                                                                 \
                BITS finite = (bits & EXPONENT) != EXPONENT;                                                    \
                low += (COUNTER)(finite & (BITS)(x < least));                                                   \
                high += (COUNTER)(finite & (BITS)(x > greatest));                                               \
                finite_count += (COUNTER)finite;                                                                \
                REAL y = x * scale + offset;                                                                    \
                REAL clamped = y > 0 ? y : 0;                                                                   \
                clamped = clamped < MAXIMUM ? clamped : MAXIMUM;                                                \
                REAL rounded = clamped + MAGIC;                                                                 \
                memcpy(&bits, &rounded, sizeof bits);                                                           \
                out[i] = (OUT)(finite ? bits : 0);                                                              \
            }                                                                                                   \
            losses->low += low;                                                                                 \
            losses->high += high;                                                                               \
            losses->not_finite += (end - start) - finite_count;                                                 \
        }                                                                                                       \
    }

CONVERT_BODY(
    body_convert_f32_u8, tm_linear32, float, uint32_t, uint32_t, uint8_t, load_f32, 0x7F800000u, 255.0f, 0x1p23f)
CONVERT_BODY(
    body_convert_f32_u16, tm_linear32, float, uint32_t, uint32_t, tm_sample16, load_f32, 0x7F800000u, 65535.0f, 0x1p23f)
CONVERT_BODY(
    body_convert_f64_u8, tm_linear64, double, uint64_t, uint64_t, uint8_t, load_f64, 0x7FF0000000000000u, 255.0, 0x1p52)
CONVERT_BODY(
    body_convert_f64_u16, tm_linear64, double, uint64_t, uint64_t, tm_sample16, load_f64, 0x7FF0000000000000u, 65535.0,
    0x1p52)

// The exponent is moved by multiplying with 2^112, which also makes subnormal numbers right.
ALWAYS_INLINE void body_widen_f16(const void *in, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t half = load_u16(in, i);
        uint32_t magnitude = (half & 0x7FFF) << 13;
        float value;
        memcpy(&value, &magnitude, 4);
        value *= 0x1p112f;
        uint32_t bits;
        memcpy(&bits, &value, 4);
        uint32_t special = (half & 0x7C00) == 0x7C00 ? 0x7F800000u : 0;
        bits |= special | (half & 0x8000) << 16;
        memcpy(out + i, &bits, 4);
    }
}

ALWAYS_INLINE void body_widen_bf16(const void *in, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)load_u16(in, i) << 16;
        memcpy(out + i, &bits, 4);
    }
}

#define INTERLEAVE_BODY(NAME, SAMPLE)                                                                           \
    ALWAYS_INLINE void NAME(const SAMPLE *planes, size_t stride, int channels, SAMPLE *out, size_t count) {     \
        const SAMPLE *p0 = planes, *p1 = p0 + stride, *p2 = p1 + stride, *p3 = p2 + stride;                     \
        switch (channels) {                                                                                     \
        case 2:                                                                                                 \
            for (size_t i = 0; i < count; i++) { out[2 * i] = p0[i]; out[2 * i + 1] = p1[i]; }                  \
            break;                                                                                              \
        case 3:                                                                                                 \
            for (size_t i = 0; i < count; i++) {                                                                \
                out[3 * i] = p0[i]; out[3 * i + 1] = p1[i]; out[3 * i + 2] = p2[i];                             \
            }                                                                                                   \
            break;                                                                                              \
        case 4:                                                                                                 \
            for (size_t i = 0; i < count; i++) {                                                                \
                out[4 * i] = p0[i]; out[4 * i + 1] = p1[i]; out[4 * i + 2] = p2[i]; out[4 * i + 3] = p3[i];     \
            }                                                                                                   \
            break;                                                                                              \
        default:                                                                                                \
            break;                                                                                              \
        }                                                                                                       \
    }

INTERLEAVE_BODY(body_interleave_u8, uint8_t)
INTERLEAVE_BODY(body_interleave_u16, tm_sample16)

// MARK: Levels

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,bmi2,f16c")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,prefer-256-bit")))
#define LEVELS(NAME, PARAMETERS, ARGUMENTS)                                                                     \
    AVX512 static void NAME##_avx512 PARAMETERS { body_##NAME ARGUMENTS; }                                      \
    AVX2 static void NAME##_avx2 PARAMETERS { body_##NAME ARGUMENTS; }                                          \
    void tm_##NAME PARAMETERS {                                                                                 \
        switch (tm_cpu_level()) {                                                                               \
        case TM_CPU_AVX512: NAME##_avx512 ARGUMENTS; break;                                                     \
        case TM_CPU_AVX2: NAME##_avx2 ARGUMENTS; break;                                                         \
        default: body_##NAME ARGUMENTS; break;                                                                  \
        }                                                                                                       \
    }
#else
#define LEVELS(NAME, PARAMETERS, ARGUMENTS)                                                                     \
    void tm_##NAME PARAMETERS { body_##NAME ARGUMENTS; }
#endif


#if defined(__x86_64__)
AVX2 static void interleave_u8_avx2(
    const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count) {
    body_interleave_u8(planes, stride, channels, out, count);
}

void tm_convert_f32_u8(const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses) {
    size_t done = 0;
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: done = tm_convert_f32_u8_avx512(in, out, count, rule, losses); break;
    case TM_CPU_AVX2: done = tm_convert_f32_u8_avx2(in, out, count, rule, losses); break;
    default: break;
    }
    body_convert_f32_u8((const char *)in + 4 * done, out + done, count - done, rule, losses);
}

void tm_interleave_u8(const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count) {
    const int level = tm_cpu_level();
    if (level == TM_CPU_AVX512 && channels == 3) {
        const size_t done = tm_interleave3_u8_avx512(planes, stride, out, count);
        body_interleave_u8(planes + done, stride, channels, out + 3 * done, count - done);
    } else if (level != TM_CPU_PORTABLE) {
        interleave_u8_avx2(planes, stride, channels, out, count);
    } else {
        body_interleave_u8(planes, stride, channels, out, count);
    }
}
#endif
LEVELS(convert_f32_u16,
    (const void *in, tm_sample16 *out, size_t count, tm_linear32 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(convert_f64_u8,
    (const void *in, uint8_t *out, size_t count, tm_linear64 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(convert_f64_u16,
    (const void *in, tm_sample16 *out, size_t count, tm_linear64 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(widen_f16, (const void *in, float *out, size_t count), (in, out, count))
LEVELS(widen_bf16, (const void *in, float *out, size_t count), (in, out, count))
LEVELS(interleave_u16,
    (const tm_sample16 *planes, size_t stride, int channels, tm_sample16 *out, size_t count),
    (planes, stride, channels, out, count))
