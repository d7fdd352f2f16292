// What the YUV kernels of x86-64 share.
#ifndef TM_YUV_X86_H
#define TM_YUV_X86_H

#include "yuv_loops.h"

// In yuv_avx512.c; for 64 pixels or more, of which an odd last one is left out.
void tm_yuv_quarter_avx512(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows);
void tm_yuv_full_avx512(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v);

// Two weights for pairs of 16-bit numbers.
INLINE int yuv_pair(int first, int second) { return (int)((uint32_t)(uint16_t)second << 16 | (uint16_t)first); }

#endif
