// The functions of sound.h, each made by LEVELS(NAME, PARAMETERS, ARGUMENTS), which the file of an architecture defines.

LEVELS(sound_f64_i16,
    (const void *in, int16_t *out, size_t count, double scale, tm_losses *losses),
    (in, out, count, scale, losses))
LEVELS(sound_f64_i32,
    (const void *in, int32_t *out, size_t count, double scale, tm_losses *losses),
    (in, out, count, scale, losses))
LEVELS(sound_envelope,
    (const void *in, size_t count, float *low, float *high, double *squares),
    (in, count, low, high, squares))

// What nearly every sound goes through has a kernel of its own on some architectures.
#ifndef TM_SOUND_BY_HAND
LEVELS(sound_f32_i16, (const void *in, int16_t *out, size_t count, tm_losses *losses), (in, out, count, losses))
#endif
