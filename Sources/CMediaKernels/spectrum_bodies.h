// The loops of spectrum.h. The Swift twin is the same sums and products.
#ifndef TM_SPECTRUM_BODIES_H
#define TM_SPECTRUM_BODIES_H

#include "convert_bodies.h"
#include "spectrum.h"

#pragma STDC FP_CONTRACT OFF

// Eight floats, of which the compiler makes as many registers as the level needs.
typedef float tm_lanes __attribute__((vector_size(32), aligned(4), may_alias));

// Complex numbers: real and imaginary parts in turn. `step` is how far, in vectors, the four of a butterfly are apart.
ALWAYS_INLINE void spectrum_pass(tm_lanes *x, size_t half, size_t size, const float *roots) {
    const size_t quarter = size / 4, step = 2 * quarter;
    for (size_t base = 0; base < half; base += size) {
        const float *w = roots;
        for (size_t j = 0; j < quarter; j++, w += 6) {
            tm_lanes *p = x + 2 * (base + j), *q = p + step, *r = q + step, *s = r + step;
            const tm_lanes even_sum_re = p[0] + r[0], even_sum_im = p[1] + r[1];
            const tm_lanes even_gap_re = p[0] - r[0], even_gap_im = p[1] - r[1];
            const tm_lanes odd_sum_re = q[0] + s[0], odd_sum_im = q[1] + s[1];
            const tm_lanes odd_gap_re = q[0] - s[0], odd_gap_im = q[1] - s[1];
            p[0] = even_sum_re + odd_sum_re;
            p[1] = even_sum_im + odd_sum_im;
            const tm_lanes one_re = even_gap_re + odd_gap_im, one_im = even_gap_im - odd_gap_re;
            q[0] = one_re * w[0] - one_im * w[1];
            q[1] = one_re * w[1] + one_im * w[0];
            const tm_lanes two_re = even_sum_re - odd_sum_re, two_im = even_sum_im - odd_sum_im;
            r[0] = two_re * w[2] - two_im * w[3];
            r[1] = two_re * w[3] + two_im * w[2];
            const tm_lanes three_re = even_gap_re - odd_gap_im, three_im = even_gap_im + odd_gap_re;
            s[0] = three_re * w[4] - three_im * w[5];
            s[1] = three_re * w[5] + three_im * w[4];
        }
    }
}

// The last pass, where all roots are 1: four neighbours, or two.
ALWAYS_INLINE void spectrum_last_pass(tm_lanes *x, size_t half, size_t size) {
    for (size_t base = 0; size == 4 && base < half; base += 4) {
        tm_lanes *p = x + 2 * base;
        const tm_lanes even_sum_re = p[0] + p[4], even_sum_im = p[1] + p[5];
        const tm_lanes even_gap_re = p[0] - p[4], even_gap_im = p[1] - p[5];
        const tm_lanes odd_sum_re = p[2] + p[6], odd_sum_im = p[3] + p[7];
        const tm_lanes odd_gap_re = p[2] - p[6], odd_gap_im = p[3] - p[7];
        p[0] = even_sum_re + odd_sum_re;
        p[1] = even_sum_im + odd_sum_im;
        p[2] = even_gap_re + odd_gap_im;
        p[3] = even_gap_im - odd_gap_re;
        p[4] = even_sum_re - odd_sum_re;
        p[5] = even_sum_im - odd_sum_im;
        p[6] = even_gap_re - odd_gap_im;
        p[7] = even_gap_im + odd_gap_re;
    }
    for (size_t base = 0; size == 2 && base < half; base += 2) {
        tm_lanes *p = x + 2 * base;
        const tm_lanes a = p[0], b = p[1], c = p[2], d = p[3];
        p[0] = a + c;
        p[1] = b + d;
        p[2] = a - c;
        p[3] = b - d;
    }
}

// The powers of the real numbers, from the transform of the complex ones.
ALWAYS_INLINE void spectrum_combine(
    const tm_lanes *x, const float *splits, const int32_t *places, size_t half, tm_lanes *powers) {
    const tm_lanes sum = x[0] + x[1], gap = x[0] - x[1];
    powers[0] = sum * sum;
    powers[half] = gap * gap;
    for (size_t k = 1; k <= half / 2; k++) {
        const tm_lanes *a = x + 2 * (size_t)places[k], *b = x + 2 * (size_t)places[half - k];
        const float c = splits[2 * k], s = splits[2 * k + 1];
        const tm_lanes even_re = a[0] + b[0], even_im = a[1] - b[1];
        const tm_lanes odd_re = a[1] + b[1], odd_im = b[0] - a[0];
        const tm_lanes turned_re = odd_re * c - odd_im * s, turned_im = odd_re * s + odd_im * c;
        const tm_lanes re = even_re + turned_re, im = even_im + turned_im;
        const tm_lanes re2 = even_re - turned_re, im2 = even_im - turned_im;
        powers[k] = (re * re + im * im) * 0.25f;
        powers[half - k] = (re2 * re2 + im2 * im2) * 0.25f;
    }
}

ALWAYS_INLINE void body_spectrum_powers(
    float *numbers, const float *roots, const float *splits, const int32_t *places, size_t length, float *powers) {
    tm_lanes *x = (tm_lanes *)numbers;
    const size_t half = length / 2;
    size_t size = half;
    for (; size > 4; size /= 4) {
        spectrum_pass(x, half, size, roots);
        roots += 6 * (size / 4);
    }
    spectrum_last_pass(x, half, size);
    spectrum_combine(x, splits, places, half, (tm_lanes *)powers);
}

#endif
