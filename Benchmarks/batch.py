"""Times `tensor-media convert` on many tensors beside what it cannot go below: python batch.py TOOL FLOOR FOLDER [COUNT]

TOOL is the program, FLOOR batch-floor, FOLDER a place with room for the outputs (10,000 tensors: about 1 GB for each round, preset and program).
Tensors are float32, 3 x 224 x 224, cut from photographs of scikit-image: 20 distinct ones behind COUNT hard links, so that
the inputs stay in the system's cache. Each round runs the program, the same work in memory, and a loop in C that opens and
reads the inputs, and creates, writes and renames the outputs. CPU seconds, user and system, the best of each.
"""
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
from skimage import data, transform

ROUNDS = int(os.environ.get("ROUNDS", 5))


def make_inputs(folder, count):
    distinct = folder / "distinct"
    distinct.mkdir(parents=True)
    random = np.random.default_rng(7)
    photos = [data.astronaut(), data.coffee(), data.chelsea(), data.immunohistochemistry(), data.rocket()]
    for index in range(20):
        photo = photos[index % 5]
        side = min(photo.shape[:2]) * (10 - index // 5) // 10
        y, x = (int(random.integers(n - side + 1)) for n in photo.shape[:2])
        small = transform.resize(photo[y:y + side, x:x + side], (224, 224), anti_aliasing=True)
        np.save(distinct / f"{index:02}.npy", np.ascontiguousarray(small.transpose(2, 0, 1), dtype=np.float32))
    for index in range(count):
        place = folder / "in" / f"{index // 1000:03}"
        if index % 1000 == 0:
            place.mkdir(parents=True)
        os.link(distinct / f"{index % 20:02}.npy", place / f"{index:06}.npy")


def cpu(floor, command):
    """CPU seconds and the most resident memory of a command, in kilobytes."""
    result = subprocess.run([floor, "run", *command], capture_output=True, check=True, text=True)
    seconds, resident = result.stdout.split()[-2:]
    return float(seconds), int(resident)


def main():
    tool, floor, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 10000
    shutil.rmtree(folder, ignore_errors=True)
    make_inputs(folder, count)
    files = sorted(map(str, (folder / "distinct").iterdir()))
    print(f"{count} tensors, {ROUNDS} rounds, CPU seconds, best of each")
    print(f"{'preset':10} {'convert':>8} {'memory':>8} {'files':>8} {'ratio':>6}")
    for preset in ("fastest", "balanced"):
        best = [float("inf")] * 3
        for number in range(ROUNDS):
            # New folders, and nothing deleted meanwhile: ext4 walks past all inodes that were freed within minutes, one by
            # one, each time a file is made.
            out, copy = (folder / f"{name}-{preset}-{number}" for name in ("out", "copy"))
            run = [tool, "convert", str(folder / "in"), "-o", str(out), "--preset", preset, "--jobs", "1", "-q"]
            best[0] = min(best[0], cpu(floor, run)[0])
            memory = subprocess.run([floor, "memory", preset, str(count), *files], capture_output=True, check=True)
            best[1] = min(best[1], float(memory.stdout))
            loop = subprocess.run(
                [floor, "files", str(count), str(folder / "in"), str(copy), str(out)], capture_output=True, check=True)
            best[2] = min(best[2], float(loop.stdout))
        print(f"{preset:10} {best[0]:8.2f} {best[1]:8.2f} {best[2]:8.2f} {best[0] / (best[1] + best[2]):6.2f}")
    print(f"\n{'inputs':>8} {'jobs':>5} {'most resident memory, MB':>26}")
    for inputs in (count // 10, count):
        for jobs in ("1", "2"):
            out = folder / f"memory-{inputs}-{jobs}"
            names = [str(path) for path in sorted((folder / "in").iterdir())][: max(1, inputs // 1000)]
            command = [tool, "convert", *names, "-o", str(out), "--jobs", jobs, "-q", "--resume"]
            resident = cpu(floor, command)[1]
            print(f"{inputs:8} {jobs:>5} {resident / 1000:26.1f}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
