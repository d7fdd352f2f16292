// Conversions written out for NEON; what is left over goes through the plain loops.
#include "convert.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__aarch64__)

#include <arm_neon.h>

#include "convert_bodies.h"
#include "cpu.h"

// MARK: Numbers to samples

// Counters of lanes; a block of BLOCK numbers cannot fill one.
typedef struct {
    uint32x4_t low, high, finite;
} counts32;

typedef struct {
    uint64x2_t low, high, finite;
} counts64;

// Two roundings, then to the nearest integer, ties to even; what is less than 0 or no number becomes 0. The narrowing that
// follows clamps what is above the largest sample.
ALWAYS_INLINE uint32x4_t rounded32(const void *in, size_t i, tm_linear32 rule, counts32 *counts) {
    const float32x4_t x = vreinterpretq_f32_u8(vld1q_u8((const uint8_t *)in + 4 * i));
    // |x| < infinity; the masks are −1.
    const uint32x4_t finite = vcaltq_f32(x, vdupq_n_f32(__builtin_inff()));
    counts->finite = vsubq_u32(counts->finite, finite);
    counts->low = vsubq_u32(counts->low, vandq_u32(finite, vcltq_f32(x, vdupq_n_f32(rule.least))));
    counts->high = vsubq_u32(counts->high, vandq_u32(finite, vcgtq_f32(x, vdupq_n_f32(rule.greatest))));
    const float32x4_t y = vaddq_f32(vmulq_f32(x, vdupq_n_f32(rule.scale)), vdupq_n_f32(rule.offset));
    return vandq_u32(finite, vcvtnq_u32_f32(y));
}

ALWAYS_INLINE uint64x2_t rounded64(const void *in, size_t i, tm_linear64 rule, counts64 *counts) {
    const float64x2_t x = vreinterpretq_f64_u8(vld1q_u8((const uint8_t *)in + 8 * i));
    const uint64x2_t finite = vcaltq_f64(x, vdupq_n_f64(__builtin_inf()));
    counts->finite = vsubq_u64(counts->finite, finite);
    counts->low = vsubq_u64(counts->low, vandq_u64(finite, vcltq_f64(x, vdupq_n_f64(rule.least))));
    counts->high = vsubq_u64(counts->high, vandq_u64(finite, vcgtq_f64(x, vdupq_n_f64(rule.greatest))));
    const float64x2_t y = vaddq_f64(vmulq_f64(x, vdupq_n_f64(rule.scale)), vdupq_n_f64(rule.offset));
    return vandq_u64(finite, vcvtnq_u64_f64(y));
}

// Eight samples of 16 bits.
ALWAYS_INLINE uint16x8_t eight_f32(const void *in, size_t i, tm_linear32 rule, counts32 *counts) {
    const uint16x4_t first = vqmovn_u32(rounded32(in, i, rule, counts));
    return vqmovn_high_u32(first, rounded32(in, i + 4, rule, counts));
}

ALWAYS_INLINE uint32x4_t four_f64(const void *in, size_t i, tm_linear64 rule, counts64 *counts) {
    const uint32x2_t first = vqmovn_u64(rounded64(in, i, rule, counts));
    return vqmovn_high_u64(first, rounded64(in, i + 2, rule, counts));
}

ALWAYS_INLINE uint16x8_t eight_f64(const void *in, size_t i, tm_linear64 rule, counts64 *counts) {
    const uint16x4_t first = vqmovn_u32(four_f64(in, i, rule, counts));
    return vqmovn_high_u32(first, four_f64(in, i + 4, rule, counts));
}

#define STORE_U8(NUMBER)                                                                                        \
    const uint8x8_t first = vqmovn_u16(eight_##NUMBER(in, i, rule, &counts));                                   \
    vst1q_u8(out + i, vqmovn_high_u16(first, eight_##NUMBER(in, i + 8, rule, &counts)))

#define STORE_U16(NUMBER)                                                                                       \
    vst1q_u8((uint8_t *)(out + i), vreinterpretq_u8_u16(eight_##NUMBER(in, i, rule, &counts)));                 \
    vst1q_u8((uint8_t *)(out + i + 8), vreinterpretq_u8_u16(eight_##NUMBER(in, i + 8, rule, &counts)))

#define CONVERT_NEON(NAME, NUMBER, BYTES, RULE, COUNTS, SUM, OUT, STORE)                                        \
    static void NAME##_neon(const void *in, OUT *out, size_t count, RULE rule, tm_losses *losses) {             \
        const size_t whole = count & ~(size_t)15;                                                               \
        for (size_t start = 0; start < whole; start += BLOCK) {                                                 \
            const size_t end = whole - start < BLOCK ? whole : start + BLOCK;                                   \
            COUNTS counts = {0};                                                                                \
            for (size_t i = start; i < end; i += 16) { STORE(NUMBER); }                                         \
            losses->low += SUM(counts.low);                                                                     \
            losses->high += SUM(counts.high);                                                                   \
            losses->not_finite += (end - start) - SUM(counts.finite);                                           \
        }                                                                                                       \
        body_##NAME((const char *)in + BYTES * whole, out + whole, count - whole, rule, losses);                \
    }

CONVERT_NEON(convert_f32_u8, f32, 4, tm_linear32, counts32, vaddvq_u32, uint8_t, STORE_U8)
CONVERT_NEON(convert_f32_u16, f32, 4, tm_linear32, counts32, vaddvq_u32, tm_sample16, STORE_U16)
CONVERT_NEON(convert_f64_u8, f64, 8, tm_linear64, counts64, vaddvq_u64, uint8_t, STORE_U8)
CONVERT_NEON(convert_f64_u16, f64, 8, tm_linear64, counts64, vaddvq_u64, tm_sample16, STORE_U16)

// MARK: Wider numbers

// The instruction sets the quiet bit of a NaN, which the plain loop leaves as it is: 16 numbers with a NaN go that way.
static void widen_f16_neon(const void *in, float *out, size_t count) {
    const uint16x8_t magnitude = vdupq_n_u16(0x7FFF);
    size_t i = 0;
    for (; count - i >= 16; i += 16) {
        const uint8_t *from = (const uint8_t *)in + 2 * i;
        const uint16x8_t first = vreinterpretq_u16_u8(vld1q_u8(from));
        const uint16x8_t second = vreinterpretq_u16_u8(vld1q_u8(from + 16));
        const uint16x8_t largest = vmaxq_u16(vandq_u16(first, magnitude), vandq_u16(second, magnitude));
        if (__builtin_expect(vmaxvq_u16(largest) > 0x7C00, 0)) {
            body_widen_f16(from, out + i, 16);
            continue;
        }
        const float16x8_t halves[2] = {vreinterpretq_f16_u16(first), vreinterpretq_f16_u16(second)};
        for (int k = 0; k < 2; k++) {
            uint8_t *to = (uint8_t *)(out + i + 8 * k);
            vst1q_u8(to, vreinterpretq_u8_f32(vcvt_f32_f16(vget_low_f16(halves[k]))));
            vst1q_u8(to + 16, vreinterpretq_u8_f32(vcvt_high_f32_f16(halves[k])));
        }
    }
    body_widen_f16((const char *)in + 2 * i, out + i, count - i);
}

static void widen_bf16_neon(const void *in, float *out, size_t count) {
    const uint16x8_t zero = vdupq_n_u16(0);
    size_t i = 0;
    for (; count - i >= 8; i += 8) {
        const uint16x8_t upper = vreinterpretq_u16_u8(vld1q_u8((const uint8_t *)in + 2 * i));
        uint8_t *to = (uint8_t *)(out + i);
        vst1q_u8(to, vreinterpretq_u8_u16(vzip1q_u16(zero, upper)));
        vst1q_u8(to + 16, vreinterpretq_u8_u16(vzip2q_u16(zero, upper)));
    }
    body_widen_bf16((const char *)in + 2 * i, out + i, count - i);
}

// MARK: Planes to pixels

static void interleave_u8_neon(
    const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count) {
    const uint8_t *p0 = planes, *p1 = p0 + stride, *p2 = p1 + stride, *p3 = p2 + stride;
    size_t i = 0;
    switch (channels) {
    case 2:
        for (; count - i >= 16; i += 16) {
            const uint8x16x2_t pixels = {{vld1q_u8(p0 + i), vld1q_u8(p1 + i)}};
            vst2q_u8(out + 2 * i, pixels);
        }
        break;
    case 3:
        for (; count - i >= 16; i += 16) {
            const uint8x16x3_t pixels = {{vld1q_u8(p0 + i), vld1q_u8(p1 + i), vld1q_u8(p2 + i)}};
            vst3q_u8(out + 3 * i, pixels);
        }
        break;
    case 4:
        for (; count - i >= 16; i += 16) {
            const uint8x16x4_t pixels = {{vld1q_u8(p0 + i), vld1q_u8(p1 + i), vld1q_u8(p2 + i), vld1q_u8(p3 + i)}};
            vst4q_u8(out + 4 * i, pixels);
        }
        break;
    default: return;
    }
    body_interleave_u8(planes + i, stride, channels, out + (size_t)channels * i, count - i);
}

ALWAYS_INLINE uint16x8_t samples(const tm_sample16 *from) {
    return vreinterpretq_u16_u8(vld1q_u8((const uint8_t *)from));
}

// The stores that interleave take any address, whatever the type of their argument says.
static void interleave_u16_neon(
    const tm_sample16 *planes, size_t stride, int channels, tm_sample16 *out, size_t count) {
    const tm_sample16 *p0 = planes, *p1 = p0 + stride, *p2 = p1 + stride, *p3 = p2 + stride;
    uint16_t *to = (uint16_t *)(void *)out;
    size_t i = 0;
    switch (channels) {
    case 2:
        for (; count - i >= 8; i += 8) {
            const uint16x8x2_t pixels = {{samples(p0 + i), samples(p1 + i)}};
            vst2q_u16(to + 2 * i, pixels);
        }
        break;
    case 3:
        for (; count - i >= 8; i += 8) {
            const uint16x8x3_t pixels = {{samples(p0 + i), samples(p1 + i), samples(p2 + i)}};
            vst3q_u16(to + 3 * i, pixels);
        }
        break;
    case 4:
        for (; count - i >= 8; i += 8) {
            const uint16x8x4_t pixels = {{samples(p0 + i), samples(p1 + i), samples(p2 + i), samples(p3 + i)}};
            vst4q_u16(to + 4 * i, pixels);
        }
        break;
    default: return;
    }
    body_interleave_u16(planes + i, stride, channels, out + (size_t)channels * i, count - i);
}

#define LEVELS(NAME, PARAMETERS, ARGUMENTS)                                                                     \
    void tm_##NAME PARAMETERS {                                                                                 \
        if (tm_cpu_level() == TM_CPU_NEON) {                                                                    \
            NAME##_neon ARGUMENTS;                                                                              \
        } else {                                                                                                \
            body_##NAME ARGUMENTS;                                                                              \
        }                                                                                                       \
    }

#include "convert_levels.h"

#endif
