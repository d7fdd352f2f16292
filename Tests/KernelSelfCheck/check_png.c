// Filters, scores, bit maps of equal bytes, literals.
#include "self_check.h"

#include <stdlib.h>
#include <string.h>

static int has_kernels(const way *w) { return w->level != TM_CPU_PORTABLE; }

// MARK: Filters

// PNG 1.2, chapter 6, in whole numbers.
static uint8_t filtered_byte(int filter, const uint8_t *row, const uint8_t *above, size_t i, size_t step) {
    const int a = i >= step ? row[i - step] : 0, b = above[i], c = i >= step ? above[i - step] : 0;
    int predicted = 0;
    if (filter == 1) predicted = a;
    if (filter == 2) predicted = b;
    if (filter == 3) predicted = (a + b) / 2;
    if (filter == 4) {
        const int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
        predicted = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
    return (uint8_t)(row[i] - predicted);
}

static void check_filter(int filter, const uint8_t *row, const uint8_t *above, size_t count, size_t step, int place) {
    static uint8_t wanted[5000];
    for (size_t i = 0; i < count; i++) wanted[i] = filtered_byte(filter, row, above, i, step);
    const uint8_t *row_in = input(0, row, count, place), *above_in = input(1, above, count, place);
    for (size_t w = 0; w < way_count; w++) {
        if (!ways[w].whole) continue;
        use_way(&ways[w]);
        uint8_t *out = output(count, place);
        const int done = tm_png_filter(filter, row_in, above_in, count, step, out);
        const int equal = has_kernels(&ways[w]) ? done != 0 && memcmp(out, wanted, count) == 0 : done == 0;
        expect(
            equal && is_intact(count), "filter %d, %zu bytes, step %zu, place %d, %s", filter, count, step, place,
            ways[w].name);
    }
}

static void check_filters(void) {
    static const char *const titles[] = {
        "png filter none", "png filter sub", "png filter up", "png filter average", "png filter paeth"};
    static const size_t steps[] = {1, 2, 3, 4, 6, 8, 17}, large[] = {255, 256, 257, 1000, 4099};
    static uint8_t row[5000], above[5000];
    for (int filter = 0; filter < 5; filter++) {
        begin_kernel(titles[filter]);
        seed((uint64_t)filter);
        for (size_t c = 0; c <= 200 + sizeof large / sizeof large[0]; c++) {
            const size_t count = c <= 200 ? c : large[c - 201];
            for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
                random_bytes(row, count);
                random_bytes(above, count);
                // Few different values make the ties that a predictor can get wrong.
                const uint8_t kept = s % 2 ? 0xFF : (c & 1) ? 0x03 : 0xC0;
                for (size_t i = 0; i < count; i++) row[i] &= kept, above[i] &= kept;
                check_filter(filter, row, above, count, steps[s], (int)(c + s) % PLACES);
            }
        }
        // Every three neighbours there are: b and c in the row above, a and x 256 bytes apart.
        for (size_t a = 0; filter == 4 && a < 256; a++) {
            for (size_t b = 0; b < 256; b++) {
                memset(row, (int)a, 256);
                memset(row + 256, (int)(a ^ b), 256);
                for (size_t c = 0; c < 256; c++) above[c] = (uint8_t)c;
                memset(above + 256, (int)b, 256);
                check_filter(filter, row, above, 512, 256, UNALIGNED);
            }
        }
        end_kernel();
    }
}

// MARK: Scores

static void check_scores(void) {
    // Around 255 groups of 16 bytes, after which a kernel may have to empty its counters.
    static const size_t large[] = {4064, 4079, 4080, 4081, 4095, 4096, 4097, 8160, 8177, 70001};
    static uint8_t bytes[70001];
    begin_kernel("png score");
    seed(5);
    for (size_t c = 0; c <= 200 + sizeof large / sizeof large[0]; c++) {
        const size_t count = c <= 200 ? c : large[c - 201];
        for (int loudest = 0; loudest < 2; loudest++) {
            random_bytes(bytes, count);
            if (loudest) memset(bytes, 128, count);
            uint64_t wanted = 0;
            for (size_t i = 0; i < count; i++) wanted += (uint64_t)(bytes[i] < 128 ? bytes[i] : 256 - bytes[i]);
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *in = input(0, bytes, count, place);
                for (size_t w = 0; w < way_count; w++) {
                    if (!ways[w].whole) continue;
                    use_way(&ways[w]);
                    uint64_t score = 77;
                    const int done = tm_png_score(in, count, &score);
                    expect(
                        has_kernels(&ways[w]) ? done != 0 && score == wanted : done == 0 && score == 77,
                        "%zu bytes, place %d, %s", count, place, ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

// MARK: Equal bytes

static void check_masks(void) {
    static uint8_t bytes[5000];
    uint64_t wanted[7];
    begin_kernel("png equal mask");
    seed(6);
    for (size_t d = 1; d <= 102; d++) {
        const size_t distance = d <= 100 ? d : d == 101 ? 300 : 4096;
        for (size_t words = 0; words <= 7; words++) {
            const size_t count = distance + 64 * words;
            random_bytes(bytes, count);
            const uint8_t kept = words == 7 ? 0 : words % 2 ? 1 : 0x81;
            for (size_t i = 0; i < count; i++) bytes[i] &= kept;
            for (size_t word = 0; word < words; word++) {
                wanted[word] = 0;
                for (size_t i = 0; i < 64; i++) {
                    const size_t at = distance + 64 * word + i;
                    wanted[word] |= (uint64_t)(bytes[at] == bytes[at - distance]) << i;
                }
            }
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *in = input(0, bytes, count, place) + distance;
                for (size_t w = 0; w < way_count; w++) {
                    if (!ways[w].whole) continue;
                    use_way(&ways[w]);
                    uint8_t *mask = output(8 * words, BEFORE_GUARD);
                    const int done = tm_png_equal_mask(in, words, distance, (uint64_t *)(void *)mask);
                    const int equal = has_kernels(&ways[w]) ? done && memcmp(mask, wanted, 8 * words) == 0 : !done;
                    expect(
                        equal && is_intact(8 * words), "%zu words, distance %zu, place %d, %s", words, distance, place,
                        ways[w].name);
                }
            }
        }
    }
    end_kernel();
}

void check_png(void) {
    check_filters();
    check_scores();
    check_masks();
}

// MARK: Literals

// Appends `count` bits, lowest first, to a stream of `*position` bits.
static void append(uint8_t *stream, size_t *position, uint32_t code, unsigned count) {
    for (unsigned bit = 0; bit < count; bit++, ++*position) {
        stream[*position / 8] |= (uint8_t)((code >> bit & 1) << *position % 8);
    }
}

void check_literals(void) {
    static uint8_t bytes[2000], planes[768], wanted[4000];
    begin_kernel("png literals");
    seed(7);
    int any = 0;
    for (size_t trial = 0; trial < 300; trial++) {
        const size_t count = trial < 200 ? trial : 64 + below(1900), whole = count & ~(size_t)63;
        const unsigned longest = 1 + (unsigned)below(14), before = (unsigned)below(8);
        random_bytes(bytes, count);
        for (size_t symbol = 0; symbol < 256; symbol++) {
            const unsigned length = longest == 14 && below(4) ? 5 : 1 + (unsigned)below(longest);
            const uint32_t code = (uint32_t)below((size_t)1 << length);
            planes[symbol] = (uint8_t)code;
            planes[256 + symbol] = (uint8_t)(code >> 8);
            planes[512 + symbol] = (uint8_t)length;
        }
        memset(wanted, 0, sizeof wanted);
        size_t position = 0;
        append(wanted, &position, 0xFF, before);
        for (size_t i = 0; i < whole; i++) {
            append(wanted, &position, planes[bytes[i]] | (uint32_t)planes[256 + bytes[i]] << 8, planes[512 + bytes[i]]);
        }
        const uint8_t *in = input(0, bytes, count, (int)(trial % PLACES));
        for (size_t w = 0; w < way_count; w++) {
            if (!ways[w].whole) continue;
            use_way(&ways[w]);
            if (!tm_png_has_vector_literals()) continue;
            any = 1;
            const size_t room = position / 8 + 8;
            uint8_t *out = output(room, UNALIGNED);
            tm_png_bits bits = {out, (1u << before) - 1, before};
            const size_t done = tm_png_write_literals(in, count, planes, &bits);
            const size_t written = (size_t)(bits.out - out);
            // What waits in the accumulator comes last.
            const int tail = bits.waiting == position % 8 && bits.accumulator == wanted[position / 8];
            expect(
                done == whole && written == position / 8 && memcmp(out, wanted, written) == 0 && tail
                    && is_intact(room),
                "%zu bytes behind %u bits, longest code %u, %s", count, before, longest, ways[w].name);
        }
    }
    if (any) end_kernel();
}
