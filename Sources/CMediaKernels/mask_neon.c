#include "cpu.h"
#include "mask.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include "mask_loops.h"

static void argmax_neon(
    const uint8_t *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    const size_t whole = count & ~(size_t)15;
    uint64_t unordered = 0;
    for (size_t i = 0; i < whole; i += 16) {
        uint32x4_t greater[4];
        uint32x4_t ordered = vdupq_n_u32(0);
        for (size_t k = 0; k < 4; k++) {
            const float32x4_t x = vreinterpretq_f32_u8(vld1q_u8(numbers + 4 * i + 16 * k));
            const float32x4_t b = vld1q_f32(best + i + 4 * k);
            greater[k] = vcgtq_f32(x, b);
            ordered = vsubq_u32(ordered, vceqq_f32(x, x)); // a true lane is −1
            vst1q_f32(best + i + 4 * k, vbslq_f32(greater[k], x, b));
        }
        unordered += 16 - vaddvq_u32(ordered);
        const uint16x8_t low = vcombine_u16(vmovn_u32(greater[0]), vmovn_u32(greater[1]));
        const uint16x8_t high = vcombine_u16(vmovn_u32(greater[2]), vmovn_u32(greater[3]));
        const uint8x16_t mask = vcombine_u8(vmovn_u16(low), vmovn_u16(high));
        vst1q_u8(index + i, vbslq_u8(mask, vdupq_n_u8(number), vld1q_u8(index + i)));
    }
    *nans += unordered;
    argmax_rest(numbers, whole, count, number, best, index, nans);
}

int tm_argmax_f32(
    const void *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    argmax_neon(numbers, count, number, best, index, nans);
    return 1;
}

// n / 255 for n up to 255 · 255 + 127: (n + 1 + n / 256) / 256, which stays within 16 bits.
INLINE uint8x8_t blended(uint8x8_t base, uint8x8_t color, uint8x8_t a) {
    const uint16x8_t n = vaddq_u16(vmlal_u8(vmull_u8(base, vmvn_u8(a)), color, a), vdupq_n_u16(127));
    return vaddhn_u16(vaddq_u16(n, vdupq_n_u16(1)), vshrq_n_u16(n, 8));
}

INLINE uint8x16_t blended16(uint8x16_t base, uint8x16_t color, uint8x16_t a) {
    return vcombine_u8(
        blended(vget_low_u8(base), vget_low_u8(color), vget_low_u8(a)),
        blended(vget_high_u8(base), vget_high_u8(color), vget_high_u8(a)));
}

// The bits 1, 2, 4 … 128, twice.
INLINE uint8x16_t bit_weights(void) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    return vld1q_u8(weights);
}

// Whether 16 pixels are of one class.
INLINE int is_one(const uint8_t *ids, size_t size) {
    if (size == 1) {
        const uint8x16_t own = vld1q_u8(ids);
        return vminvq_u8(own) == vmaxvq_u8(own);
    }
    const uint16x8_t one = vreinterpretq_u16_u8(vld1q_u8(ids)), two = vreinterpretq_u16_u8(vld1q_u8(ids + 16));
    return vminvq_u16(vminq_u16(one, two)) == vmaxvq_u16(vmaxq_u16(one, two));
}

// 16 pixels at a time, channel by channel. Where all are of one class, its colour is a constant, and nothing is done when
// it does not show; elsewhere each pixel fetches its own.
INLINE void blend_neon(
    const uint8_t *ids, size_t size, size_t count, const uint8_t *table, size_t channels, const uint64_t *edges,
    uint8_t *pixels) {
    size_t i = 0;
    for (; count - i >= 16; i += 16) {
        const uint8_t *own = ids + size * i;
        const uint32_t bits = edges ? edges[i / 64] >> i % 64 & 0xFFFF : 0;
        uint8_t *target = pixels + channels * i;
        uint8x16x4_t entries;
        if (is_one(own, size)) {
            const uint8_t *entry = table + 4 * mask_id(own, size, 0);
            if (entry[3] == 0) continue;
            for (int c = 0; c < 4; c++) entries.val[c] = vdupq_n_u8(entry[c]);
        } else {
            uint8_t fetched[64];
            for (size_t k = 0; k < 16; k++) memcpy(fetched + 4 * k, table + 4 * mask_id(own, size, k), 4);
            entries = vld4q_u8(fetched);
        }
        uint8x16_t a = entries.val[3];
        if (bits) {
            const uint8x16_t both = vcombine_u8(vdup_n_u8((uint8_t)bits), vdup_n_u8((uint8_t)(bits >> 8)));
            a = vorrq_u8(a, vandq_u8(vtstq_u8(both, bit_weights()), vtstq_u8(a, a)));
        }
        if (channels == 4) {
            uint8x16x4_t all = vld4q_u8(target);
            for (int c = 0; c < 3; c++) all.val[c] = blended16(all.val[c], entries.val[c], a);
            all.val[3] = blended16(all.val[3], vdupq_n_u8(255), a);
            vst4q_u8(target, all);
        } else {
            uint8x16x3_t all = vld3q_u8(target);
            for (int c = 0; c < 3; c++) all.val[c] = blended16(all.val[c], entries.val[c], a);
            vst3q_u8(target, all);
        }
    }
    blend_rest(ids, size, i, count, table, channels, edges, pixels);
}

int tm_mask_blend(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    if (size == 2) blend_neon(ids, 2, count, table, channels == 4 ? 4 : 3, edges, pixels);
    else blend_neon(ids, 1, count, table, channels == 4 ? 4 : 3, edges, pixels);
    return 1;
}

// The weight of its bit for each of 16 pixels that differ.
INLINE uint8x16_t differ16(const uint8_t *a, const uint8_t *b, size_t size) {
    uint8x16_t equal;
    if (size == 1) {
        equal = vceqq_u8(vld1q_u8(a), vld1q_u8(b));
    } else {
        const uint16x8_t one = vceqq_u16(vreinterpretq_u16_u8(vld1q_u8(a)), vreinterpretq_u16_u8(vld1q_u8(b)));
        const uint16x8_t two =
            vceqq_u16(vreinterpretq_u16_u8(vld1q_u8(a + 16)), vreinterpretq_u16_u8(vld1q_u8(b + 16)));
        equal = vcombine_u8(vmovn_u16(one), vmovn_u16(two));
    }
    return vbicq_u8(bit_weights(), equal);
}

INLINE void differences(const uint8_t *a, const uint8_t *b, size_t size, size_t count, uint64_t *bits) {
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        uint8x16_t parts[4];
        for (size_t k = 0; k < 4; k++) parts[k] = differ16(a + size * (i + 16 * k), b + size * (i + 16 * k), size);
        // Eight neighbours add up to a byte of bits.
        const uint8x16_t pairs = vpaddq_u8(vpaddq_u8(parts[0], parts[1]), vpaddq_u8(parts[2], parts[3]));
        bits[i / 64] = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
    }
    if (i < count) bits[i / 64] = differences_rest(a, b, size, i, count);
}

int tm_mask_differences(const void *a, const void *b, int size, size_t count, uint64_t *bits) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    if (size == 2) differences(a, b, 2, count, bits);
    else differences(a, b, 1, count, bits);
    return 1;
}

#endif
