#include "sha256.h"

#include "cpu.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__aarch64__)

#include <arm_neon.h>

#include "sha256_constants.h"

__attribute__((target("sha2"))) static void blocks_sha2(uint32_t state[8], const uint8_t *bytes, size_t count) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; count > 0; count--, bytes += 64) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t words[4];
        for (int i = 0; i < 4; i++) words[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes + 16 * i)));
        // Four rounds a turn; the words of turn i + 4 take the place of those of turn i. Unrolled, all stay in
        // registers.
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            const uint32x4_t sums = vaddq_u32(words[i & 3], vld1q_u32(round_constants + 4 * i));
            const uint32x4_t abcd_here = abcd;
            abcd = vsha256hq_u32(abcd, efgh, sums);
            efgh = vsha256h2q_u32(efgh, abcd_here, sums);
            if (i < 12) {
                const uint32x4_t early = vsha256su0q_u32(words[i & 3], words[(i + 1) & 3]);
                words[i & 3] = vsha256su1q_u32(early, words[(i + 2) & 3], words[(i + 3) & 3]);
            }
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

int tm_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    if (!(tm_cpu_features() & TM_CPU_HAS_SHA2)) return 0;
    blocks_sha2(state, blocks, count);
    return 1;
}

#endif
