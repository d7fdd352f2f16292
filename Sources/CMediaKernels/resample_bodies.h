// The loops of resample.h. The Swift twin is the same sums and products.
#ifndef TM_RESAMPLE_BODIES_H
#define TM_RESAMPLE_BODIES_H

#include "convert_bodies.h"
#include "resample.h"

#pragma STDC FP_CONTRACT OFF

// Sixteen floats, of which the compiler makes as many registers as the level needs, and what they are folded to.
typedef float tm_sixteen __attribute__((vector_size(64), aligned(4), may_alias));
typedef float tm_eight __attribute__((vector_size(32)));
typedef float tm_four __attribute__((vector_size(16)));

// The sum of all lanes, by halves.
ALWAYS_INLINE float resample_fold(const tm_sixteen *lanes) {
    const tm_sixteen v = *lanes;
    const tm_eight half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                          __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    const tm_four quarter =
        __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
    return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

// `group` windows at a time share what is read of the row, and their sums do not wait for each other.
ALWAYS_INLINE void body_resample_row(
    const float *row, size_t taps, const float *input, size_t step, float *output, size_t output_step, size_t count,
    const size_t group) {
    size_t k = 0;
    for (; k + group <= count; k += group, input += group * step, output += group * output_step) {
        tm_sixteen sums[4] = {{0}, {0}, {0}, {0}};
        for (size_t j = 0; j < taps; j += 16) {
            const tm_sixteen factors = *(const tm_sixteen *)(row + j);
#pragma clang loop unroll(full)
            for (size_t g = 0; g < group; g++) sums[g] += factors * *(const tm_sixteen *)(input + g * step + j);
        }
#pragma clang loop unroll(full)
        for (size_t g = 0; g < group; g++) output[g * output_step] = resample_fold(&sums[g]);
    }
    for (; k < count; k++, input += step, output += output_step) {
        tm_sixteen sum = {0};
        for (size_t j = 0; j < taps; j += 16) sum += *(const tm_sixteen *)(row + j) * *(const tm_sixteen *)(input + j);
        *output = resample_fold(&sum);
    }
}

// Places of a filter's table and of a signal that lie at the time of an output.
typedef struct {
    const float *row, *window;
    float fraction;
} tm_resample_place;

// `group` outputs. More than one do not share anything: their sums do not wait for each other.
ALWAYS_INLINE void resample_between_some(
    const float *table, size_t taps, size_t rows, const float *input, uint64_t phase, uint64_t up, uint64_t down,
    float *output, size_t output_step, const size_t group) {
    const double scale = (double)rows / (double)up;
    tm_resample_place places[4];
    tm_sixteen sums[4] = {{0}, {0}, {0}, {0}}, next_sums[4] = {{0}, {0}, {0}, {0}};
#pragma clang loop unroll(full)
    for (size_t g = 0; g < group; g++) {
        const uint64_t time = phase + g * down;
        const double place = (double)(int64_t)(time % up) * scale;
        const size_t index = (size_t)(int64_t)place < rows ? (size_t)(int64_t)place : rows - 1;
        places[g].row = table + index * taps;
        places[g].window = input + time / up;
        places[g].fraction = (float)(place - (double)(int64_t)index);
    }
    for (size_t j = 0; j < taps; j += 16) {
#pragma clang loop unroll(full)
        for (size_t g = 0; g < group; g++) {
            const tm_sixteen numbers = *(const tm_sixteen *)(places[g].window + j);
            sums[g] += *(const tm_sixteen *)(places[g].row + j) * numbers;
            next_sums[g] += *(const tm_sixteen *)(places[g].row + taps + j) * numbers;
        }
    }
#pragma clang loop unroll(full)
    for (size_t g = 0; g < group; g++) {
        const float value = resample_fold(&sums[g]);
        output[g * output_step] = value + places[g].fraction * (resample_fold(&next_sums[g]) - value);
    }
}

ALWAYS_INLINE void body_resample_between(
    const float *table, size_t taps, size_t rows, const float *input, uint64_t phase, uint64_t up, uint64_t down,
    float *output, size_t output_step, size_t count, const size_t group) {
    const uint64_t step = group * down;
    size_t k = 0;
    for (; k + group <= count; k += group, output += group * output_step) {
        resample_between_some(table, taps, rows, input, phase, up, down, output, output_step, group);
        phase += step;
        input += phase / up;
        phase %= up;
    }
    for (; k < count; k++, output += output_step) {
        resample_between_some(table, taps, rows, input, phase, up, down, output, output_step, 1);
        phase += down;
    }
}

#endif
