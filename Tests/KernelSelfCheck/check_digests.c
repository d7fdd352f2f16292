// Checksums and SHA-256, at every level and without each of the single instructions that their kernels use.
#include "self_check.h"

#include <string.h>

static const size_t large_counts[] = {
    255,  256,  257,  300,  319,  320,  511,  512,  513,   1023,  1024,  1279,
    4097, 5472, 5503, 5504, 5505, 5535, 5536, 5567, 11008, 11040, 20011, 66003,
};
enum { SMALL = 201, COUNTS = SMALL + sizeof large_counts / sizeof large_counts[0], MOST = 66003 };

static size_t count_number(size_t i) { return i < SMALL ? i : large_counts[i - SMALL]; }

static uint8_t message[MOST];

// Noise, or as loud as bytes can be.
static void make_message(size_t count, int loudest) {
    random_bytes(message, count);
    if (loudest) memset(message, 255, count);
}

// MARK: Checksums

// A register and what a byte makes of it.
typedef uint32_t step(uint32_t value, uint8_t byte);

static uint32_t crc_step(uint32_t value, uint8_t byte, uint32_t polynomial) {
    value ^= byte;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ polynomial : value >> 1;
    return value;
}

static uint32_t crc32_step(uint32_t value, uint8_t byte) { return crc_step(value, byte, 0xEDB88320); }

static uint32_t crc32c_step(uint32_t value, uint8_t byte) { return crc_step(value, byte, 0x82F63B78); }

// RFC 1950, 8.2.
static uint32_t adler_step(uint32_t value, uint8_t byte) {
    const uint32_t a = ((value & 0xFFFF) + byte) % 65521, b = ((value >> 16) + a) % 65521;
    return b << 16 | a;
}

// Which of a way's instructions a kernel cannot do without: one of these.
static int has_crc32(const way *w) {
    return (w->features & (TM_CPU_HAS_PCLMUL | TM_CPU_HAS_VPCLMUL | TM_CPU_HAS_CRC32)) != 0;
}
static int has_crc32c(const way *w) { return has_crc32(w) || (w->features & TM_CPU_HAS_SSE42) != 0; }
static int has_adler(const way *w) { return w->level != TM_CPU_PORTABLE; }

static void check_checksum(
    const char *title, size_t (*kernel)(uint32_t *, const uint8_t *, size_t), step *next,
    int (*has_kernel)(const way *), uint32_t start, uint32_t other_start, uint32_t of_digits) {
    static uint32_t wanted[MOST + 1];
    int took[256] = {0};
    begin_kernel(title);
    seed(3);
    uint32_t known = start;
    for (const char *digit = "123456789"; *digit; digit++) known = next(known, (uint8_t)*digit);
    expect(known == of_digits, "the plain function itself, of 123456789: %08x", known);
    for (size_t c = 0; c < COUNTS; c++) {
        const size_t count = count_number(c);
        for (int variant = 0; variant < 4; variant++) {
            make_message(count, variant & 1);
            wanted[0] = variant & 2 ? other_start : start;
            for (size_t i = 0; i < count; i++) wanted[i + 1] = next(wanted[i], message[i]);
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *in = input(0, message, count, place);
                for (size_t w = 0; w < way_count; w++) {
                    use_way(&ways[w]);
                    uint32_t value = wanted[0];
                    const size_t taken = kernel(&value, in, count);
                    took[w] |= taken > 0;
                    expect(
                        taken <= count && value == wanted[taken], "%zu bytes, of which %zu taken, place %d, %s", count,
                        taken, place, ways[w].name);
                }
            }
        }
    }
    for (size_t w = 0; w < way_count; w++) {
        expect(took[w] == has_kernel(&ways[w]), "%s: kernel %s", ways[w].name, took[w] ? "used" : "not used");
    }
    end_kernel();
}

// MARK: SHA-256

static uint32_t turned(uint32_t word, int count) { return word >> count | word << (32 - count); }

// The first 32 bits of the fractional part of the cube root of `prime`: the largest x with x³ ≤ prime · 2^96.
static uint32_t cube_root_fraction(uint32_t prime) {
    uint64_t root = 0;
    for (int bit = 35; bit >= 0; bit--) {
        const unsigned __int128 x = root | 1ull << bit;
        if (x * x * x <= (unsigned __int128)prime << 96) root = (uint64_t)x;
    }
    return (uint32_t)root;
}

static uint32_t constants[64];

static void make_constants(void) {
    size_t found = 0;
    for (uint32_t n = 2; found < 64; n++) {
        int is_prime = 1;
        for (uint32_t d = 2; d * d <= n; d++) is_prime &= n % d != 0;
        if (is_prime) constants[found++] = cube_root_fraction(n);
    }
}

// FIPS 180-4, 6.2.2.
static void sha256_block(uint32_t state[8], const uint8_t *block) {
    uint32_t words[64], v[8];
    for (int t = 0; t < 64; t++) {
        if (t < 16) {
            const uint8_t *b = block + 4 * t;
            words[t] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        } else {
            const uint32_t x = words[t - 15], y = words[t - 2];
            words[t] = words[t - 16] + words[t - 7] + (turned(x, 7) ^ turned(x, 18) ^ x >> 3)
                + (turned(y, 17) ^ turned(y, 19) ^ y >> 10);
        }
    }
    memcpy(v, state, sizeof v);
    for (int t = 0; t < 64; t++) {
        const uint32_t a = v[0], b = v[1], c = v[2], e = v[4], f = v[5], g = v[6];
        const uint32_t first = v[7] + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g))
            + constants[t] + words[t];
        const uint32_t second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += first;
        v[0] = first + second;
    }
    for (int i = 0; i < 8; i++) state[i] += v[i];
}

static void check_sha256(void) {
    begin_kernel("sha-256");
    seed(4);
    make_constants();
    // FIPS 180-4, 5.3.3, and the digest of "abc".
    const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const uint32_t of_abc[8] = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
    uint8_t abc[64] = {'a', 'b', 'c', 0x80, [63] = 24};
    uint32_t known[8];
    memcpy(known, initial, sizeof known);
    sha256_block(known, abc);
    expect(memcmp(known, of_abc, sizeof known) == 0, "the plain function itself, of abc");

    for (size_t blocks = 0; blocks <= 40; blocks++) {
        for (int variant = 0; variant < 4; variant++) {
            make_message(64 * blocks, variant == 1);
            uint32_t start[8], wanted[8];
            memcpy(start, initial, sizeof start);
            if (variant > 1) random_bytes((uint8_t *)start, sizeof start);
            memcpy(wanted, start, sizeof wanted);
            for (size_t i = 0; i < blocks; i++) sha256_block(wanted, message + 64 * i);
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *in = input(0, message, 64 * blocks, place);
                for (size_t w = 0; w < way_count; w++) {
                    use_way(&ways[w]);
                    uint32_t *out = (uint32_t *)(void *)output(sizeof start, BEFORE_GUARD);
                    memcpy(out, start, sizeof start);
                    const int done = tm_sha256_blocks(out, in, blocks);
                    const int can = (ways[w].features & (TM_CPU_HAS_SHA | TM_CPU_HAS_SHA2)) != 0;
                    expect(
                        done == can && memcmp(out, can ? wanted : start, sizeof start) == 0 && is_intact(sizeof start),
                        "%zu blocks, place %d, %s", blocks, place, ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

void check_digests(void) {
    check_checksum("crc-32", tm_crc32, crc32_step, has_crc32, ~0u, 0x12345678, ~0xCBF43926u);
    check_checksum("crc-32c", tm_crc32c, crc32c_step, has_crc32c, ~0u, 0x12345678, ~0xE3069283u);
    check_checksum("adler-32", tm_adler32, adler_step, has_adler, 1, 65520u << 16 | 65520, 0x091E01DE);
    check_sha256();
}
