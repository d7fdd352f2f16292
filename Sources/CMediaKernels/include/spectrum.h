// Fourier transforms of real numbers, as powers: the inner loop of spectrograms.
//
// The Swift twin is AudioCoding/Pictures/RealTransform.swift, which gives the same bits. Nothing needs to be aligned.
#ifndef TM_SPECTRUM_H
#define TM_SPECTRUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many windows are transformed at a time: one in each lane of eight floats.
enum { TM_SPECTRUM_LANES = 8 };

// powers[k] = |X[k]|^2 of eight windows, k = 0 … length / 2, each of `length` numbers, a power of two from 8 on. Number i of
// window w stands at numbers[8 * i + w], power k at powers[8 * k + w]. The numbers are used up.
//
// roots: for each pass of radix 4 but the last, from the largest, e^(-2 pi i j / size) to the powers 1, 2, 3 for j below size / 4.
// splits: e^(-2 pi i k / length), k = 0 … length / 4. places: where the passes leave frequency k of length / 2.
void tm_spectrum_powers(
    float *numbers, const float *roots, const float *splits, const int32_t *places, size_t length, float *powers);

#ifdef __cplusplus
}
#endif
#endif
