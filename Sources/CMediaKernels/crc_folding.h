// The method and the numbers that CRC kernels share.
#ifndef TM_CRC_FOLDING_H
#define TM_CRC_FOLDING_H

#include <stdint.h>

// A CRC is the remainder of the message, as a polynomial over GF(2), divided by P. A block of 128 bits may be moved D
// bits along the message by multiplying its halves with x^(D+32) mod P and x^(D-32) mod P and adding what comes out
// there; so long messages are folded onto their end, and only the last 128 bits are divided (on x86 by Barrett's method). Method: Gopal et
// al., "Fast CRC computation for generic polynomials using PCLMULQDQ", Intel 2009. Numbers are bit-reflected and
// shifted left by one, as the reflected product needs; they were computed from P.
typedef struct {
    uint64_t far[2];     // D = 2048: four registers of 512 bits (x86 alone)
    uint64_t near[2];    // D = 512: one such register, or four of 128 bits
    uint64_t next[2];    // D = 128
    uint64_t half;       // x^64 mod P (x86 alone)
    uint64_t barrett[2]; // P, x^64 div P (x86 alone)
} folding;

static const folding crc32_folding = {
    {0x11542778a, 0x1322d1430}, {0x154442bd4, 0x1c6e41596}, {0x1751997d0, 0x0ccaa009e},
    0x163cd6124,                {0x1db710641, 0x1f7011641},
};

static const folding crc32c_folding = {
    {0x0dcb17aa4, 0x0b9e02b86}, {0x0740eef02, 0x09e4addf8}, {0x0f20c0dfe, 0x14cd00bd6},
    0x0dd45aab8,                {0x105ec76f1, 0x0dea713f1},
};

#endif
