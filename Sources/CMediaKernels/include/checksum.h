// Checksums at the speed of memory. Twins: MediaCore/Digests.
#ifndef TM_CHECKSUM_H
#define TM_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// CRC-32 (reflected 0xEDB88320). Takes as many of `count` bytes as the current CPU level is quick at into
// `crc_register` (the running value before its final inversion) and returns how many these were, from the front: the
// caller takes the rest. 0 when there is no kernel for this level or these are too few bytes.
size_t tm_crc32(uint32_t *crc_register, const uint8_t *bytes, size_t count);

// CRC-32C (reflected 0x82F63B78), with the same contract.
size_t tm_crc32c(uint32_t *crc_register, const uint8_t *bytes, size_t count);

// Adler-32, with the same contract; `adler` is the value itself, 1 in the beginning.
size_t tm_adler32(uint32_t *adler, const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
