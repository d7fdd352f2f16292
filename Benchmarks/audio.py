"""Times writers of sounds beside each other: python audio.py PROGRAM

PROGRAM is audio-benchmarks, which holds the sound in memory and answers questions; the writers of Python run here, in the same
rounds, so that a slow spell of the machine hits all of them. Everybody writes float32 samples from memory to a WAV of 16 bits;
files lie in memory where the system has such a folder. Times are processor time, the least of the rounds.
"""
import os
import pathlib
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

from program import Program

# A sound, its rate, channels and seconds, and how many rounds it is worth.
SOUNDS = [("10 s mono 16 kHz", 16_000, 1, 10, 30), ("60 s stereo 44.1 kHz", 44_100, 2, 60, 12), ("1 h mono 16 kHz", 16_000, 1, 3600, 5)]
OURS = ["read", "write", "ours", "libsndfile", "ours,dither", "ours,float32"]
ROUNDS = os.environ.get("ROUNDS")


def sound(rate, channels, seconds):
    """Noise whose loudness goes up and down, a second after the other, so that nothing large is made on the way."""
    random = np.random.default_rng(8)
    samples = np.empty((rate * seconds, channels) if channels > 1 else rate * seconds, np.float32)
    for start in range(0, len(samples), rate):
        samples[start:start + rate] = random.standard_normal((rate,) + samples.shape[1:], np.float32) * 0.2
    return samples


def python_contestants(samples, rate, folder):
    """What people use from Python, by name."""
    path = str(folder / "python.wav")
    found = {}
    try:
        import soundfile
        found["soundfile"] = lambda: soundfile.write(path, samples, rate)
    except ImportError:
        pass
    try:
        from scipy.io import wavfile

        def scipy():
            # scipy writes floats as floats: what becomes 16 bits is converted first, as its users do.
            wavfile.write(path, rate, np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16))
        found["numpy, scipy"] = scipy
    except ImportError:
        pass
    try:
        import wandb
        found["wandb.Audio"] = lambda: wandb.Audio(samples, sample_rate=rate)
    except ImportError:
        pass

    def timed(contestant):
        def measured():
            if os.path.exists(path):
                os.remove(path)
            before = time.process_time()
            kept = contestant()
            seconds = time.process_time() - before
            if hasattr(kept, "_path"):
                os.remove(kept._path)
            return seconds
        return measured
    return {name: timed(contestant) for name, contestant in found.items()}


def measure(program, folder, label, rate, channels, seconds, rounds):
    samples = sound(rate, channels, seconds)
    path = folder / "a.npy"
    np.save(path, samples)
    program.ask("open", path, rate)
    out = folder / "a.wav"
    contestants = {name: (lambda name=name: program.ask("run", name, out)["seconds"]) for name in OURS}
    contestants |= python_contestants(samples, rate, folder)
    best = dict.fromkeys(contestants, float("inf"))
    for _ in range(int(ROUNDS or rounds) + 1):  # the first warms up, and is never the least
        for name, contestant in contestants.items():
            best[name] = min(best[name], contestant())
    print(f"\n{label}")
    for name, time_ in best.items():
        print(f"{name:16}{time_ * 1000:10.2f} ms{time_ / samples.size * 1e9:8.2f} ns a number{time_ / best['write']:8.2f} × write{time_ / best['ours']:8.2f} × ours")


def main(path):
    program = Program(path)
    folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=folder) as folder:
        tempfile.tempdir = folder
        os.environ["WANDB_DATA_DIR"] = os.environ["WANDB_DIR"] = folder
        folder = pathlib.Path(folder)
        print("the most memory that writing takes")
        for seconds in (10, 3600, 36_000):
            peak = program.ask("memory", seconds, folder / "memory.wav")["peak"]
            print(f"{seconds:8} s{peak / 2**20:8.1f} MiB" if peak >= 0 else f"{seconds:8} s  unknown here")
        (folder / "memory.wav").unlink()
        for entry in SOUNDS:
            measure(program, folder, *entry)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
