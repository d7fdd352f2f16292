// A program that compares every kernel of CMediaKernels with a plain function written from its description, at every
// level of instructions that the processor has: random inputs from fixed seeds, every length up to 200 and some large
// ones, odd addresses, forbidden pages around inputs, known bytes around outputs. No Swift is needed, so it runs under
// an emulator too: `make kernel-test-arm64`.
//
// Ends with the line "N passed, N failed", and with status 1 when something differs.
#include "self_check.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// MARK: Ways

way ways[256];
size_t way_count;

static const char *const level_names[] = {"portable", "avx2", "avx512", "neon"};
static const char *const feature_names[] = {
    "sse4.2", "pclmul", "sha", "vpclmul", "avx512vnni", "gfni", "crc32", "pmull", "sha2"};
enum { FEATURES = sizeof feature_names / sizeof feature_names[0] };
// No kernel asks for these yet; withholding them would only repeat cases.
static const uint32_t unused_features = TM_CPU_HAS_AVX512VNNI | TM_CPU_HAS_GFNI;

static void add_way(int level, uint32_t features, int whole) {
    if (way_count == sizeof ways / sizeof ways[0]) return;
    way *w = &ways[way_count++];
    *w = (way){level, features, whole, ""};
    strcat(w->name, level_names[level]);
    for (int bit = 0; bit < FEATURES; bit++) {
        if (features >> bit & 1) strcat(strcat(w->name, "+"), feature_names[bit]);
    }
}

void find_ways(void) {
    for (int level = TM_CPU_PORTABLE; level <= TM_CPU_NEON; level++) {
        if (tm_cpu_force_level(level) != level) continue;
        const uint32_t all = tm_cpu_features(), optional = all & ~unused_features;
        // Every subset: counting down through the bits of `optional`.
        for (uint32_t left = optional;; left = (left - 1) & optional) {
            add_way(level, left | (all & unused_features), left == optional);
            if (left == 0) break;
        }
    }
    tm_cpu_force_level(-1);
}

void use_way(const way *w) {
    tm_cpu_force_level(w->level);
    if (tm_cpu_withhold(~w->features) != w->features) {
        fprintf(stderr, "the level %s cannot be forced\n", w->name);
        exit(2);
    }
}

// MARK: Cases

static const char *kernel = "nothing";
static uint64_t equal_cases, different_cases, all_equal, all_different;

static void print_count(uint64_t value) {
    if (value >= 1000) {
        print_count(value / 1000);
        printf(",%03u", (unsigned)(value % 1000));
    } else {
        printf("%u", (unsigned)value);
    }
}

void begin_kernel(const char *name) {
    kernel = name;
    equal_cases = different_cases = 0;
}

void expect(int equal, const char *format, ...) {
    if (equal) {
        equal_cases++;
        return;
    }
    if (different_cases++ >= 5) return;
    printf("%s differs: ", kernel);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

void end_kernel(void) {
    printf("%s: ", kernel);
    print_count(equal_cases);
    printf(" cases equal");
    if (different_cases > 0) {
        printf(", ");
        print_count(different_cases);
        printf(" DIFFERENT");
    }
    printf("\n");
    fflush(stdout);
    all_equal += equal_cases;
    all_different += different_cases;
}

// MARK: Random numbers

static uint64_t state;

void seed(uint64_t value) { state = value; }

// Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
uint64_t random64(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

size_t below(size_t bound) { return (size_t)(random64() % bound); }

double fraction(void) { return (double)(random64() >> 11) * 0x1p-53; }

void random_bytes(uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(random64() >> 56);
}

// MARK: Memory

enum { PAGE = 1 << 16 }; // the largest that arm64 has
enum { MARGIN = 128, UNTOUCHED = 0xA5 };

static uint8_t *guarded[2];
static uint8_t *output_start;

static void reserve(void) {
    for (int i = 0; i < 2; i++) {
        uint8_t *all = mmap(NULL, REGION + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED || mprotect(all, PAGE, PROT_NONE) || mprotect(all + PAGE + REGION, PAGE, PROT_NONE)) {
            perror("mmap");
            exit(2);
        }
        guarded[i] = all + PAGE;
    }
}

const uint8_t *input(int which, const void *bytes, size_t count, int place) {
    uint8_t *start = guarded[which];
    if (place == BEFORE_GUARD) start += REGION - count;
    if (place == UNALIGNED) start += 64 + 2 * (count % 8) + 1;
    if (count > 0) memcpy(start, bytes, count);
    return start;
}

uint8_t *output(size_t count, int place) {
    static uint8_t room[REGION + 4 * MARGIN] __attribute__((aligned(64)));
    output_start = room + MARGIN + (place == UNALIGNED ? 2 * (count % 8) + 1 : place == AFTER_GUARD ? 0 : 16);
    memset(output_start - MARGIN, UNTOUCHED, count + 2 * MARGIN);
    return output_start;
}

int is_intact(size_t count) {
    for (size_t i = 0; i < MARGIN; i++) {
        if (output_start[-1 - (ptrdiff_t)i] != UNTOUCHED || output_start[count + i] != UNTOUCHED) return 0;
    }
    return 1;
}

// A kernel has touched a forbidden page: nothing but its name can be said safely.
static void out_of_bounds(int signal_number) {
    (void)signal_number;
    static const char text[] = " touches memory outside its input\n0 passed, 1 failed\n";
    if (write(1, kernel, strlen(kernel)) < 0 || write(1, text, sizeof text - 1) < 0) _exit(2);
    _exit(1);
}

int main(void) {
    signal(SIGSEGV, out_of_bounds);
    signal(SIGBUS, out_of_bounds);
    reserve();
    find_ways();
    printf("levels:");
    for (size_t i = 0; i < way_count; i++) printf(" %s", ways[i].name);
    printf("\n");

    check_convert();
    check_widen();
    check_interleave();
    check_png();
    check_literals();
    check_digests();
    check_mask();
    check_yuv();

    print_count(all_equal);
    printf(" passed, ");
    print_count(all_different);
    printf(" failed\n");
    return all_different > 0;
}
