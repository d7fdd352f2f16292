// Samples of sound: one body per operation, compiled for each level of instructions; the compiler's vectoriser does the rest.
// Float32 to 16 bits is written out: the compiler's version takes three times as long.
//
// A block of numbers within −1…1, which is nearly every one, loses nothing: packing clamps the 1 alone. The others go through
// the loop that counts.
#include "sound.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <immintrin.h>

#include "levels_x86.h"
#include "sound_bodies.h"

#define TM_SOUND_BY_HAND
#include "sound_levels.h"

// As in convert_bytes_x86.c: the processor's own prefetching ends with a page.
enum { AHEAD = 4096 };

ALWAYS_INLINE void fetch_line(const void *place, size_t distance) {
    _mm_prefetch((const char *)((uintptr_t)place + distance), _MM_HINT_T0);
}

// Whole blocks; returns how many numbers these had.
AVX512 static size_t f32_i16_avx512(const void *in, int16_t *out, size_t count, tm_losses *losses) {
    const __m512 scale = _mm512_set1_ps(0x1p15f), one = _mm512_set1_ps(1);
    // Packing works in quarters of a register: this puts the groups of four samples back in order.
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    const char *bytes = in;
    size_t done = 0;
    for (; done + 64 <= count; done += 64, bytes += 256) {
        for (size_t line = 0; line < 256; line += 64) fetch_line(bytes, AHEAD + line);
        const __m512 x0 = _mm512_loadu_ps(bytes), x1 = _mm512_loadu_ps(bytes + 64);
        const __m512 x2 = _mm512_loadu_ps(bytes + 128), x3 = _mm512_loadu_ps(bytes + 192);
        __mmask16 fits = _mm512_cmp_ps_mask(_mm512_abs_ps(x0), one, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, _mm512_abs_ps(x1), one, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, _mm512_abs_ps(x2), one, _CMP_LE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, _mm512_abs_ps(x3), one, _CMP_LE_OQ);
        if (__builtin_expect(fits != 0xFFFF, 0)) {
            body_sound_f32_i16(bytes, out + done, 64, losses);
            continue;
        }
        const __m512i a = _mm512_packs_epi32(
            _mm512_cvtps_epi32(_mm512_mul_ps(x0, scale)), _mm512_cvtps_epi32(_mm512_mul_ps(x1, scale)));
        const __m512i b = _mm512_packs_epi32(
            _mm512_cvtps_epi32(_mm512_mul_ps(x2, scale)), _mm512_cvtps_epi32(_mm512_mul_ps(x3, scale)));
        _mm512_storeu_si512(out + done, _mm512_permutexvar_epi64(order, a));
        _mm512_storeu_si512(out + done + 32, _mm512_permutexvar_epi64(order, b));
    }
    return done;
}

AVX2 static size_t f32_i16_avx2(const void *in, int16_t *out, size_t count, tm_losses *losses) {
    const __m256 scale = _mm256_set1_ps(0x1p15f), one = _mm256_set1_ps(1), sign = _mm256_set1_ps(-0.0f);
    const float *numbers = in;
    size_t done = 0;
    for (; done + 16 <= count; done += 16) {
        fetch_line(numbers + done, AHEAD);
        const __m256 x0 = _mm256_loadu_ps(numbers + done), x1 = _mm256_loadu_ps(numbers + done + 8);
        const __m256 fits = _mm256_and_ps(
            _mm256_cmp_ps(_mm256_andnot_ps(sign, x0), one, _CMP_LE_OQ),
            _mm256_cmp_ps(_mm256_andnot_ps(sign, x1), one, _CMP_LE_OQ));
        if (__builtin_expect(_mm256_movemask_ps(fits) != 0xFF, 0)) {
            body_sound_f32_i16(numbers + done, out + done, 16, losses);
            continue;
        }
        const __m256i packed = _mm256_packs_epi32(
            _mm256_cvtps_epi32(_mm256_mul_ps(x0, scale)), _mm256_cvtps_epi32(_mm256_mul_ps(x1, scale)));
        _mm256_storeu_si256((__m256i *)(out + done), _mm256_permute4x64_epi64(packed, 0xD8));
    }
    return done;
}

void tm_sound_f32_i16(const void *in, int16_t *out, size_t count, tm_losses *losses) {
    size_t done = 0;
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: done = f32_i16_avx512(in, out, count, losses); break;
    case TM_CPU_AVX2: done = f32_i16_avx2(in, out, count, losses); break;
    default: break;
    }
    body_sound_f32_i16((const char *)in + 4 * done, out + done, count - done, losses);
}

#endif
