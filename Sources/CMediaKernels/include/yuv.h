// Pixels of 8 bits to YUV of limited range. Twins: VideoCoding/Video/YUVLoops.swift.
//
// A function that returns an int returns 0 and does nothing where the current CPU level has no kernel. Outputs overlap no
// input.
#ifndef TM_YUV_H
#define TM_YUV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What red, green and blue add to luma, in 1/32768, and to chroma, in 1/65536. They are such that every result is a byte, as
// those of each matrix are: kernels do not agree on what they make of others.
typedef struct {
    int16_t y[3], u[3], v[3];
} tm_yuv_weights;

// Where luma of two rows goes, and the chroma that they share.
typedef struct {
    uint8_t *first, *second, *u, *v;
} tm_yuv_rows;

// Two rows of pixels of 3 or 4 channels, red, green, blue first, to 4:2:0:
// y = (sum of weight * sample + 16.5 * 32768) >> 15, chroma = (sum of weight * (sum of four samples) + 128.5 * 262144) >> 18.
// Behind an odd `count` the last pixel stands once more: `count` rounded up to even is how many bytes of luma are written.
int tm_yuv_quarter(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows);

// A row of pixels of 3 or 4 channels to 4:4:4; chroma = (sum of weight * sample + 128.5 * 65536) >> 16.
int tm_yuv_full(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v);

// Gray to luma: (weight * sample + 16.5 * 32768) >> 15; the weight is not negative.
int tm_yuv_gray(const uint8_t *row, size_t count, int weight, uint8_t *y);

// The fourth sample of pixels of four.
int tm_yuv_alpha(const uint8_t *row, size_t count, uint8_t *alpha);

#ifdef __cplusplus
}
#endif
#endif
