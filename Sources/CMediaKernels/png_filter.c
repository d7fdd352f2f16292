#include "cpu.h"
#include "png.h"

int tm_png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, uint8_t *out) { return 0; }
int tm_png_score(const uint8_t *bytes, size_t count, uint64_t *score) { return 0; }
int tm_png_equal_mask(const uint8_t *bytes, size_t words, size_t distance, uint64_t *mask) { return 0; }
int tm_png_has_vector_literals(void) { return 0; }
size_t tm_png_write_literals(const uint8_t *bytes, size_t count, const uint8_t *planes, tm_png_bits *bits) { return 0; }
