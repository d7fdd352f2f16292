// The loops of the mask kernels, for what is left when a kernel has taken its whole registers.
#ifndef TM_MASK_LOOPS_H
#define TM_MASK_LOOPS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE void argmax_rest(
    const uint8_t *numbers, size_t start, size_t count, uint8_t number, float *best, uint8_t *index, uint64_t *nans) {
    for (size_t i = start; i < count; i++) {
        float x;
        memcpy(&x, numbers + 4 * i, 4);
        if (x > best[i]) {
            best[i] = x;
            index[i] = number;
        }
        *nans += x != x;
    }
}

// The number of a pixel; `size` is a constant where this is inlined.
INLINE size_t mask_id(const uint8_t *ids, size_t size, size_t i) {
    if (size == 1) return ids[i];
    uint16_t id;
    memcpy(&id, ids + 2 * i, 2);
    return id;
}

INLINE int edge_bit(const uint64_t *edges, size_t i) { return edges && edges[i / 64] >> i % 64 & 1; }

INLINE void blend_rest(
    const uint8_t *ids, size_t size, size_t start, size_t count, const uint8_t *table, size_t channels,
    const uint64_t *edges, uint8_t *pixels) {
    for (size_t i = start; i < count; i++) {
        const uint8_t *entry = table + 4 * mask_id(ids, size, i);
        uint8_t *pixel = pixels + channels * i;
        const uint32_t a = entry[3] && edge_bit(edges, i) ? 255 : entry[3];
        for (size_t c = 0; c < channels; c++) {
            const uint32_t color = c == 3 ? 255 : entry[c];
            pixel[c] = (uint8_t)((pixel[c] * (255 - a) + color * a + 127) / 255);
        }
    }
}

// Up to 64 bits.
INLINE uint64_t differences_rest(const uint8_t *a, const uint8_t *b, size_t size, size_t start, size_t count) {
    uint64_t bits = 0;
    for (size_t i = start; i < count; i++) {
        bits |= (uint64_t)(mask_id(a, size, i) != mask_id(b, size, i)) << (i - start);
    }
    return bits;
}

#endif
