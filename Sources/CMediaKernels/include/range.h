// The extremes of many numbers. Twin: TensorIO/Values/TensorRange.swift.
#ifndef TM_RANGE_H
#define TM_RANGE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The least and the greatest of `count` float32 at any address, compared by their bits: with all but the sign of negative
// ones inverted, bits as signed integers have the order of the numbers, with NaN beyond infinity. `low` and `high` are in
// that form, and are only ever moved outwards. Returns 0, having done nothing, where the current CPU level has no kernel.
int tm_range_f32(const void *numbers, size_t count, int32_t *low, int32_t *high);

#ifdef __cplusplus
}
#endif
#endif
