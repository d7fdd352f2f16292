// The greatest of many classes, and colours of classes over pixels.
#include "self_check.h"

#include <math.h>
#include <string.h>

enum { MOST = 4099 };
static const size_t large_counts[] = {255, 256, 257, 1000, MOST};
enum { SMALL = 201, COUNTS = SMALL + sizeof large_counts / sizeof large_counts[0] };

static size_t count_number(size_t i) { return i < SMALL ? i : large_counts[i - SMALL]; }

static float score(void) {
    switch (below(12)) {
    case 0: return NAN;
    case 1: return INFINITY;
    case 2: return -INFINITY;
    case 3: return -0.0f;
    default: return (float)below(7) - 3;
    }
}

static void check_argmax(void) {
    static float numbers[MOST], before[MOST], best[MOST];
    static uint8_t index[MOST], wanted[MOST];
    begin_kernel("argmax f32");
    seed(20);
    for (size_t c = 0; c < COUNTS; c++) {
        const size_t count = count_number(c);
        uint64_t nans = 3;
        for (size_t i = 0; i < count; i++) {
            numbers[i] = score();
            do before[i] = score(); while (isnan(before[i]));
            index[i] = (uint8_t)below(256);
            const int wins = numbers[i] > before[i];
            best[i] = wins ? numbers[i] : before[i];
            wanted[i] = wins ? 77 : index[i];
            nans += isnan(numbers[i]) != 0;
        }
        for (int place = 0; place < PLACES; place++) {
            const void *in = input(0, numbers, 4 * count, place);
            for (size_t w = 0; w < way_count; w++) {
                if (!ways[w].whole) continue;
                use_way(&ways[w]);
                static float own[MOST];
                memcpy(own, before, sizeof own);
                uint8_t *out = output(count, place);
                memcpy(out, index, count);
                uint64_t found = 3;
                if (!tm_argmax_f32(in, count, 77, own, out, &found)) continue;
                expect(
                    memcmp(own, best, 4 * count) == 0 && memcmp(out, wanted, count) == 0 && is_intact(count) && found == nans,
                    "%zu numbers, place %d, %s", count, place, ways[w].name);
            }
        }
    }
    end_kernel();
}

// Stretches of some hundred pixels, or stretches where every pixel is of another class.
static void random_ids(uint8_t *ids, size_t size, size_t count, int is_noise) {
    uint16_t id = 0;
    for (size_t i = 0; i < count; i++) {
        if (below(is_noise ? 3 : 100) == 0) id = (uint16_t)below(size == 1 ? 256 : 65536);
        if (size == 1) ids[i] = (uint8_t)id;
        else memcpy(ids + 2 * i, &id, 2);
    }
}

static size_t id_at(const uint8_t *ids, size_t size, size_t i) {
    return size == 1 ? ids[i] : (size_t)(ids[2 * i] | ids[2 * i + 1] << 8);
}

// `edges` is null or has a bit for each pixel.
static void check_blend_of(size_t size, size_t channels, const uint64_t *edges) {
    static uint8_t ids[2 * MOST], pixels[4 * MOST], wanted[4 * MOST], table[4 * 65536];
    const size_t classes = size == 1 ? 256 : 65536;
    random_bytes(table, 4 * classes);
    for (size_t id = 0; id < classes; id += 3) table[4 * id + 3] = id % 2 ? 0 : 255;
    for (size_t c = 0; c < COUNTS; c++) {
        const size_t count = count_number(c), bytes = channels * count;
        random_bytes(pixels, bytes);
        random_ids(ids, size, count, c % 2 == 0);
        for (size_t i = 0; i < count; i++) {
            const uint8_t *entry = table + 4 * id_at(ids, size, i);
            const int is_edge = edges && entry[3] && edges[i / 64] >> i % 64 & 1;
            for (size_t k = 0; k < channels; k++) {
                const unsigned color = k == 3 ? 255 : entry[k], a = is_edge ? 255 : entry[3];
                wanted[channels * i + k] = (uint8_t)((pixels[channels * i + k] * (255 - a) + color * a + 127) / 255);
            }
        }
        for (int place = 0; place < PLACES; place++) {
            const uint8_t *from = input(0, ids, size * count, place), *colors = input(1, table, 4 * classes, place);
            for (size_t w = 0; w < way_count; w++) {
                if (!ways[w].whole) continue;
                use_way(&ways[w]);
                uint8_t *out = output(bytes, place);
                memcpy(out, pixels, bytes);
                if (!tm_mask_blend(from, (int)size, count, colors, (int)channels, edges, out)) continue;
                expect(
                    memcmp(out, wanted, bytes) == 0 && is_intact(bytes),
                    "%zu pixels of %zu channels, ids of %zu bytes, %s, place %d, %s", count, channels, size,
                    edges ? "edges" : "no edges", place, ways[w].name);
            }
        }
    }
}

static void check_blend(void) {
    static uint64_t edges[MOST / 64 + 1];
    begin_kernel("mask blend");
    seed(21);
    // Words without a bit, of all bits, and of some.
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        edges[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? random64() & random64() : ~(uint64_t)0;
    }
    for (size_t size = 1; size <= 2; size++) {
        for (size_t channels = 3; channels <= 4; channels++) {
            check_blend_of(size, channels, NULL);
            check_blend_of(size, channels, edges);
        }
    }
    end_kernel();
}

static void check_differences(void) {
    static uint8_t ones[2 * MOST], others[2 * MOST];
    static uint64_t bits[MOST / 64 + 1], wanted[MOST / 64 + 1];
    begin_kernel("mask differences");
    seed(22);
    for (size_t size = 1; size <= 2; size++) {
        for (size_t c = 0; c < COUNTS; c++) {
            const size_t count = count_number(c), words = (count + 63) / 64;
            random_ids(ones, size, count, c % 2 == 0);
            memcpy(others, ones, size * count);
            for (size_t i = 0; i < size * count; i++) {
                if (below(16) == 0) others[i] ^= (uint8_t)(1u << below(8));
            }
            memset(wanted, 0, sizeof wanted);
            for (size_t i = 0; i < count; i++) {
                wanted[i / 64] |= (uint64_t)(id_at(ones, size, i) != id_at(others, size, i)) << i % 64;
            }
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *a = input(0, ones, size * count, place), *b = input(1, others, size * count, place);
                for (size_t w = 0; w < way_count; w++) {
                    if (!ways[w].whole) continue;
                    use_way(&ways[w]);
                    memset(bits, 0xA5, sizeof bits);
                    if (!tm_mask_differences(a, b, (int)size, count, bits)) continue;
                    int is_intact_behind = 1;
                    for (size_t i = words; i < sizeof bits / sizeof bits[0]; i++) {
                        is_intact_behind &= bits[i] == 0xA5A5A5A5A5A5A5A5u;
                    }
                    expect(
                        memcmp(bits, wanted, 8 * words) == 0 && is_intact_behind,
                        "%zu pixels of %zu bytes, place %d, %s", count, size, place, ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

void check_mask(void) {
    check_argmax();
    check_blend();
    check_differences();
}
