// The kernels of convert_bytes_x86.c. Each does what its namesake of convert.h does for as many numbers or pixels as fill
// whole registers, and returns how many these were.
#ifndef TM_CONVERT_BYTES_H
#define TM_CONVERT_BYTES_H

#include "convert.h"

size_t tm_convert_f32_u8_avx512(const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses);
size_t tm_convert_f32_u8_avx2(const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses);
size_t tm_interleave3_u8_avx512(const uint8_t *planes, size_t stride, uint8_t *out, size_t count);

#endif
