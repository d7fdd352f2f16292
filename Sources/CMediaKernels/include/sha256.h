// SHA-256 with the instructions that x86 and arm64 have for it. Twin: MediaCore/Digests/SHA256.swift.
#ifndef TM_SHA256_H
#define TM_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Takes `count` blocks of 64 bytes into the eight words of `state` and returns 1; returns 0 and does nothing where the
// current CPU level has no kernel.
int tm_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

#ifdef __cplusplus
}
#endif
#endif
