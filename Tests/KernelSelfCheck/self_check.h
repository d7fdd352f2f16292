// What the parts of the self-check share: see main.c.
#ifndef SELF_CHECK_H
#define SELF_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "CMediaKernels.h"

// MARK: Ways to run a kernel

// A level of instructions, with none or some of its single instructions withheld.
typedef struct {
    int level;
    uint32_t features; // those that remain
    int whole;         // nothing is withheld
    char name[96];
} way;

extern way ways[];
extern size_t way_count;

void find_ways(void);
void use_way(const way *w);

// MARK: Cases

// Counts of one kernel; the line is printed by end_kernel.
void begin_kernel(const char *name);
// One case. `format` and what follows describe it; those of the first cases that differ are printed.
void expect(int equal, const char *format, ...) __attribute__((format(printf, 2, 3)));
void end_kernel(void);

// MARK: Random numbers, always the same

void seed(uint64_t value);
uint64_t random64(void);
// 0 … bound − 1.
size_t below(size_t bound);
// 0 … 1.
double fraction(void);
void random_bytes(uint8_t *bytes, size_t count);

// MARK: Memory

enum { REGION = 1 << 21 };

// Where an input lies: its last byte before a page that ends the program when it is touched, its first byte behind such a
// page, or somewhere between at an odd address.
enum { BEFORE_GUARD, AFTER_GUARD, UNALIGNED, PLACES };

// Puts `count` bytes into the memory number `which` (0 or 1), and returns where they are now.
const uint8_t *input(int which, const void *bytes, size_t count, int place);

// Room for `count` bytes, each 0xA5, among more of them; `place` as above, but no page is forbidden.
uint8_t *output(size_t count, int place);
// Whether the bytes around that room are as they were.
int is_intact(size_t count);

// MARK: The parts

void check_convert(void);
void check_widen(void);
void check_interleave(void);
void check_png(void);
void check_literals(void);
void check_digests(void);
void check_mask(void);
void check_yuv(void);

#endif
