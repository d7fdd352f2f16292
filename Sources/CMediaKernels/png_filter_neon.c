// Filters, their scores and the comparison of bytes with those before them, 16 bytes at a time.
#include "cpu.h"
#include "png.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__aarch64__)
#include <arm_neon.h>

#include "png_filter_loops.h"

// a and c stand one pixel before x and b. The Paeth predictor in 8 bits: see PNGFilterLoops.paeth.
INLINE uint8x16_t filtered(int filter, uint8x16_t x, uint8x16_t a, uint8x16_t b, uint8x16_t c) {
    switch (filter) {
    case 1: return vsubq_u8(x, a);
    case 2: return vsubq_u8(x, b);
    case 3: return vsubq_u8(x, vhaddq_u8(a, b));
    default: {
        const uint8x16_t to_a = vabdq_u8(b, c), to_b = vabdq_u8(a, c);
        // Ones where b > c is a > c.
        const uint8x16_t same = vceqq_u8(vcgtq_u8(b, c), vcgtq_u8(a, c));
        const uint8x16_t to_c = vorrq_u8(same, vabdq_u8(to_a, to_b));
        const uint8x16_t nearest = vbslq_u8(vcltq_u8(to_b, to_a), b, a);
        return vsubq_u8(x, vbslq_u8(vcltq_u8(to_c, vminq_u8(to_a, to_b)), c, nearest));
    }
    }
}

INLINE void filter_rows(
    int filter, const uint8_t *row, const uint8_t *above, size_t start, size_t count, size_t step, uint8_t *out) {
    if (count - start < 16) {
        filter_loops(filter, row, above, start, count, step, out);
        return;
    }
    for (size_t i = start; i < count; i += 16) {
        // The last 16 bytes begin where they must, and some are written twice.
        const size_t at = count - i >= 16 ? i : count - 16;
        const uint8x16_t result = filtered(
            filter, vld1q_u8(row + at), vld1q_u8(row + at - step), vld1q_u8(above + at), vld1q_u8(above + at - step));
        vst1q_u8(out + at, result);
    }
}

int tm_png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, uint8_t *out) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    if (filter <= 0) {
        memcpy(out, row, count);
        return 1;
    }
    const size_t head = step < count ? step : count;
    first_pixel(filter, row, above, head, out);
    // A constant, so that each loop is compiled for its filter alone.
    switch (filter) {
    case 1: filter_rows(1, row, above, head, count, step, out); break;
    case 2: filter_rows(2, row, above, head, count, step, out); break;
    case 3: filter_rows(3, row, above, head, count, step, out); break;
    default: filter_rows(4, row, above, head, count, step, out); break;
    }
    return 1;
}

int tm_png_score(const uint8_t *bytes, size_t count, uint64_t *score) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    uint64_t total = 0;
    size_t i = 0;
    while (count - i >= 16) {
        // Two bytes of at most 128 are added to a 16-bit lane at a time: no more than 255 times.
        const size_t left = (count - i) / 16, groups = left < 255 ? left : 255;
        uint16x8_t sums = vdupq_n_u16(0);
        for (const size_t end = i + 16 * groups; i < end; i += 16) {
            sums = vpadalq_u8(sums, vreinterpretq_u8_s8(vabsq_s8(vreinterpretq_s8_u8(vld1q_u8(bytes + i)))));
        }
        total += vaddlvq_u16(sums);
    }
    *score = total + score_rest(bytes, i, count);
    return 1;
}

int tm_png_equal_mask(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) {
    if (tm_cpu_level() != TM_CPU_NEON) return 0;
    // Every lane keeps the bit of its place among eight; three sums of neighbours then bring eight lanes together.
    const uint8x16_t places = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
    for (size_t word = 0; word < words; word++) {
        const uint8_t *here = bytes + 64 * word, *before = here - distance;
        uint8x16_t bits[4];
        for (int i = 0; i < 4; i++) {
            bits[i] = vandq_u8(vceqq_u8(vld1q_u8(here + 16 * i), vld1q_u8(before + 16 * i)), places);
        }
        const uint8x16_t fours = vpaddq_u8(vpaddq_u8(bits[0], bits[1]), vpaddq_u8(bits[2], bits[3]));
        mask[word] = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(fours, fours)), 0);
    }
    return 1;
}

#endif
