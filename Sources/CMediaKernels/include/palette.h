// Colours of palettes. Twin: VideoCoding/GIF/Palettes/NearestColor.swift.
//
// A function that returns an int returns 0 and does nothing where the current CPU level has no kernel.
#ifndef TM_PALETTE_H
#define TM_PALETTE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The colour nearest to another: of `colors`, 256 first coordinates, then 256 second and 256 third ones, the first `count`
// rounded up to a multiple of 16 are looked at. `index` becomes the lowest number of those at the least distance, `distance`
// (dx * dx + dy * dy) + dz * dz, which is below infinity for one of them.
int tm_palette_nearest(
    const float *colors, size_t count, const float color[3], uint32_t *index, float *distance);

#ifdef __cplusplus
}
#endif
#endif
