// Truth values to bits. Twin: PNGRowPacking.pack in Swift.
#include "cpu.h"
#include "png.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

// Of each 8 bytes the last first: bits of a mask count from the lowest, those of a PNG from the highest.
AVX2 static size_t pack_bits_avx2(const uint8_t *samples, size_t count, uint8_t *out) {
    const __m256i backwards = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
    size_t done = 0;
    for (; done + 32 <= count; done += 32) {
        const __m256i x = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(samples + done)), backwards);
        const uint32_t bits = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(x, 7));
        memcpy(out + done / 8, &bits, 4);
    }
    return done;
}

size_t tm_png_pack_bits(const uint8_t *samples, size_t count, uint8_t *out) {
    const int level = tm_cpu_level();
    return level == TM_CPU_AVX2 || level == TM_CPU_AVX512 ? pack_bits_avx2(samples, count, out) : 0;
}

#endif
