// Classes of pixels: which of many is greatest, and their colours over a picture. Twins: MediaAnnotations/Masks/MaskLoops.swift.
//
// A function that returns an int returns 0 and does nothing where the current CPU level has no kernel.
#ifndef TM_MASK_H
#define TM_MASK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One class of an argmax: where numbers[i] > best[i], best[i] becomes that number and index[i] becomes `number`. A NaN is
// greater than nothing; they are counted into `nans`. `numbers` are float32 at any address.
int tm_argmax_f32(
    const void *numbers, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans);

// Blends the colour of each pixel's class over the pixel: (base * (255 - a) + colour * a + 127) / 255, rounded down, for
// every channel. `ids` are numbers of `size` bytes, 1 or 2, in native order. `table` has four bytes for every number that
// they can hold: red, green, blue, and a. `edges` is null or has a bit for each pixel, the lowest of the first word first:
// where one is set, a class whose a is not 0 shows as if it were 255. `channels` is 3, or 4 where the last is opacity, which
// is blended towards 255.
int tm_mask_blend(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels);

// Bit i of `bits` becomes 1 where a[i] != b[i], numbers of `size` bytes, 1 or 2. Of the last word, bits beyond become 0.
int tm_mask_differences(const void *a, const void *b, int size, size_t count, uint64_t *bits);

#ifdef __cplusplus
}
#endif
#endif
