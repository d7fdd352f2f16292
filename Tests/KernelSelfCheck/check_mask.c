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

static void check_blend(void) {
    static uint8_t ids[MOST], pixels[4 * MOST], wanted[4 * MOST], table[1024];
    begin_kernel("mask blend");
    seed(21);
    for (size_t channels = 3; channels <= 4; channels++) {
        for (size_t c = 0; c < COUNTS; c++) {
            const size_t count = count_number(c), bytes = channels * count;
            random_bytes(table, sizeof table);
            for (size_t id = 0; id < 256; id += 3) table[4 * id + 3] = id % 2 ? 0 : 255;
            random_bytes(pixels, bytes);
            uint8_t id = 0;
            for (size_t i = 0; i < count; i++) {
                // Stretches of some hundred pixels, and stretches where every pixel is of another class.
                if (below(c % 2 ? 100 : 3) == 0) id = (uint8_t)below(256);
                ids[i] = id;
                const uint8_t *entry = table + 4 * id;
                for (size_t k = 0; k < channels; k++) {
                    const unsigned color = k == 3 ? 255 : entry[k], a = entry[3];
                    wanted[channels * i + k] = (uint8_t)((pixels[channels * i + k] * (255 - a) + color * a + 127) / 255);
                }
            }
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *from = input(0, ids, count, place), *colors = input(1, table, sizeof table, place);
                for (size_t w = 0; w < way_count; w++) {
                    if (!ways[w].whole) continue;
                    use_way(&ways[w]);
                    uint8_t *out = output(bytes, place);
                    memcpy(out, pixels, bytes);
                    if (!tm_mask_blend(from, count, colors, (int)channels, out)) continue;
                    expect(
                        memcmp(out, wanted, bytes) == 0 && is_intact(bytes), "%zu pixels of %zu channels, place %d, %s",
                        count, channels, place, ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

void check_mask(void) {
    check_argmax();
    check_blend();
}
