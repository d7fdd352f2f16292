// Numbers to samples, wider numbers, planes to pixels.
#include "self_check.h"

#include <math.h>
#include <string.h>

static const size_t large_counts[] = {255, 256, 257, 1000, 4099, 65535, 65536, 65537, 66003};
enum { SMALL = 201, COUNTS = SMALL + sizeof large_counts / sizeof large_counts[0], MOST = 66003 };

static size_t count_number(size_t i) { return i < SMALL ? i : large_counts[i - SMALL]; }

// MARK: Numbers to samples

// What convert.h says, step by step; `volatile` makes both roundings real.
#define EXPECTED(NAME, REAL, RULE)                                                                              \
    static uint32_t NAME(REAL x, RULE rule, uint32_t maximum, tm_losses *losses) {                              \
        if (!isfinite(x)) {                                                                                     \
            losses->not_finite++;                                                                               \
            return 0;                                                                                           \
        }                                                                                                       \
        if (x < rule.least) losses->low++;                                                                      \
        if (x > rule.greatest) losses->high++;                                                                  \
        volatile REAL product = x * rule.scale;                                                                 \
        volatile REAL sum = product + rule.offset;                                                              \
        const REAL y = sum;                                                                                     \
        if (!(y > 0)) return 0;                                                                                 \
        if (y >= (REAL)maximum) return maximum;                                                                 \
        const uint32_t whole = (uint32_t)y;                                                                     \
        const REAL rest = y - (REAL)whole;                                                                      \
        return whole + (rest > (REAL)0.5 || (rest == (REAL)0.5 && whole % 2 == 1));                             \
    }

EXPECTED(expected32, float, tm_linear32)
EXPECTED(expected64, double, tm_linear64)

// A few rules; with the last ones a fused multiplication and addition would give other samples.
static const tm_linear64 rules[] = {
    {255, 0, 0, 1},           {127.5, 127.5, -1, 1},      {1, 0, 0, 255},        {65535, 0, 0, 1},
    {-300, 17.25, -0.8, 0.05},  {255.3, -255200, 999, 1001}, {65.1, -64000, 983, 1990},
};
// In float64 the same needs larger numbers.
static const tm_linear64 cancelling = {255.3, -255.3e15, 0.9e15, 1.1e15};

static double special(tm_linear64 rule) {
    const double whole = (double)below(300);
    switch (below(17)) {
    case 0: return 0.0;
    case 1: return -0.0;
    case 2: return INFINITY;
    case 3: return -INFINITY;
    case 4: return NAN;
    case 5: return -NAN;
    case 6: return rule.least;
    case 7: return rule.greatest;
    case 8: return (whole + 0.5 - rule.offset) / rule.scale; // a tie
    case 9: return (65280 + whole + 0.5 - rule.offset) / rule.scale;
    case 10: return (whole - rule.offset) / rule.scale;
    case 11: return 3.4e38 * (below(2) ? 1 : -1);
    case 12: return 0x1p-149 * whole * (below(2) ? 1 : -1); // subnormal in float32
    case 13: return 0x1p-1074 * whole;                      // subnormal in float64
    case 14: return whole + 0.5;
    case 15: return ldexp(1 + (double)below(8), 8 * (int)below(9)); // lower bits 0: no narrowing may keep those alone
    default: return -1e-9;
    }
}

static double number(tm_linear64 rule) {
    if (below(3) == 0) return special(rule);
    return rule.least + (rule.greatest - rule.least) * (fraction() * 1.4 - 0.2);
}

static float number32(tm_linear64 rule) {
    if (below(20) == 0) { // any bits: signalling NaNs, all exponents
        const uint32_t bits = (uint32_t)random64();
        float x;
        memcpy(&x, &bits, 4);
        return x;
    }
    const float x = (float)number(rule);
    switch (below(8)) { // the neighbours
    case 0: return nextafterf(x, INFINITY);
    case 1: return nextafterf(x, -INFINITY);
    default: return x;
    }
}

static double number64(tm_linear64 rule) {
    if (below(20) == 0) {
        const uint64_t bits = random64();
        double x;
        memcpy(&x, &bits, 8);
        return x;
    }
    const double x = number(rule);
    switch (below(8)) {
    case 0: return nextafter(x, INFINITY);
    case 1: return nextafter(x, -INFINITY);
    default: return x;
    }
}

static int same_losses(tm_losses a, tm_losses b) {
    return a.low == b.low && a.high == b.high && a.not_finite == b.not_finite;
}

#define CHECK_CONVERT(NAME, TITLE, KERNEL, REAL, RULE, NUMBER, EXPECTED_SAMPLE, OUT, MAXIMUM, LAST_RULE)        \
    static void NAME(void) {                                                                                    \
        static REAL numbers[MOST];                                                                              \
        static OUT wanted[MOST];                                                                                \
        seed(__LINE__);                                                                                         \
        begin_kernel(TITLE);                                                                                    \
        for (size_t r = 0; r <= sizeof rules / sizeof rules[0]; r++) {                                          \
            const tm_linear64 wide = r == sizeof rules / sizeof rules[0] ? LAST_RULE : rules[r];                \
            const RULE rule = {(REAL)wide.scale, (REAL)wide.offset, (REAL)wide.least, (REAL)wide.greatest};     \
            for (size_t c = 0; c < COUNTS; c++) {                                                               \
                const size_t count = count_number(c);                                                           \
                if (c >= SMALL && r % 3 != 0) continue;                                                         \
                tm_losses lost = {3, 5, 7};                                                                     \
                for (size_t i = 0; i < count; i++) {                                                            \
                    numbers[i] = NUMBER(wide);                                                                  \
                    wanted[i] = (OUT)EXPECTED_SAMPLE(numbers[i], rule, MAXIMUM, &lost);                         \
                }                                                                                               \
                for (int place = 0; place < PLACES; place++) {                                                  \
                    const void *in = input(0, numbers, count * sizeof(REAL), place);                            \
                    for (size_t w = 0; w < way_count; w++) {                                                    \
                        if (!ways[w].whole) continue;                                                           \
                        use_way(&ways[w]);                                                                      \
                        const size_t bytes = count * sizeof(OUT);                                               \
                        uint8_t *out = output(bytes, place);                                                    \
                        tm_losses losses = {3, 5, 7};                                                           \
                        KERNEL(in, (void *)out, count, rule, &losses);                                          \
                        expect(                                                                                 \
                            memcmp(out, wanted, bytes) == 0 && is_intact(bytes) && same_losses(losses, lost),   \
                            "%zu numbers, rule %zu, place %d, %s", count, r, place, ways[w].name);              \
                    }                                                                                           \
                }                                                                                               \
            }                                                                                                   \
        }                                                                                                       \
        end_kernel();                                                                                           \
    }

CHECK_CONVERT(
    check_f32_u8, "convert f32→u8", tm_convert_f32_u8, float, tm_linear32, number32, expected32, uint8_t, 255, rules[0])
CHECK_CONVERT(
    check_f32_u16, "convert f32→u16", tm_convert_f32_u16, float, tm_linear32, number32, expected32, uint16_t, 65535,
    rules[0])
CHECK_CONVERT(
    check_f64_u8, "convert f64→u8", tm_convert_f64_u8, double, tm_linear64, number64, expected64, uint8_t, 255,
    cancelling)
CHECK_CONVERT(
    check_f64_u16, "convert f64→u16", tm_convert_f64_u16, double, tm_linear64, number64, expected64, uint16_t, 65535,
    cancelling)

void check_convert(void) {
    check_f32_u8();
    check_f32_u16();
    check_f64_u8();
    check_f64_u16();
}

// MARK: Wider numbers

// IEEE 754 binary16 by its parts; a NaN keeps its bits.
static uint32_t float16_bits(uint16_t half) {
    const uint32_t sign = (uint32_t)(half >> 15) << 31, exponent = half >> 10 & 31, fraction_bits = half & 1023;
    if (exponent == 31) return sign | 0x7F800000u | fraction_bits << 13;
    const float value = exponent == 0 ? ldexpf((float)fraction_bits, -24)
                                      : ldexpf((float)(1024 + fraction_bits), (int)exponent - 25);
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return sign | bits;
}

static uint32_t bfloat16_bits(uint16_t upper) { return (uint32_t)upper << 16; }

static void check_widening(
    const char *title, void (*kernel)(const void *, float *, size_t), uint32_t (*expected_bits)(uint16_t)) {
    static uint16_t numbers[MOST];
    static uint32_t wanted[MOST];
    begin_kernel(title);
    seed(8);
    for (size_t c = 0; c < COUNTS; c++) {
        const size_t count = count_number(c);
        // Large counts hold every bit pattern there is; some small ones no NaN.
        const uint16_t most = c % 2 ? 0x7BFF : 0xFFFF;
        for (size_t i = 0; i < count; i++) {
            numbers[i] = c >= SMALL ? (uint16_t)i : (uint16_t)random64() & most;
            wanted[i] = expected_bits(numbers[i]);
        }
        for (int place = 0; place < PLACES; place++) {
            const void *in = input(0, numbers, 2 * count, place);
            for (size_t w = 0; w < way_count; w++) {
                if (!ways[w].whole) continue;
                use_way(&ways[w]);
                // The output is made of float32s at their own addresses.
                uint8_t *out = output(4 * count, BEFORE_GUARD);
                kernel(in, (void *)out, count);
                expect(
                    memcmp(out, wanted, 4 * count) == 0 && is_intact(4 * count), "%zu numbers, place %d, %s", count,
                    place, ways[w].name);
            }
        }
    }
    end_kernel();
}

void check_widen(void) {
    check_widening("widen f16→f32", tm_widen_f16, float16_bits);
    check_widening("widen bf16→f32", tm_widen_bf16, bfloat16_bits);
}

// MARK: Planes to pixels

static void check_interleaving(const char *title, size_t sample_bytes) {
    static uint8_t planes[4 * 2 * (MOST + 16)], wanted[4 * 2 * MOST];
    begin_kernel(title);
    seed(9);
    for (size_t channels = 2; channels <= 4; channels++) {
        for (size_t c = 0; c < COUNTS; c++) {
            const size_t count = count_number(c), stride = count + (c % 3) * 5;
            const size_t plane_bytes = ((channels - 1) * stride + count) * sample_bytes;
            random_bytes(planes, plane_bytes);
            for (size_t i = 0; i < count; i++) {
                for (size_t k = 0; k < channels; k++) {
                    memcpy(
                        wanted + (i * channels + k) * sample_bytes, planes + (k * stride + i) * sample_bytes,
                        sample_bytes);
                }
            }
            for (int place = 0; place < PLACES; place++) {
                const void *in = input(0, planes, plane_bytes, place);
                for (size_t w = 0; w < way_count; w++) {
                    if (!ways[w].whole) continue;
                    use_way(&ways[w]);
                    const size_t bytes = count * channels * sample_bytes;
                    uint8_t *out = output(bytes, place);
                    if (sample_bytes == 1) {
                        tm_interleave_u8(in, stride, (int)channels, out, count);
                    } else {
                        tm_interleave_u16(in, stride, (int)channels, (tm_sample16 *)out, count);
                    }
                    expect(
                        memcmp(out, wanted, bytes) == 0 && is_intact(bytes),
                        "%zu channels of %zu samples, place %d, %s", channels, count, place, ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

void check_interleave(void) {
    check_interleaving("interleave u8", 1);
    check_interleaving("interleave u16", 2);
}
