// Processors without kernels: conversions are the plain loops, everything else is left to the twins in Swift.
#if !defined(__x86_64__) && !defined(__aarch64__)

#include "checksum.h"
#include "convert_bodies.h"
#include "mask.h"
#include "png.h"
#include "sha256.h"
#include "yuv.h"

#define LEVELS(NAME, PARAMETERS, ARGUMENTS) void tm_##NAME PARAMETERS { body_##NAME ARGUMENTS; }

#include "convert_levels.h"

size_t tm_crc32(uint32_t *crc_register, const uint8_t *bytes, size_t count) {
    (void)crc_register, (void)bytes, (void)count;
    return 0;
}

size_t tm_crc32c(uint32_t *crc_register, const uint8_t *bytes, size_t count) {
    (void)crc_register, (void)bytes, (void)count;
    return 0;
}

size_t tm_adler32(uint32_t *adler, const uint8_t *bytes, size_t count) {
    (void)adler, (void)bytes, (void)count;
    return 0;
}

int tm_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    (void)state, (void)blocks, (void)count;
    return 0;
}

int tm_png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, uint8_t *out) {
    (void)filter, (void)row, (void)above, (void)count, (void)step, (void)out;
    return 0;
}

int tm_png_score(const uint8_t *bytes, size_t count, uint64_t *score) {
    (void)bytes, (void)count, (void)score;
    return 0;
}

int tm_png_equal_mask(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) {
    (void)bytes, (void)words, (void)distance, (void)mask;
    return 0;
}

int tm_argmax_f32(
    const void *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    (void)numbers, (void)count, (void)number, (void)best, (void)index, (void)nans;
    return 0;
}

int tm_mask_blend(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels) {
    (void)ids, (void)size, (void)count, (void)table, (void)channels, (void)edges, (void)pixels;
    return 0;
}

int tm_mask_differences(const void *a, const void *b, int size, size_t count, uint64_t *bits) {
    (void)a, (void)b, (void)size, (void)count, (void)bits;
    return 0;
}

int tm_yuv_quarter(
    const uint8_t *first, const uint8_t *second, int channels, size_t count, const tm_yuv_weights *weights,
    const tm_yuv_rows *rows) {
    (void)first, (void)second, (void)channels, (void)count, (void)weights, (void)rows;
    return 0;
}

int tm_yuv_full(
    const uint8_t *row, int channels, size_t count, const tm_yuv_weights *weights, uint8_t *y, uint8_t *u, uint8_t *v) {
    (void)row, (void)channels, (void)count, (void)weights, (void)y, (void)u, (void)v;
    return 0;
}

int tm_yuv_gray(const uint8_t *row, size_t count, int weight, uint8_t *y) {
    (void)row, (void)count, (void)weight, (void)y;
    return 0;
}

int tm_yuv_alpha(const uint8_t *row, size_t count, uint8_t *alpha) {
    (void)row, (void)count, (void)alpha;
    return 0;
}

#endif

#if !defined(__x86_64__)

// The loop in Swift has all that a kernel would have: the minimum of 32-bit integers is no extension elsewhere.
#include "range.h"

int tm_range_f32(const void *numbers, size_t count, int32_t *low, int32_t *high) {
    (void)numbers, (void)count, (void)low, (void)high;
    return 0;
}

// Literals have a kernel for AVX-512 alone. NEON would need twelve look-ups of 64 entries for 16 bytes, and no fewer steps
// than the Swift loop with four code words per store, counted, not measured.
#include "png.h"

size_t tm_png_pack_bits(const uint8_t *samples, size_t count, uint8_t *out) {
    (void)samples, (void)count, (void)out;
    return 0;
}

int tm_png_has_vector_literals(void) { return 0; }

size_t tm_png_write_literals(const uint8_t *bytes, size_t count, const uint8_t *planes, tm_png_bits *bits) {
    (void)bytes, (void)count, (void)planes, (void)bits;
    return 0;
}

#endif
