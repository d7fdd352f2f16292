// Where two rows of a mask differ, a bit for each pixel.
#include "cpu.h"
#include "mask.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "mask_loops.h"

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw")))

// 32 pixels.
AVX2 INLINE uint32_t differ32(const uint8_t *a, const uint8_t *b, size_t size) {
    const __m256i first = _mm256_loadu_si256((const __m256i *)a), other = _mm256_loadu_si256((const __m256i *)b);
    if (size == 1) return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, other));
    const __m256i second = _mm256_loadu_si256((const __m256i *)(a + 32));
    const __m256i another = _mm256_loadu_si256((const __m256i *)(b + 32));
    // Packing works in each half; the middle quarters change places.
    const __m256i equal = _mm256_packs_epi16(_mm256_cmpeq_epi16(first, other), _mm256_cmpeq_epi16(second, another));
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(equal, 0xD8));
}

AVX2 INLINE void differences_avx2(const uint8_t *a, const uint8_t *b, size_t size, size_t count, uint64_t *bits) {
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        const uint64_t low = differ32(a + size * i, b + size * i, size);
        bits[i / 64] = low | (uint64_t)differ32(a + size * (i + 32), b + size * (i + 32), size) << 32;
    }
    if (i < count) bits[i / 64] = differences_rest(a, b, size, i, count);
}

AVX512 INLINE void differences_avx512(const uint8_t *a, const uint8_t *b, size_t size, size_t count, uint64_t *bits) {
    const size_t lanes = 64 / size;
    for (size_t i = 0; i < count; i += 64) {
        uint64_t word = 0;
        for (size_t k = 0; k < 64 && i + k < count; k += lanes) {
            const size_t rest = count - i - k;
            const uint64_t which = rest >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << rest) - 1;
            const uint8_t *one = a + size * (i + k), *other = b + size * (i + k);
            if (size == 1) {
                word |= _mm512_cmpneq_epi8_mask(
                    _mm512_maskz_loadu_epi8(which, one), _mm512_maskz_loadu_epi8(which, other));
            } else {
                word |= (uint64_t)_mm512_cmpneq_epi16_mask(
                            _mm512_maskz_loadu_epi16((__mmask32)which, one),
                            _mm512_maskz_loadu_epi16((__mmask32)which, other))
                    << k;
            }
        }
        bits[i / 64] = word;
    }
}

AVX2 static void run_avx2(const uint8_t *a, const uint8_t *b, int size, size_t count, uint64_t *bits) {
    if (size == 2) differences_avx2(a, b, 2, count, bits);
    else differences_avx2(a, b, 1, count, bits);
}

AVX512 static void run_avx512(const uint8_t *a, const uint8_t *b, int size, size_t count, uint64_t *bits) {
    if (size == 2) differences_avx512(a, b, 2, count, bits);
    else differences_avx512(a, b, 1, count, bits);
}

int tm_mask_differences(const void *a, const void *b, int size, size_t count, uint64_t *bits) {
    switch (tm_cpu_level()) {
    case TM_CPU_AVX512: run_avx512(a, b, size, count, bits); return 1;
    case TM_CPU_AVX2: run_avx2(a, b, size, count, bits); return 1;
    default: return 0;
    }
}

#endif
