"""Times ours beside orjson on a file of boxes, in the same rounds, and holds the results against the goals.

    python boxes.py box-benchmarks RESULTS.json [COUNT]

A file of COUNT boxes (100,000) is made beside the results: positions of four numbers with 6 to 17 digits, a class, a caption
and two scores. Each round asks for one reading by orjson, one by us, and one validation; the best rounds are compared.
"""

import json
import os
import random
import subprocess
import sys
import time

import orjson

ROUNDS = 21
GOAL = 1.5
AIM = 2.5


def number(generator, low, high):
    """A number as programs write it: rounded to a few digits, or all that a double has."""
    value = generator.uniform(low, high)
    return value if generator.random() < 0.5 else round(value, generator.randint(6, 12))


def boxes(count):
    generator = random.Random(5)
    for _ in range(count):
        left, top = number(generator, 0, 0.7), number(generator, 0, 0.7)
        category = generator.randrange(80)
        yield {
            "position": {
                "minX": left,
                "maxX": left + number(generator, 0.01, 0.3),
                "minY": top,
                "maxY": top + number(generator, 0.01, 0.3),
            },
            "class_id": category,
            "box_caption": f"thing {category}",
            "scores": {"acc": number(generator, 0, 1), "loss": round(generator.uniform(0, 9), 4)},
        }


def main():
    program, results = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
    path = os.path.join(os.path.dirname(os.path.abspath(results)), f"boxes-{count}.json")
    if not os.path.exists(path):
        with open(path, "w") as file:
            json.dump({"predictions": {"box_data": list(boxes(count))}}, file, separators=(",", ":"))
    with open(path, "rb") as file:
        text = file.read()
    child = subprocess.Popen([program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ours(task):
        child.stdin.write(task + "\n")
        child.stdin.flush()
        return float(child.stdout.readline())

    def theirs():
        start = time.thread_time()
        value = orjson.loads(text)
        took = time.thread_time() - start
        assert len(value["predictions"]["box_data"]) == count
        return took

    tasks = {
        "orjson.loads": theirs,
        "boxes": lambda: ours("boxes"),
        "tree": lambda: ours("tree"),
        "validate": lambda: ours("validate"),
    }
    times = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            times[name].append(task())
    child.stdin.close()
    child.wait()
    best = {name: min(values) for name, values in times.items()}
    print(f"{count} boxes, {len(text) / 1e6:.1f} MB, orjson {orjson.__version__}, best of {ROUNDS} rounds")
    for name, seconds in best.items():
        speed = len(text) / seconds / 1e6
        print(f"  {name:14} {seconds * 1e3:8.1f} ms {speed:8.0f} MB/s   {best['orjson.loads'] / seconds:5.2f} × orjson")
    ratio = best["orjson.loads"] / best["boxes"]
    cost = best["validate"] / best["boxes"]
    print(f"  reading boxes is {ratio:.2f} × as fast as orjson (goal {GOAL}, aim {AIM})")
    print(f"  validating costs {cost:.2f} of reading (goal 1)")
    with open(results, "w") as file:
        json.dump({"count": count, "bytes": len(text), "seconds": times}, file, indent=1)
    sys.exit(0 if ratio >= GOAL and cost <= 1 else 1)


main()
