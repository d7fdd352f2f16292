// Sound at another rate: sums of products of a filter's rows with windows of a signal, the inner loop of resampling.
//
// The Swift twin is AudioCoding/Resampling/ResamplingKernels.swift, which gives the same bits: product j belongs to lane
// j mod 16, a lane adds its products in order, and the lanes are folded by halves. Nothing needs to be aligned.
#ifndef TM_RESAMPLE_H
#define TM_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// output[k * output_step] = the sum of row[j] * input[k * step + j] over j < taps, for k < count. `taps` is a multiple of 16.
void tm_resample_row(
    const float *row, size_t taps, const float *input, size_t step, float *output, size_t output_step, size_t count);

// The same for times that lie between the rows of a table of rows + 1: output k is at time (phase + k * down) / up, the whole of
// which counts numbers of `input`; its fraction, times `rows`, is a place between two rows, whose sums are interpolated.
// `phase` is below `up`; up and down are below 2^32.
void tm_resample_between(
    const float *table, size_t taps, size_t rows, const float *input, uint64_t phase, uint64_t up, uint64_t down,
    float *output, size_t output_step, size_t count);

#ifdef __cplusplus
}
#endif
#endif
