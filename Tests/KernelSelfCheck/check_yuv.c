// Pixels to YUV, against the formulas in whole numbers.
#include "self_check.h"

#include <string.h>

enum { MOST = 1283 };
static const size_t large_counts[] = {255, 256, 257, 1000, MOST};
enum { SMALL = 201, COUNTS = SMALL + sizeof large_counts / sizeof large_counts[0] };

static size_t count_number(size_t i) { return i < SMALL ? i : large_counts[i - SMALL]; }

// BT.601 and BT.709.
static const tm_yuv_weights matrices[2] = {
    {{8414, 16520, 3208}, {-9714, -19070, 28784}, {28784, -24103, -4681}},
    {{5983, 20127, 2032}, {-6596, -22188, 28784}, {28784, -26145, -2639}}};

// Bytes of which many are at an end, where a sum comes nearest to leaving its range; whole stretches in some rows.
static void pixels(uint8_t *bytes, size_t count, int is_extreme) {
    random_bytes(bytes, count);
    for (size_t i = 0; i < count; i++) {
        if (is_extreme || below(4) == 0) bytes[i] = below(2) ? 255 : 0;
    }
}

static uint8_t weighed(const int16_t w[3], int red, int green, int blue, int64_t middle, int bits) {
    const int64_t sum = (int64_t)w[0] * red + (int64_t)w[1] * green + (int64_t)w[2] * blue;
    return (uint8_t)((sum + middle * ((int64_t)1 << bits) / 2) / ((int64_t)1 << bits));
}

static uint8_t luma(const tm_yuv_weights *w, const uint8_t *p) { return weighed(w->y, p[0], p[1], p[2], 33, 15); }

static void check_quarter(void) {
    static uint8_t rows[2][4 * MOST], wanted[4][MOST + 1];
    begin_kernel("yuv 4:2:0");
    seed(30);
    for (size_t c = 0; c < COUNTS; c++) {
        for (size_t channels = 3; channels <= 4; channels++) {
            const size_t count = count_number(c), bytes = channels * count, even = count + count % 2;
            const tm_yuv_weights *w = &matrices[c % 2];
            for (int r = 0; r < 2; r++) pixels(rows[r], bytes, c % 3 == 0);
            for (size_t i = 0; i < even; i++) {
                const size_t left = i / 2 * 2, right = left + 1 < count ? left + 1 : left, own = i % 2 ? right : left;
                int sums[3] = {0, 0, 0};
                for (size_t k = 0; k < 3; k++) {
                    for (int r = 0; r < 2; r++) sums[k] += rows[r][channels * left + k] + rows[r][channels * right + k];
                }
                for (int r = 0; r < 2; r++) wanted[r][i] = luma(w, rows[r] + channels * own);
                wanted[2][i / 2] = weighed(w->u, sums[0], sums[1], sums[2], 257, 18);
                wanted[3][i / 2] = weighed(w->v, sums[0], sums[1], sums[2], 257, 18);
            }
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *first = input(0, rows[0], bytes, place), *second = input(1, rows[1], bytes, place);
                for (size_t x = 0; x < way_count; x++) {
                    if (!ways[x].whole) continue;
                    use_way(&ways[x]);
                    // Each plane once where what is around it is watched.
                    for (int plane = 0; plane < 4; plane++) {
                        static uint8_t other[4][MOST + 1];
                        uint8_t *out[4] = {other[0], other[1], other[2], other[3]};
                        const size_t size = plane < 2 ? even : even / 2;
                        out[plane] = output(size, place);
                        const tm_yuv_rows to = {out[0], out[1], out[2], out[3]};
                        if (!tm_yuv_quarter(first, second, (int)channels, count, w, &to)) continue;
                        expect(
                            memcmp(out[0], wanted[0], even) == 0 && memcmp(out[1], wanted[1], even) == 0
                                && memcmp(out[2], wanted[2], even / 2) == 0 && memcmp(out[3], wanted[3], even / 2) == 0
                                && is_intact(size),
                            "%zu pixels of %zu channels, plane %d, place %d, %s", count, channels, plane, place,
                            ways[x].name);
                    }
                }
            }
        }
    }
    end_kernel();
}

static void check_full(void) {
    static uint8_t row[4 * MOST], wanted[3][MOST];
    begin_kernel("yuv 4:4:4");
    seed(31);
    for (size_t c = 0; c < COUNTS; c++) {
        for (size_t channels = 3; channels <= 4; channels++) {
            const size_t count = count_number(c), bytes = channels * count;
            const tm_yuv_weights *w = &matrices[c % 2];
            pixels(row, bytes, c % 3 == 0);
            for (size_t i = 0; i < count; i++) {
                const uint8_t *p = row + channels * i;
                wanted[0][i] = luma(w, p);
                wanted[1][i] = weighed(w->u, p[0], p[1], p[2], 257, 16);
                wanted[2][i] = weighed(w->v, p[0], p[1], p[2], 257, 16);
            }
            for (int place = 0; place < PLACES; place++) {
                const uint8_t *from = input(0, row, bytes, place);
                for (size_t x = 0; x < way_count; x++) {
                    if (!ways[x].whole) continue;
                    use_way(&ways[x]);
                    for (int plane = 0; plane < 3; plane++) {
                        static uint8_t other[3][MOST];
                        uint8_t *out[3] = {other[0], other[1], other[2]};
                        out[plane] = output(count, place);
                        if (!tm_yuv_full(from, (int)channels, count, w, out[0], out[1], out[2])) continue;
                        expect(
                            memcmp(out[0], wanted[0], count) == 0 && memcmp(out[1], wanted[1], count) == 0
                                && memcmp(out[2], wanted[2], count) == 0 && is_intact(count),
                            "%zu pixels of %zu channels, plane %d, place %d, %s", count, channels, plane, place,
                            ways[x].name);
                    }
                }
            }
        }
    }
    end_kernel();
}

static void check_single(int channels) {
    static uint8_t row[4 * MOST], wanted[MOST];
    begin_kernel(channels == 1 ? "yuv gray" : "yuv alpha");
    seed(32);
    for (size_t c = 0; c < COUNTS; c++) {
        const size_t count = count_number(c), bytes = (size_t)channels * count;
        pixels(row, bytes, 0);
        for (size_t i = 0; i < count; i++) {
            wanted[i] = channels == 1 ? (uint8_t)((28142 * row[i] + 540672) / 32768) : row[4 * i + 3];
        }
        for (int place = 0; place < PLACES; place++) {
            const uint8_t *from = input(0, row, bytes, place);
            for (size_t x = 0; x < way_count; x++) {
                if (!ways[x].whole) continue;
                use_way(&ways[x]);
                uint8_t *out = output(count, place);
                if (!(channels == 1 ? tm_yuv_gray(from, count, 28142, out) : tm_yuv_alpha(from, count, out))) continue;
                expect(
                    memcmp(out, wanted, count) == 0 && is_intact(count), "%zu pixels, place %d, %s", count, place,
                    ways[x].name);
            }
        }
    }
    end_kernel();
}

void check_yuv(void) {
    check_quarter();
    check_full();
    check_single(1);
    check_single(4);
}
