"""Times pictures of sounds beside librosa, matplotlib and sox: python sound_pictures.py PROGRAM BENCHMARKS

The sound is a minute of one channel at 44,100 samples a second. Programs are measured whole, with their start and the file they
read; libraries without theirs, from samples in memory to a PNG: librosa and matplotlib here, ours in BENCHMARKS, which is
audio-benchmarks. Everybody has one thread and the same size of picture. Times are processor time, the least of the rounds; in a
round everybody runs once, so that a slow spell of the machine hits all of them. Who is not installed is left out.
"""
import io
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

from program import Program

ROUNDS = int(os.environ.get("ROUNDS", 7))
RATE, SECONDS = 44100, 60


def sound():
    """Tones that come and go, with some noise."""
    t = np.arange(RATE * SECONDS) / RATE
    loudness = np.clip(np.sin(2 * np.pi * 0.7 * t) ** 2, 0.02, 1)
    tones = sum(np.sin(2 * np.pi * f * t * (1 + 0.01 * np.sin(t))) / k for k, f in enumerate((220, 440, 660, 880, 2640), 1))
    return (loudness * (0.2 * tones + np.random.default_rng(8).normal(0, 0.01, t.size))).astype(np.float32)


def write_wav(path, samples):
    import wave
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def run(*words):
    def measured():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return measured


def call(function):
    def measured():
        before = time.process_time()
        function()
        return time.process_time() - before
    return measured


def python_contestants(samples):
    """What people use from Python, by name."""
    try:
        import matplotlib
    except ImportError:
        return {}
    matplotlib.use("Agg")
    from matplotlib import pyplot

    def save(figure):
        figure.savefig(io.BytesIO(), format="png")
        pyplot.close(figure)

    def specgram():
        figure, axes = pyplot.subplots(figsize=(11.6, 5.7), dpi=100)
        image = axes.specgram(samples, NFFT=2048, Fs=RATE, noverlap=1536)[3]
        figure.colorbar(image, ax=axes)
        save(figure)

    def waveform():
        figure, axes = pyplot.subplots(figsize=(10.9, 3), dpi=100)
        axes.plot(np.arange(samples.size) / RATE, samples, linewidth=0.5)
        save(figure)

    found = {"spectrogram: matplotlib": call(specgram), "waveform: matplotlib": call(waveform)}
    try:
        import librosa
        import librosa.display
    except ImportError:
        return found

    def specshow():
        figure, axes = pyplot.subplots(figsize=(11.6, 5.7), dpi=100)
        levels = librosa.amplitude_to_db(np.abs(librosa.stft(samples, n_fft=2048, hop_length=512)), ref=np.max)
        image = librosa.display.specshow(levels, sr=RATE, hop_length=512, x_axis="time", y_axis="linear", ax=axes)
        figure.colorbar(image, ax=axes)
        save(figure)

    return found | {"spectrogram: librosa": call(specshow)}


def main(program, benchmarks):
    samples = sound()
    library = Program(benchmarks)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        folder = pathlib.Path(folder)
        np.save(folder / "a.npy", samples)
        write_wav(folder / "a.wav", samples)
        np.save(folder / "short.npy", samples[:100])
        picture = folder / "a.png"
        library.ask("open", folder / "a.npy", RATE)
        contestants = {
            f"{kind}: our library{how}": (lambda name=kind + how: library.ask("run", name, folder / "library.png")["seconds"])
            for kind in ("spectrogram", "waveform") for how in ("", ",fastest")
        } | {
            "start of ours": run(program, "waveform", folder / "short.npy", "--rate", "100", "--width", "8", "--height", "8", "-o", picture),
            "spectrogram: our program": run(program, "spectrogram", folder / "a.npy", "--rate", str(RATE), "-o", picture),
            "spectrogram: our program, wav": run(program, "spectrogram", folder / "a.wav", "-o", picture),
            "waveform: our program": run(program, "waveform", folder / "a.npy", "--rate", str(RATE), "-o", picture),
        }
        if shutil.which("sox"):
            contestants["spectrogram: sox, wav"] = run("sox", folder / "a.wav", "-n", "spectrogram", "-x", "1024", "-y", "513", "-o", picture)
        if shutil.which("ffmpeg"):
            contestants["spectrogram: ffmpeg, wav"] = run(
                "ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", folder / "a.wav", "-lavfi", "showspectrumpic=s=1024x512", picture)
        contestants |= python_contestants(samples)
        best = dict.fromkeys(contestants, float("inf"))
        for _ in range(ROUNDS):
            for name, contestant in contestants.items():
                best[name] = min(best[name], contestant())
    for name, seconds in best.items():
        kind = name.split(":")[0]
        # Libraries beside the library, programs beside the program that reads the same file.
        whose = " program, wav" if ", wav" in name else " library"
        ours = best.get(f"{kind}: our{whose}")
        fastest = best.get(f"{kind}: our{whose},fastest")
        ratio = f"  {seconds / ours:6.1f} × our{whose}" if ours and "our" not in name else ""
        if ratio and fastest:
            ratio += f", {seconds / fastest:6.1f} × its fastest"
        print(f"{name:34}{seconds * 1000:9.1f} ms{ratio}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
