// Numbers to samples of sound: the inner loops of PCM files.
//
// Every function has a Swift twin in AudioCoding/Samples/PCMKernels.swift that gives the same bits and the same counts.
// Inputs may stand at any address.
#ifndef TM_SOUND_H
#define TM_SOUND_H

#include <stddef.h>
#include <stdint.h>

#include "convert.h"

#ifdef __cplusplus
extern "C" {
#endif

// out[i] = round_half_even(in[i] * 2^15), clamped to -2^15 … 2^15 - 1; 0 where in[i] is not finite. The product is exact.
// Finite numbers below -1 and above 1 are counted as lost.
void tm_sound_f32_i16(const void *in, int16_t *out, size_t count, tm_losses *losses);
// As above, in float64, with another power of two for 2^15: `scale`.
void tm_sound_f64_i16(const void *in, int16_t *out, size_t count, double scale, tm_losses *losses);
// As above, to up to 32 bits.
void tm_sound_f64_i32(const void *in, int32_t *out, size_t count, double scale, tm_losses *losses);

// The least, the greatest and the squares of floats, in eight lanes: number i goes to lane i mod 8. `count` is a multiple of 8;
// what the lanes hold is added to. The twin is in AudioCoding/Pictures/EnvelopeSum.swift.
void tm_sound_envelope(const void *in, size_t count, float *low, float *high, double *squares);

#ifdef __cplusplus
}
#endif
#endif
