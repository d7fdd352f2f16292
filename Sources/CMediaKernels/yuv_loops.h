// The loops of the YUV kernels, for what is left when a kernel has taken its whole registers.
#ifndef TM_YUV_LOOPS_H
#define TM_YUV_LOOPS_H

#include "yuv.h"

#define INLINE static inline __attribute__((always_inline))

INLINE int32_t yuv_sum(const int16_t weights[3], int32_t red, int32_t green, int32_t blue) {
    return weights[0] * red + weights[1] * green + weights[2] * blue;
}

INLINE uint8_t yuv_luma(const int16_t weights[3], const uint8_t *pixel) {
    return (uint8_t)((yuv_sum(weights, pixel[0], pixel[1], pixel[2]) + (33 << 14)) >> 15);
}

INLINE void quarter_rest(
    const uint8_t *first, const uint8_t *second, size_t channels, size_t start, size_t count,
    const tm_yuv_weights *weights, const tm_yuv_rows *rows) {
    for (size_t i = start; i < count; i += 2) {
        const size_t next = i + 1 < count ? i + 1 : i;
        const uint8_t *a = first + channels * i, *b = first + channels * next;
        const uint8_t *c = second + channels * i, *d = second + channels * next;
        rows->first[i] = yuv_luma(weights->y, a);
        rows->first[i + 1] = yuv_luma(weights->y, b);
        rows->second[i] = yuv_luma(weights->y, c);
        rows->second[i + 1] = yuv_luma(weights->y, d);
        const int32_t red = a[0] + b[0] + c[0] + d[0], green = a[1] + b[1] + c[1] + d[1];
        const int32_t blue = a[2] + b[2] + c[2] + d[2];
        rows->u[i / 2] = (uint8_t)((yuv_sum(weights->u, red, green, blue) + (257 << 17)) >> 18);
        rows->v[i / 2] = (uint8_t)((yuv_sum(weights->v, red, green, blue) + (257 << 17)) >> 18);
    }
}

INLINE void full_rest(
    const uint8_t *row, size_t channels, size_t start, size_t count, const tm_yuv_weights *weights, uint8_t *y,
    uint8_t *u, uint8_t *v) {
    for (size_t i = start; i < count; i++) {
        const uint8_t *pixel = row + channels * i;
        y[i] = yuv_luma(weights->y, pixel);
        u[i] = (uint8_t)((yuv_sum(weights->u, pixel[0], pixel[1], pixel[2]) + (257 << 15)) >> 16);
        v[i] = (uint8_t)((yuv_sum(weights->v, pixel[0], pixel[1], pixel[2]) + (257 << 15)) >> 16);
    }
}

INLINE void gray_rest(const uint8_t *row, size_t start, size_t count, int weight, uint8_t *y) {
    for (size_t i = start; i < count; i++) y[i] = (uint8_t)((weight * row[i] + (33 << 14)) >> 15);
}

INLINE void alpha_rest(const uint8_t *row, size_t start, size_t count, uint8_t *alpha) {
    for (size_t i = start; i < count; i++) alpha[i] = row[4 * i + 3];
}

// Blocks of `size` pixels from the front of `count`, the last one so far back that it ends with the pixels: what two blocks
// have in common is made twice. Nothing when there are fewer pixels than a block has.
#define FOR_BLOCKS(i, size, count)                                                                              \
    for (size_t i = 0, last_ = (count) - (size), more_ = (count) >= (size); more_;                              \
         more_ = i < last_, i = i + (size) < last_ ? i + (size) : last_)

#endif
