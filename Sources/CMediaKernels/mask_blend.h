// What the blend kernels of x86-64 share.
#ifndef TM_MASK_BLEND_H
#define TM_MASK_BLEND_H

#include "mask_loops.h"

// Which channel a byte belongs to, from any channel on.
static const uint16_t cycle3[34] = {
    0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
static const uint16_t cycle4[34] = {
    0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1};

// colour · a + 128 for each channel.
INLINE void weighted(const uint8_t *entry, uint32_t a, uint16_t out[4]) {
    for (int c = 0; c < 4; c++) out[c] = (uint16_t)((c == 3 ? 255u : entry[c]) * a + 128);
}

// In mask_blend_avx512.c.
void tm_mask_blend_avx512(
    const void *ids, int size, size_t count, const uint8_t *table, int channels, const uint64_t *edges, uint8_t *pixels);

#endif
