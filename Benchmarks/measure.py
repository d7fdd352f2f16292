"""Measures encoders on a corpus, round by round: python measure.py PROGRAM CORPUS OUT.json

PROGRAM is encode-benchmarks; one process of it per level of instructions answers questions, and the encoders of Python run
here, in the same rounds, so that a slow spell of the machine hits all of them. Times are CPU time of the encoding thread.
"""
import json
import os
import pathlib
import sys
import tempfile
import time

import numpy as np

import rivals
from program import Program

# Rounds of each picture: at least so many, more while they are quick. In a round everybody encodes for so long, at least
# once: small pictures come in numbers, and the first one alone would measure how long a processor takes to wake up.
FEWEST, MOST = int(os.environ.get("ROUNDS", 5)), 20
SECONDS = 3.0
TURN = 0.01
LEVELS = ("avx2", "portable")


def timed(encode):
    before, start, count = time.thread_time(), time.monotonic(), 0
    while count == 0 or time.monotonic() - start < TURN:
        size = encode()
        count += 1
    return dict(thread=(time.thread_time() - before) / count, bytes=size)


def measure(entry, array, best, others):
    """One picture: every contestant's runs, by name."""
    opened = best.ask("open", entry["name"])
    names = opened["contestants"]
    for program in others.values():
        program.ask("open", entry["name"], "ours fastest")
    python = list(rivals.contestants(array, entry))

    def turn():
        yield from zip(names, best.ask("round", TURN))
        for level, program in others.items():
            yield f"ours fastest, {level}", program.ask("round", TURN)[0]
        for name, encode in python:
            yield name, timed(encode)

    runs = {}
    list(turn())  # warms caches and buffers up, and does not count
    start, rounds = time.monotonic(), 0
    while rounds < MOST and (rounds < FEWEST or time.monotonic() - start < SECONDS):
        for name, run in turn():
            runs.setdefault(name, []).append(run)
        rounds += 1
    for name, all_runs in runs.items():
        sizes = {run["bytes"] for run in all_runs}
        if len(sizes) > 1:
            sys.exit(f"{entry['name']}: {name} gave files of different sizes: {sizes}")
        times = sorted(run["thread"] for run in all_runs)
        yield dict(
            entry=entry["name"], group=entry["group"], dtype=entry["dtype"], shape=entry["shape"], layout=entry["layout"],
            contestant=name, pixelBytes=opened["pixelBytes"], bytes=sizes.pop(), rounds=rounds, best=times[0],
            median=times[len(times) // 2], wall=min(run.get("wall", 0) for run in all_runs),
            process=min(run.get("process", 0) for run in all_runs))


def main():
    path, corpus, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    best = Program(path, str(corpus))
    machine = best.ask("machine")
    others = {level: Program(path, str(corpus), level=level) for level in LEVELS if level != machine["level"]}
    results, memory = [], {}
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = scratch
        for entry in json.loads((corpus / "corpus.json").read_text())["entries"]:
            if entry["kind"] != "image" or "n" in entry["layout"]:
                continue
            results += measure(entry, np.load(corpus / entry["file"]), best, others)
            if max(entry["shape"]) > 1000:
                memory[entry["name"]] = best.ask("memory")
    # In the cache, and 400 MB of floats, which no cache holds whole.
    conversion = {"in cache": best.ask("conversion", 512, 512, 200), "beyond it": best.ask("conversion", 4320, 7680, 8)}
    for level, program in others.items():
        conversion[f"in cache, {level}"] = program.ask("conversion", 512, 512, 200)
    for program in [best, *others.values()]:
        program.end()
    out.write_text(json.dumps(
        dict(machine=machine, results=results, memory=memory, conversion=conversion), indent=1))


if __name__ == "__main__":
    main()
