"""Measures sounds at another rate: python resampling.py PROGRAM

PROGRAM is audio-benchmarks. First how far sines are from what they should be: gain up to 0.9 of the lower Nyquist frequency, the
error away from the ends, and what is left of tones that the lower rate cannot hold. Then processor time for a minute of one
channel beside soxr, where it is installed, and SciPy, in the same rounds.
"""
import math
import pathlib
import sys
import tempfile
import time

import numpy as np

from program import Program

RATES = [
    (44100, 48000), (48000, 44100), (48000, 16000), (44100, 16000), (192000, 8000), (8000, 48000), (8000, 192000), (16000, 44100),
    (96000, 48000), (44101, 48000), (48000, 100),
]
ROUNDS = 5


def decibels(magnitude):
    return 20 * math.log10(max(magnitude, 1e-12))


def quality(program, folder, rate, to):
    low = min(rate, to)
    count = int(min(max(rate * 0.5, 6000 * rate / low), 8_000_000))
    length, edge = math.ceil(count * to / rate), int(400 * to / low)
    before, after, inside = np.arange(count) / rate, np.arange(length) / to, slice(edge, length - edge)

    def resampled(frequency):
        np.save(folder / "tone.npy", np.sin(2 * np.pi * frequency * before + 0.3).astype(np.float32))
        program.ask("resample", folder / "tone.npy", rate, to, folder / "tone.f32")
        found = np.fromfile(folder / "tone.f32", np.float32).astype(float)
        if len(found) != length:
            sys.exit(f"{rate} to {to}: {len(found)} samples, not {length}")
        return found[inside]

    worst = gain = 0
    for part in (0.0103, 0.11, 0.237, 0.4, 0.61, 0.8, 0.9):
        frequency = part * low / 2
        found, time_ = resampled(frequency), after[inside]
        worst = max(worst, np.abs(found - np.sin(2 * np.pi * frequency * time_ + 0.3)).max())
        waves = np.stack([np.sin(2 * np.pi * frequency * time_), np.cos(2 * np.pi * frequency * time_)], 1)
        gain = max(gain, abs(decibels(np.hypot(*np.linalg.lstsq(waves, found, rcond=None)[0]))))
    above = [part * to / 2 for part in (1, 1.02, 1.1, 1.3, 1.9, 2.7) if part * to < rate]
    left = max((np.abs(resampled(frequency)).max() for frequency in above), default=None)
    kept = "       –" if left is None else f"{decibels(left):8.1f}"
    print(f"{rate:7} to {to:7}{gain:12.5f} dB{kept} dB{decibels(worst):9.1f} dB", flush=True)


def speed(program, folder, rate, to):
    samples = np.random.default_rng(1).standard_normal(rate * 60, np.float32) * np.float32(0.2)
    np.save(folder / "noise.npy", samples)
    contestants = {"ours": lambda: program.ask("resample", folder / "noise.npy", rate, to, "-")["seconds"]}

    def timed(call):
        def measured():
            before = time.process_time()
            call()
            return time.process_time() - before
        return measured
    try:
        import soxr
        for name in ("HQ", "VHQ"):
            contestants["soxr " + name] = timed(lambda name=name: soxr.resample(samples, rate, to, name))
    except ImportError:
        pass
    if max(rate, to) // math.gcd(rate, to) <= 1000:
        from scipy.signal import resample_poly
        common = math.gcd(rate, to)
        contestants["scipy"] = timed(lambda: resample_poly(samples, to // common, rate // common))
    best = dict.fromkeys(contestants, float("inf"))
    for _ in range(ROUNDS):
        for name, contestant in contestants.items():
            best[name] = min(best[name], contestant())
    print(f"{rate:7} to {to:7}" + "".join(f"{name:>12}{seconds * 1000:8.1f} ms" for name, seconds in best.items()), flush=True)


def main(path):
    program = Program(path)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        print("rates                    gain to 0.9   kept away    error")
        for rates in RATES:
            quality(program, folder, *rates)
        print("\na minute of one channel")
        for rates in RATES:
            speed(program, folder, *rates)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
