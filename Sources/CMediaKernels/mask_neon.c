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

// 16 pixels at a time, channel by channel. Where all are of one class, its colour is a constant, and nothing is done when
// it does not show; elsewhere each pixel fetches its own.
static void blend_neon(
    const uint8_t *ids, size_t count, const uint8_t *table, size_t channels, uint8_t *pixels) {
    size_t i = 0;
    for (; count - i >= 16; i += 16) {
        const uint8x16_t own = vld1q_u8(ids + i);
        uint8_t *target = pixels + channels * i;
        uint8x16x4_t entries;
        if (vminvq_u8(own) == vmaxvq_u8(own)) {
            const uint8_t *entry = table + 4 * (size_t)ids[i];
            if (entry[3] == 0) continue;
            for (int c = 0; c < 4; c++) entries.val[c] = vdupq_n_u8(entry[c]);
        } else {
            uint8_t fetched[64];
            for (size_t k = 0; k < 16; k++) memcpy(fetched + 4 * k, table + 4 * (size_t)ids[i + k], 4);
            entries = vld4q_u8(fetched);
        }
        const uint8x16_t a = entries.val[3];
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
    blend_rest(ids, i, count, table, channels, pixels);
}

int tm_mask_blend(const uint8_t *ids, size_t count, const uint8_t *table, int channels, uint8_t *pixels) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    blend_neon(ids, count, table, channels == 4 ? 4 : 3, pixels);
    return 1;
}

#endif
