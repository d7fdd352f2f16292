#include "checksum.h"
#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__aarch64__)

#include <arm_acle.h>
#include <arm_neon.h>

#include "crc_folding.h"

#define CRC __attribute__((target("crc")))
#define FOLDING __attribute__((always_inline, target("crc,aes"))) static inline

FOLDING uint64x2_t load(const uint8_t *bytes) { return vreinterpretq_u64_u8(vld1q_u8(bytes)); }

FOLDING uint64x2_t folded(uint64x2_t value, uint64x2_t constants, uint64x2_t onto) {
    const poly64x2_t v = vreinterpretq_p64_u64(value), c = vreinterpretq_p64_u64(constants);
    const uint64x2_t low = vreinterpretq_u64_p128(vmull_p64(vgetq_lane_p64(v, 0), vgetq_lane_p64(c, 0)));
    const uint64x2_t high = vreinterpretq_u64_p128(vmull_high_p64(v, c));
    return veorq_u64(veorq_u64(low, high), onto);
}

// Folds whole groups of 64 bytes, at least one, and sets `words` to 16 bytes whose CRC, from a register of 0, is theirs.
// Returns how many bytes these were.
FOLDING size_t fold(uint32_t crc, const folding *f, const uint8_t *bytes, size_t count, uint64_t words[2]) {
    const uint64x2_t near = vld1q_u64(f->near), next = vld1q_u64(f->next);
    uint64x2_t a = veorq_u64(load(bytes), vsetq_lane_u64(crc, vdupq_n_u64(0), 0));
    uint64x2_t b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
    size_t at = 64;
    for (; count - at >= 64; at += 64) {
        a = folded(a, near, load(bytes + at));
        b = folded(b, near, load(bytes + at + 16));
        c = folded(c, near, load(bytes + at + 32));
        d = folded(d, near, load(bytes + at + 48));
    }
    vst1q_u64(words, folded(folded(folded(a, next, b), next, c), next, d));
    return at;
}

// The instructions know both polynomials. They take 8 bytes each and wait for one another, so folding is quicker from a
// few hundred bytes on; they divide what it leaves.
#define CRC_BODY(NAME, FOLDING_NUMBERS, TAKE_WORD, TAKE_BYTE)                                                   \
    CRC static void NAME##_instructions(uint32_t *crc, const uint8_t *bytes, size_t count) {                    \
        uint32_t value = *crc;                                                                                  \
        for (; count >= 8; count -= 8, bytes += 8) {                                                            \
            uint64_t word;                                                                                      \
            __builtin_memcpy(&word, bytes, 8);                                                                  \
            value = TAKE_WORD(value, word);                                                                     \
        }                                                                                                       \
        for (; count > 0; count--, bytes++) value = TAKE_BYTE(value, *bytes);                                   \
        *crc = value;                                                                                           \
    }                                                                                                           \
    __attribute__((target("crc,aes"))) static size_t NAME##_folded(                                            \
        uint32_t *crc, const uint8_t *bytes, size_t count) {                                                    \
        uint64_t words[2];                                                                                      \
        const size_t taken = fold(*crc, &FOLDING_NUMBERS, bytes, count, words);                                 \
        *crc = TAKE_WORD(TAKE_WORD(0, words[0]), words[1]);                                                     \
        return taken;                                                                                           \
    }                                                                                                           \
    size_t tm_##NAME(uint32_t *crc_register, const uint8_t *bytes, size_t count) {                              \
        const uint32_t features = tm_cpu_features();                                                            \
        if (!(features & TM_CPU_HAS_CRC32)) return 0;                                                           \
        size_t taken = 0;                                                                                       \
        if (count >= 256 && features & TM_CPU_HAS_PMULL) taken = NAME##_folded(crc_register, bytes, count);    \
        NAME##_instructions(crc_register, bytes + taken, count - taken);                                        \
        return count;                                                                                           \
    }

CRC_BODY(crc32, crc32_folding, __crc32d, __crc32b)
CRC_BODY(crc32c, crc32c_folding, __crc32cd, __crc32cb)

#endif
