#include "checksum.h"
#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__aarch64__)

#include <arm_neon.h>

// The sums of adler_x86.c, except that bytes are added up by their place among 32, in 16-bit columns, and multiplied by
// 32 … 1 once per chunk: a chunk of 5,504 bytes is 172 groups, a column at most 172 · 255 < 2^16, all dot products
// together 172 · 255 · (32 + … + 1) < 2^25.
enum { MODULUS = 65521, CHUNK = 5504 };

static size_t adler_neon(uint32_t *adler, const uint8_t *bytes, size_t count) {
    static const uint16_t falling[32] = {32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
                                         16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1};
    uint32_t a = *adler & 0xFFFF, b = *adler >> 16;
    const size_t whole = count & ~(size_t)31;
    for (size_t at = 0; at < whole;) {
        const size_t length = whole - at < CHUNK ? whole - at : CHUNK;
        uint32x4_t sums = vdupq_n_u32(0), earlier = sums, dots = sums;
        uint16x8_t columns[4] = {vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0)};
        for (const uint8_t *p = bytes + at, *end = p + length; p < end; p += 32) {
            const uint8x16_t first = vld1q_u8(p), second = vld1q_u8(p + 16);
            earlier = vaddq_u32(earlier, sums);
            sums = vpadalq_u16(sums, vpadalq_u8(vpaddlq_u8(first), second));
            columns[0] = vaddw_u8(columns[0], vget_low_u8(first));
            columns[1] = vaddw_high_u8(columns[1], first);
            columns[2] = vaddw_u8(columns[2], vget_low_u8(second));
            columns[3] = vaddw_high_u8(columns[3], second);
        }
        for (int i = 0; i < 4; i++) {
            const uint16x8_t weights = vld1q_u16(falling + 8 * i);
            dots = vmlal_u16(dots, vget_low_u16(columns[i]), vget_low_u16(weights));
            dots = vmlal_high_u16(dots, columns[i], weights);
        }
        b = (b + (uint32_t)length * a + 32 * vaddvq_u32(earlier) + vaddvq_u32(dots)) % MODULUS;
        a = (a + vaddvq_u32(sums)) % MODULUS;
        at += length;
    }
    *adler = b << 16 | a;
    return whole;
}

size_t tm_adler32(uint32_t *adler, const uint8_t *bytes, size_t count) {
    return tm_cpu_level() == TM_CPU_NEON ? adler_neon(adler, bytes, count) : 0;
}

#endif
