// The loops of the PNG filters, for what is left when a kernel has taken its whole registers.
#ifndef TM_PNG_FILTER_LOOPS_H
#define TM_PNG_FILTER_LOOPS_H

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

// The Paeth predictor in 8 bits: see PNGFilterLoops.paeth.
INLINE uint8_t paeth(uint8_t a, uint8_t b, uint8_t c) {
    const uint8_t to_a = b > c ? b - c : c - b;
    const uint8_t to_b = a > c ? a - c : c - a;
    const uint8_t apart = to_a > to_b ? to_a - to_b : to_b - to_a;
    const uint8_t to_c = (b > c) == (a > c) ? 255 : apart;
    const uint8_t nearest = to_b < to_a ? b : a;
    const uint8_t distance = to_a < to_b ? to_a : to_b;
    return to_c < distance ? c : nearest;
}

// Whole bytes of a row from `start` on; what is left of a row's first pixel is 0.
INLINE void filter_loops(
    int filter, const uint8_t *restrict row, const uint8_t *restrict above, size_t start, size_t count, size_t step,
    uint8_t *restrict out) {
    const uint8_t *left = row - step, *corner = above - step;
    switch (filter) {
    case 1:
        for (size_t i = start; i < count; i++) out[i] = (uint8_t)(row[i] - left[i]);
        break;
    case 2:
        for (size_t i = start; i < count; i++) out[i] = (uint8_t)(row[i] - above[i]);
        break;
    case 3:
        for (size_t i = start; i < count; i++) {
            out[i] = (uint8_t)(row[i] - ((left[i] & above[i]) + ((left[i] ^ above[i]) >> 1)));
        }
        break;
    default:
        for (size_t i = start; i < count; i++) out[i] = (uint8_t)(row[i] - paeth(left[i], above[i], corner[i]));
    }
}

INLINE void first_pixel(int filter, const uint8_t *row, const uint8_t *above, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t predicted = filter == 1 ? 0 : filter == 3 ? above[i] >> 1 : above[i];
        out[i] = (uint8_t)(row[i] - predicted);
    }
}

INLINE uint64_t score_rest(const uint8_t *bytes, size_t start, size_t count) {
    uint64_t total = 0;
    for (size_t i = start; i < count; i++) {
        const uint8_t value = bytes[i], negative = (uint8_t)-value;
        total += value < negative ? value : negative;
    }
    return total;
}

#endif
