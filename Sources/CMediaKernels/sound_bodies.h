// The loops of sound.h. The Swift twins are the same loops.
#ifndef TM_SOUND_BODIES_H
#define TM_SOUND_BODIES_H

#include "convert_bodies.h"
#include "sound.h"

#pragma STDC FP_CONTRACT OFF

// Adding 1.5 * 2^23 leaves the rounded integer, of either sign, in the low bits of a float32: to nearest, ties to even,
// without a conversion that could trap. 1.5 * 2^52 does the same for float64.
#define SOUND_BODY(NAME, REAL, BITS, OUT, UNSIGNED, LOAD, EXPONENT, MAGIC)                                      \
    ALWAYS_INLINE void NAME(const void *in, OUT *out, size_t count, REAL scale, tm_losses *losses) {            \
        for (size_t start = 0; start < count; start += BLOCK) {                                                 \
            size_t end = count - start < BLOCK ? count : start + BLOCK;                                         \
            BITS low = 0, high = 0, finite_count = 0;                                                           \
            for (size_t i = start; i < end; i++) {                                                              \
                REAL x = LOAD(in, i);                                                                           \
                BITS bits;                                                                                      \
                memcpy(&bits, &x, sizeof bits);                                                                 \
                BITS finite = (bits & EXPONENT) != EXPONENT;                                                    \
                low += finite & (BITS)(x < -1);                                                                 \
                high += finite & (BITS)(x > 1);                                                                 \
                finite_count += finite;                                                                         \
                REAL y = x * scale;                                                                             \
                y = y > -scale ? y : -scale;                                                                    \
                y = y < scale - 1 ? y : scale - 1;                                                              \
                REAL rounded = y + MAGIC;                                                                       \
                memcpy(&bits, &rounded, sizeof bits);                                                           \
                out[i] = (OUT)(UNSIGNED)(finite ? bits : 0);                                                    \
            }                                                                                                   \
            losses->low += low;                                                                                 \
            losses->high += high;                                                                               \
            losses->not_finite += (end - start) - finite_count;                                                 \
        }                                                                                                       \
    }

SOUND_BODY(body_scaled_f32_i16, float, uint32_t, int16_t, uint16_t, load_f32, 0x7F800000u, 0x1.8p23f)
SOUND_BODY(body_sound_f64_i16, double, uint64_t, int16_t, uint16_t, load_f64, 0x7FF0000000000000u, 0x1.8p52)
SOUND_BODY(body_sound_f64_i32, double, uint64_t, int32_t, uint32_t, load_f64, 0x7FF0000000000000u, 0x1.8p52)

ALWAYS_INLINE void body_sound_f32_i16(const void *in, int16_t *out, size_t count, tm_losses *losses) {
    body_scaled_f32_i16(in, out, count, 0x1p15f, losses);
}

ALWAYS_INLINE void body_sound_envelope(const void *in, size_t count, float *low, float *high, double *squares) {
    float lows[8], highs[8];
    double sums[8];
    memcpy(lows, low, sizeof lows);
    memcpy(highs, high, sizeof highs);
    memcpy(sums, squares, sizeof sums);
    for (size_t i = 0; i + 8 <= count; i += 8) {
        for (size_t lane = 0; lane < 8; lane++) {
            const float x = load_f32(in, i + lane);
            lows[lane] = x < lows[lane] ? x : lows[lane];
            highs[lane] = x > highs[lane] ? x : highs[lane];
            sums[lane] += (double)x * (double)x;
        }
    }
    memcpy(low, lows, sizeof lows);
    memcpy(high, highs, sizeof highs);
    memcpy(squares, sums, sizeof sums);
}

#endif
