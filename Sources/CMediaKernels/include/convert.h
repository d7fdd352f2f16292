// Numbers to samples: the inner loops of value mapping.
//
// Every function has a Swift twin in ImageCoding/Tensors/SampleKernels.swift that gives the same bits and the same
// counts. Inputs and outputs may stand at any address.
#ifndef TM_CONVERT_H
#define TM_CONVERT_H

#include <stddef.h>
#include <stdint.h>

/// A 16-bit sample at any address.
typedef uint16_t __attribute__((aligned(1))) tm_sample16;

/// What a conversion lost; the functions add to it.
typedef struct {
    uint64_t low;
    uint64_t high;
    uint64_t not_finite;
} tm_losses;

/// A range of numbers that becomes the range of samples: x * scale + offset, in two roundings. Numbers below `least` and
/// above `greatest` are counted as clipped; the comparison is exact, where that of the scaled number would see its roundings.
typedef struct {
    float scale, offset, least, greatest;
} tm_linear32;
/// The same in float64.
typedef struct {
    double scale, offset, least, greatest;
} tm_linear64;

/// out[i] = round_half_even(clamp(in[i] * scale + offset, 0, 255)), computed in float32; 0 where in[i] is not finite.
void tm_convert_f32_u8(const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses);
/// As above, to 0…65535.
void tm_convert_f32_u16(const void *in, tm_sample16 *out, size_t count, tm_linear32 rule, tm_losses *losses);
/// As above from float64, in float64.
void tm_convert_f64_u8(const void *in, uint8_t *out, size_t count, tm_linear64 rule, tm_losses *losses);
/// As above from float64, in float64, to 0…65535.
void tm_convert_f64_u16(const void *in, tm_sample16 *out, size_t count, tm_linear64 rule, tm_losses *losses);

/// binary16 to binary32, exactly; a NaN stays one.
void tm_widen_f16(const void *in, float *out, size_t count);
/// bfloat16 to binary32, exactly.
void tm_widen_bf16(const void *in, float *out, size_t count);

/// Planes to pixels: out[i * channels + c] = planes[c][i], for 2, 3 or 4 channels.
void tm_interleave_u8(const uint8_t *planes, size_t plane_stride, int channels, uint8_t *out, size_t count);
/// As above for 16-bit samples; plane_stride counts samples.
void tm_interleave_u16(const tm_sample16 *planes, size_t plane_stride, int channels, tm_sample16 *out, size_t count);

#endif
