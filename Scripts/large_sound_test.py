"""Writes a sound of 5 GiB, and has it read back whole by libsndfile and ffmpeg: python large_sound_test.py PROGRAM

The tensor is a file with holes, so that it takes no room; the sound takes its 5 GiB, in the folder for temporary files.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import soundfile

RATE, CHANNELS = 48_000, 2
FRAMES = 5 * 2**30 // (2 * CHANNELS) + 7
# Some moments are not silent: at the ends, around 2 and 4 GiB, and by chance.
PLACES = sorted({0, 1, FRAMES - 1, *(2**g // 4 + d for g in (31, 32) for d in (-12, -11, -10, 0, 1)), *np.random.default_rng(3).integers(0, FRAMES, 50).tolist()})


def make(path):
    sound = np.lib.format.open_memmap(path, "w+", np.int16, (FRAMES, CHANNELS))
    for place in PLACES:
        sound[place] = place % 30_011 + 1, -(place % 20_011) - 1
    sound.flush()
    return sound


def digest(pieces):
    sha = hashlib.sha256()
    for piece in pieces:
        sha.update(piece)
    return sha.hexdigest()


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        sound = make(folder / "sound.npy")
        out = folder / "sound.wav"
        subprocess.run([program, "convert", folder / "sound.npy", "-o", out, "--rate", str(RATE), "--quiet"], check=True)
        with open(out, "rb") as file:
            assert file.read(4) == b"RF64", "no RF64"
        info = soundfile.info(str(out))
        assert (info.frames, info.channels, info.samplerate) == (FRAMES, CHANNELS, RATE), info
        with soundfile.SoundFile(str(out)) as file:
            for place in PLACES:
                file.seek(place)
                assert np.array_equal(file.read(1, dtype="int16")[0], sound[place]), f"libsndfile reads another sample {place}"
        step = 1 << 24
        wanted = digest(sound[start:start + step].tobytes() for start in range(0, FRAMES, step))
        decoder = subprocess.Popen(["ffmpeg", "-v", "error", "-i", out, "-f", "s16le", "-"], stdout=subprocess.PIPE)
        found = digest(iter(lambda: decoder.stdout.read(step), b""))
        assert decoder.wait() == 0, "ffmpeg failed"
        assert found == wanted, "ffmpeg reads other samples"
        print(f"{out.stat().st_size:,} bytes of RF64: libsndfile and ffmpeg read all {FRAMES:,} samples")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
