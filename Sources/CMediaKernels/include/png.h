// The inner loops of the PNG encoder. Twins: ImageCoding/PNG (PNGFilterLoops, PNGMatchLoops, PNGRowPacking, DeflateBits).
//
// A function that returns an int returns 0 and does nothing where the current CPU level has no kernel.
#ifndef TM_PNG_H
#define TM_PNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Filters `count` bytes of `row` with PNG's filter 0…4; `step` is the number of bytes per pixel. `out` overlaps neither row.
int tm_png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, uint8_t *out);

// The sum over all bytes of the absolute value of the byte taken as signed (128 counts as 128).
int tm_png_score(const uint8_t *bytes, size_t count, uint64_t *score);

// Sets bit i of `mask` where bytes[i] equals bytes[i - distance], for 64 * words bytes.
int tm_png_equal_mask(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask);

// Packs samples of one byte each, of which the lowest bit counts, to one bit each, the first in the highest bit. Returns how
// many samples were packed, a multiple of 8; `out` may begin where `samples` begins, or in front of it.
size_t tm_png_pack_bits(const uint8_t *samples, size_t count, uint8_t *out);

// Whether tm_png_write_literals has a kernel at the current level.
int tm_png_has_vector_literals(void);

// A bit stream that is being written: where the next whole byte goes, and the `waiting` bits, fewer than 8, behind it.
typedef struct {
    uint8_t *out;
    uint64_t accumulator;
    uint64_t waiting;
} tm_png_bits;

// Appends the code words of bytes to a bit stream, 64 bytes at a time, and returns how many bytes these were.
// `planes` holds 256 low halves of code words (first bit lowest), 256 high halves, 256 lengths of 1…14.
// Up to 8 bytes behind the last whole byte are overwritten. To be called only where tm_png_has_vector_literals was true.
size_t tm_png_write_literals(const uint8_t *bytes, size_t count, const uint8_t *planes, tm_png_bits *bits);

#ifdef __cplusplus
}
#endif
#endif
