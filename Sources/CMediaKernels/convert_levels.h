// The functions of convert.h, each made by LEVELS(NAME, PARAMETERS, ARGUMENTS), which the file of an architecture defines.

LEVELS(convert_f32_u16,
    (const void *in, tm_sample16 *out, size_t count, tm_linear32 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(convert_f64_u8,
    (const void *in, uint8_t *out, size_t count, tm_linear64 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(convert_f64_u16,
    (const void *in, tm_sample16 *out, size_t count, tm_linear64 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(widen_bf16, (const void *in, float *out, size_t count), (in, out, count))
LEVELS(interleave_u16,
    (const tm_sample16 *planes, size_t stride, int channels, tm_sample16 *out, size_t count),
    (planes, stride, channels, out, count))

// What a picture of floats goes through most has kernels of its own on some architectures.
#ifndef TM_BYTES_BY_HAND
LEVELS(widen_f16, (const void *in, float *out, size_t count), (in, out, count))
LEVELS(convert_f32_u8,
    (const void *in, uint8_t *out, size_t count, tm_linear32 rule, tm_losses *losses),
    (in, out, count, rule, losses))
LEVELS(interleave_u8,
    (const uint8_t *planes, size_t stride, int channels, uint8_t *out, size_t count),
    (planes, stride, channels, out, count))
#endif
