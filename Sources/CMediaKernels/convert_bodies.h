// The loops of the conversions: what runs where there is no kernel, and what kernels leave over. The Swift twins are
// the same loops.
#ifndef TM_CONVERT_BODIES_H
#define TM_CONVERT_BODIES_H

#include <string.h>

#include "convert.h"

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

#endif
