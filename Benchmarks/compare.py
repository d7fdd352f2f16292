"""Prints what encode-benchmarks and rivals.py measured side by side: python compare.py RESULTS.json...

MB/s of pixels from the best round, CPU time of one thread; `x Pillow` is the geometric mean, over the pictures, of how many
times faster than Pillow's default PNG (or JPEG) an encoder is; size is relative to libpng at level 6 (JPEG: to libjpeg).
"""
import json
import math
import sys


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def number(value, width, digits):
    return "-".rjust(width) if math.isnan(value) else f"{value:{width}.{digits}f}"


def main():
    rows = [row for path in sys.argv[1:] for row in json.load(open(path))]
    groups = sorted({row["group"] for row in rows})
    at = {(row["entry"], row["contestant"]): row for row in rows}
    names = list(dict.fromkeys(row["contestant"] for row in rows))
    for format, rival, reference in (("PNG", "Pillow PNG", "libpng 6"), ("JPEG", "Pillow JPEG 90", "libjpeg 90")):
        of_format = [name for name in names if ("JPEG" in name or "libjpeg" in name) == (format == "JPEG")]
        for group in groups:
            entries = list(dict.fromkeys(row["entry"] for row in rows if row["group"] == group))
            lines = []
            for name in of_format:
                mine = [at[entry, name] for entry in entries if (entry, name) in at]
                if not mine:
                    continue
                speed = mean([row["pixelBytes"] / row["best"] / 1000 for row in mine])
                ratio = mean([at[row["entry"], rival]["best"] / row["best"] for row in mine if (row["entry"], rival) in at])
                size = mean([row["bytes"] / at[row["entry"], reference]["bytes"] for row in mine if (row["entry"], reference) in at])
                spread = mean([row["median"] / row["best"] for row in mine])
                lines.append(f"  {name:32} {speed:10.1f} {number(ratio, 10, 2)} {number(size, 8, 3)} {spread:8.2f} {len(mine):6}")
            if lines:
                print(f"\n{format}, {group}")
                print(f"  {'':32} {'MB/s':>10} {'x Pillow':>10} {'size':>8} {'median':>8} {'files':>6}")
                print("\n".join(lines))


if __name__ == "__main__":
    main()
