#include "cpu.h"
#include "yuv.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include "yuv_loops.h"

enum { BLOCK = 16 };

// Eight numbers of 16 bits of each colour.
typedef struct {
    int16x8_t red, green, blue;
} eight_pixels;

INLINE int32x4_t weigh_four(int16x4_t red, int16x4_t green, int16x4_t blue, const int16_t w[3], int32_t bias) {
    int32x4_t sum = vmlal_n_s16(vdupq_n_s32(bias), red, w[0]);
    sum = vmlal_n_s16(sum, green, w[1]);
    return vmlal_n_s16(sum, blue, w[2]);
}

// The shift is negative: to the right.
INLINE uint8x8_t weigh(eight_pixels p, const int16_t w[3], int32_t bias, int shift) {
    const int32x4_t right = vdupq_n_s32(shift);
    const int32x4_t low = weigh_four(vget_low_s16(p.red), vget_low_s16(p.green), vget_low_s16(p.blue), w, bias);
    const int32x4_t high = weigh_four(vget_high_s16(p.red), vget_high_s16(p.green), vget_high_s16(p.blue), w, bias);
    return vqmovun_s16(vcombine_s16(vmovn_s32(vshlq_s32(low, right)), vmovn_s32(vshlq_s32(high, right))));
}

// 16 pixels, colour by colour.
INLINE uint8x16x3_t load_sixteen(const uint8_t *row, size_t channels, size_t i) {
    if (channels == 3) return vld3q_u8(row + 3 * i);
    const uint8x16x4_t all = vld4q_u8(row + 4 * i);
    return (uint8x16x3_t){{all.val[0], all.val[1], all.val[2]}};
}

INLINE int16x8_t widen(uint8x8_t bytes) { return vreinterpretq_s16_u16(vmovl_u8(bytes)); }

INLINE eight_pixels low_half(uint8x16x3_t p) {
    return (eight_pixels){
        widen(vget_low_u8(p.val[0])), widen(vget_low_u8(p.val[1])), widen(vget_low_u8(p.val[2]))};
}

INLINE eight_pixels high_half(uint8x16x3_t p) {
    return (eight_pixels){
        widen(vget_high_u8(p.val[0])), widen(vget_high_u8(p.val[1])), widen(vget_high_u8(p.val[2]))};
}

INLINE uint8x16_t weigh_all(uint8x16x3_t p, const int16_t w[3], int32_t bias, int shift) {
    return vcombine_u8(weigh(low_half(p), w, bias, shift), weigh(high_half(p), w, bias, shift));
}

// The sums of two by two samples.
INLINE int16x8_t add_squares(uint8x16_t a, uint8x16_t b) {
    return vreinterpretq_s16_u16(vpadalq_u8(vpaddlq_u8(a), b));
}

INLINE void quarter_blocks(
    const uint8_t *first, const uint8_t *second, size_t channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    const size_t even = count & ~(size_t)1;
    FOR_BLOCKS(i, BLOCK, even) {
        const uint8x16x3_t a = load_sixteen(first, channels, i), b = load_sixteen(second, channels, i);
        vst1q_u8(rows->first + i, weigh_all(a, weights->y, 33 << 14, -15));
        vst1q_u8(rows->second + i, weigh_all(b, weights->y, 33 << 14, -15));
        const eight_pixels sums = {
            add_squares(a.val[0], b.val[0]), add_squares(a.val[1], b.val[1]), add_squares(a.val[2], b.val[2])};
        vst1_u8(rows->u + i / 2, weigh(sums, weights->u, 257 << 17, -18));
        vst1_u8(rows->v + i / 2, weigh(sums, weights->v, 257 << 17, -18));
    }
    quarter_rest(first, second, channels, even < BLOCK ? 0 : even, count, weights, rows);
}

int tm_yuv_quarter(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    if (channels == 3) quarter_blocks(first, second, 3, count, weights, rows);
    else quarter_blocks(first, second, 4, count, weights, rows);
    return 1;
}

INLINE void full_blocks(
    const uint8_t *row, size_t channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    FOR_BLOCKS(i, BLOCK, count) {
        const uint8x16x3_t p = load_sixteen(row, channels, i);
        vst1q_u8(y + i, weigh_all(p, weights->y, 33 << 14, -15));
        vst1q_u8(u + i, weigh_all(p, weights->u, 257 << 15, -16));
        vst1q_u8(v + i, weigh_all(p, weights->v, 257 << 15, -16));
    }
    full_rest(row, channels, count < BLOCK ? 0 : count, count, weights, y, u, v);
}

int tm_yuv_full(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    if (channels == 3) full_blocks(row, 3, count, weights, y, u, v);
    else full_blocks(row, 4, count, weights, y, u, v);
    return 1;
}

// The rounding multiplication gives (2 * weight * sample + 32768) >> 16.
int tm_yuv_gray(const uint8_t *row, size_t count, int weight, uint8_t *y) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    const int16x8_t black = vdupq_n_s16(16);
    FOR_BLOCKS(i, BLOCK, count) {
        const uint8x16_t bytes = vld1q_u8(row + i);
        const int16x8_t low = vaddq_s16(vqrdmulhq_n_s16(widen(vget_low_u8(bytes)), (int16_t)weight), black);
        const int16x8_t high = vaddq_s16(vqrdmulhq_n_s16(widen(vget_high_u8(bytes)), (int16_t)weight), black);
        vst1q_u8(y + i, vcombine_u8(vqmovun_s16(low), vqmovun_s16(high)));
    }
    gray_rest(row, count < BLOCK ? 0 : count, count, weight, y);
    return 1;
}

int tm_yuv_alpha(const uint8_t *row, size_t count, uint8_t *alpha) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    FOR_BLOCKS(i, BLOCK, count) vst1q_u8(alpha + i, vld4q_u8(row + 4 * i).val[3]);
    alpha_rest(row, count < BLOCK ? 0 : count, count, alpha);
    return 1;
}

#endif
