"""Prints what measure.py measured: a table per kind of picture, and the goals with what was reached.

    python goals.py MEASURED.json [BASIS.json]      writes the numbers behind the goals to BASIS.json

Speeds are MB of pixels per second of CPU time, from the best round; ratios are geometric means over pictures; sizes are
relative to libpng at level 6 with its own choice of filters. Rivals begin with finished pixels, ours with the tensor.
"""
import json
import math
import sys


def mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


class Measured:
    def __init__(self, path):
        data = json.load(open(path))
        self.machine, self.memory, self.conversion = data["machine"], data["memory"], data["conversion"]
        self.rows = data["results"]
        self.at = {(row["entry"], row["contestant"]): row for row in self.rows}
        self.facts = {row["entry"]: row for row in self.rows}

    def entries(self, test):
        return [entry for entry, row in self.facts.items() if test(entry, row)]

    def both(self, entries, a, b):
        return [(self.at[e, a], self.at[e, b]) for e in entries if (e, a) in self.at and (e, b) in self.at]

    def speed(self, entries, a, b, clock="best"):
        """How many times faster `a` is than `b`."""
        return mean(y[clock] / x[clock] for x, y in self.both(entries, a, b))

    def size(self, entries, a, b="libpng 6"):
        return mean(x["bytes"] / y["bytes"] for x, y in self.both(entries, a, b))


def tables(measured):
    names = list(dict.fromkeys(row["contestant"] for row in measured.rows))
    groups = list(dict.fromkeys(row["group"] for row in measured.rows))
    for format, reference, rival in (("PNG", "libpng 6", "Pillow"), ("JPEG", "libjpeg 90", "Pillow JPEG 90")):
        of_format = [n for n in names if ("JPEG" in n or "libjpeg" in n) == (format == "JPEG")]
        for group in groups:
            entries = measured.entries(lambda _, row: row["group"] == group)
            lines = []
            for name in of_format:
                mine = [measured.at[e, name] for e in entries if (e, name) in measured.at]
                if mine:
                    lines.append(
                        f"  {name:32} {mean(r['pixelBytes'] / r['best'] / 1e6 for r in mine):10.1f}"
                        f" {measured.speed(entries, name, reference):10.2f} {measured.speed(entries, name, rival):10.2f}"
                        f" {measured.size(entries, name, reference):8.3f} {len(mine):6}".replace("nan", "  -"))
            if lines:
                print(f"\n{format}, {group}")
                print(f"  {'':32} {'MB/s':>10} {'x ' + reference:>10} {'x Pillow':>10} {'size':>8} {'files':>6}")
                print("\n".join(lines))


def goals(m):
    """(name, what, firm, ambitious, measured), each a tuple of a speed and a size."""
    # Tiny pictures, 16 bits and truth values have goals of their own.
    photos = m.entries(lambda _, r: r["group"] in ("photo", "diffusion"))
    everything = m.entries(lambda _, r: r["group"] not in ("tiny", "u16", "mask"))
    wide = m.entries(lambda _, r: r["dtype"] == "uint16")
    masks = m.entries(lambda _, r: r["dtype"] == "bool")
    pixels = lambda r: r["pixelBytes"] // (3 if "c" in r["layout"] else 1)
    large = m.entries(lambda _, r: pixels(r) > 1_000_000 and r["group"] == "photo")
    middle = m.entries(
        lambda _, r: r["group"] == "photo" and r["dtype"] == "uint8" and r["layout"] == "hwc" and pixels(r) < 3_000_000)
    of_224 = [e for e in middle if m.facts[e]["shape"][0] == 224]
    floats = m.entries(lambda _, r: r["dtype"] == "float32" and "c" in r["layout"] and pixels(r) > 1_000_000)
    bytes_ = m.entries(lambda _, r: r["group"] == "photo" and r["dtype"] == "uint8")
    digits = m.entries(lambda _, r: r["group"] == "tiny" and r["layout"] == "hw")
    fastest = "ours fastest"

    def against(rival, entries, ours=fastest, reference="libpng 6"):
        return m.speed(entries, ours, rival), m.size(entries, ours, reference)

    yield "G1", "fastest : libpng 6, photographs", (60, 1.05), (110, 1.02), against("libpng 6", photos)
    yield "G2", "fastest : libpng 6, all", (30, 1.10), (55, 1.06), against("libpng 6", everything)
    yield "G3", "fastest : Pillow, RGB 224² to 1080p", (80, None), (150, None), against("Pillow", middle)
    yield "G4", "fastest : OpenCV, photographs", (10, None), (18, 0.91), against("OpenCV", photos, reference="OpenCV")
    if m.machine["level"] == "avx512":
        yield "G5", "fastest : libpng 6, photographs", (89, 1.043), (129, 1.021), against("libpng 6", photos)
        yield "G6", "fastest : libpng 6, all", (51, 1.185), (64, 1.080), against("libpng 6", everything)
        yield "G7", "fastest : libpng 6, photographs", (104, 1.072), (133, 1.024), against("libpng 6", photos)
    level2 = fastest if m.machine["level"] == "avx2" else "ours fastest, avx2"
    yield "G8", "fastest with AVX2 : libpng 6, photographs", (55, 1.043), (71, 1.021), against("libpng 6", photos, level2)
    yield "G9", "fastest in plain Swift : libpng 6, photographs", (25, None), (45, None), against(
        "libpng 6", photos, "ours fastest, portable")
    yield "G10", "balanced : libpng 6, all", (10, 1.00), (20, 0.97), against("libpng 6", everything, "ours balanced")
    yield "G11", "smallest : libpng 6, all", (1, 0.95), (1.3, 0.90), against("libpng 6", everything, "ours smallest")
    yield "G12", "fastest : libpng 6, 16 bits", (60, 1.12), (120, 1.10), against("libpng 6", wide)
    yield "G13", "1-bit mask : Pillow's 8-bit, 1080p", (30, 0.70), (45, 0.63), against("Pillow", masks, reference="Pillow")
    inside, beyond = m.conversion["in cache"], m.conversion["beyond it"]
    yield "G14", "floats to bytes, 400 MB: share of only reading", (0.6, None), (0.8, None), (
        beyond["read"] / beyond["convert"], None)
    yield "G15", "floats to bytes in the cache, GB/s", (20, None), (45, None), (
        inside["bytes"] / inside["convert"] / 1e9, None)
    yield "G16", "floats, 1080p : NumPy + Pillow", (80, None), (140, None), against("NumPy + Pillow", floats)
    yield "G17", "floats, 1080p : converting first", (1.0, None), (1.10, None), against(
        "ours fastest, converted first", floats)
    yield "G18", "28² gray, encoding alone : libpng 6", (5, None), (12, 1.08), against(
        "libpng 6", digits, "ours fastest, encoding alone")
    yield "G19", "224² RGB : Pillow", (70, None), (150, None), against("Pillow", of_224)
    two = "ours fastest, 2 threads"
    yield "G20", "two threads : one, time on the wall", (1.5, None), (1.8, None), (m.speed(large, two, fastest, "wall"), None)
    yield "", "two threads : one, CPU of all threads", None, None, (m.speed(large, two, fastest, "process"), None)
    memory = [value for pair in m.memory.values() for value in pair[:1] if value is not None]
    yield "G21", "memory beside the picture, MiB (at most)", (-4, None), (-1, None), (
        max(memory, default=math.nan) / 2**20, None)
    worst = max(
        row["bytes"] - row["pixelBytes"] * 1.0002 - rows(row) - 100 for row in m.rows if row["contestant"] == fastest)
    yield "G23", "bytes over pixels + 1 a row + 0.02 % + 100 (at most)", (-0.0, None), (-0.0, None), (max(worst, 0), None)
    yield "G24", "JPEG 90 : bare libjpeg, bytes", (0.9, None), (0.97, None), against(
        "libjpeg 90", bytes_, "ours JPEG 90", "libjpeg 90")
    yield "", "JPEG 90 : bare libjpeg, floats", (0.75, None), (0.85, None), against(
        "libjpeg 90", floats, "ours JPEG 90", "libjpeg 90")


def rows(row):
    return row["shape"][row["layout"].index("h")]


def holds(goal, found):
    """A negative speed is a number that must not be passed."""
    (speed, size), (least, largest) = found, goal
    fast = speed >= least if math.copysign(1, least) > 0 else speed <= -least
    return fast and (largest is None or size <= largest)


def text(pair):
    if pair is None:
        return "-"
    speed, size = pair
    shown = f"{abs(speed):.3g}"
    return shown if size is None else f"{shown} at {size:.3f}"


def main():
    measured = Measured(sys.argv[1])
    tables(measured)
    print(f"\nGoals, with {measured.machine['level']}; libpng {measured.machine['libpng']}")
    print(f"  {'':4} {'times, at a size of':52} {'firm':>15} {'ambitious':>15} {'reached':>15}")
    failed = 0
    basis = []
    for name, what, firm, ambitious, found in goals(measured):
        if any(number is not None and math.isnan(number) for number in found):
            verdict = "not in this corpus"
        elif firm is None:
            verdict = ""
        else:
            verdict = "ambitious" if holds(ambitious, found) else "firm" if holds(firm, found) else "MISSED"
            failed += verdict == "MISSED"
            basis.append(dict(goal=name, what=what, reached=found, verdict=verdict))
        print(f"  {name:4} {what:52} {text(firm):>15} {text(ambitious):>15} {text(found):>15}  {verdict}")
    print(f"\n{len(basis) - failed} goals reached, {failed} missed")
    if len(sys.argv) > 2:
        json.dump(basis, open(sys.argv[2], "w"), indent=1)


if __name__ == "__main__":
    main()
