"""Makes the ready-made Huffman codes of the PNG encoder for tiny pictures: Sources/ImageCoding/PNG/SmallCodes+Data.swift.

    python Scripts/make_small_codes.py        needs the packages of Scripts/requirements-fixtures.txt

A tiny picture spends most of its time on codes made for it alone. Eight sets of codes, each learned from many tiny pictures,
cost a few percent in size and a tenth of the time. They are learned as clusters are: every picture goes to the filter and
the code that take least, every code is made again for what went to it, until little changes. The pictures are digits of
scikit-learn, cuts and thumbnails of the photographs of scikit-image, and drawn ones with fixed seeds.
"""
import heapq
import math
import pathlib

import numpy as np
from skimage import data, transform
from sklearn.datasets import load_digits

CODES, ROUNDS, LONGEST, BYTES = 8, 14, 14, 4096
OUT = pathlib.Path(__file__).parent.parent / "Sources/ImageCoding/PNG/SmallCodes+Data.swift"


# ------------------------------------------------------------------------------------------------------------ pictures


def u8(x):
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def pictures():
    """Tiny pictures as (rows of bytes, bytes per pixel)."""
    random = np.random.default_rng(20240607)
    digits = load_digits().images / 16
    for i in range(0, 600, 2):
        zoom = transform.resize(digits[i], (28, 28), order=3, clip=True)
        yield u8(255 * np.clip(zoom * 1.3 - 0.15, 0, 1)), 1
        if i % 8 == 0:
            yield u8(255 * digits[i]), 1
    photos = [data.astronaut(), data.coffee(), data.chelsea(), data.immunohistochemistry(), data.rocket()]
    for _ in range(420):
        photo = photos[random.integers(len(photos))]
        scale = random.choice([1, 2, 4, 8, 16])
        side = int(random.integers(8, 37))
        h, w = photo.shape[:2]
        if side * scale >= min(h, w):
            continue
        y, x = random.integers(h - side * scale), random.integers(w - side * scale)
        cut = photo[y:y + side * scale, x:x + side * scale].reshape(side, scale, side, scale, 3).mean((1, 3))
        kind = random.integers(3)
        if kind == 0:
            yield u8(cut).reshape(side, -1), 3
        elif kind == 1:
            yield u8(cut.mean(2)), 1
        else:
            alpha = np.full((side, side, 1), 255.0)
            yield u8(np.concatenate([cut, alpha], 2)[: 4000 // (side * 4)]).reshape(-1, side * 4), 4
    for _ in range(220):
        # Smooth fields, as heat maps and attention are.
        side = int(random.integers(8, 45))
        coarse = random.random((int(random.integers(2, 8)),) * 2)
        field = transform.resize(coarse, (side, side), order=int(random.integers(0, 4)))
        noise = random.normal(0, random.choice([0, 0, 0.01, 0.05]), field.shape)
        yield u8(255 * (field + noise)), 1
    for _ in range(220):
        # Masks and labels: few values in areas.
        side = int(random.integers(10, 45))
        y, x = np.mgrid[:side, :side]
        labels = np.zeros((side, side), int)
        for value in range(1, int(random.integers(2, 9))):
            cy, cx, r = random.random(3) * side
            labels[(y - cy) ** 2 + (x - cx) ** 2 < (r / 2) ** 2] = value
        yield u8(labels * random.choice([1, 1, 30, 255])), 1
    for _ in range(60):
        side = int(random.integers(8, 40))
        yield u8(random.normal(127, random.choice([10, 40, 90]), (side, side))), 1
        bits = random.random((side, side)) < random.random()
        yield np.packbits(bits, axis=1), 1


# ------------------------------------------------------------------------------------- filters and repetitions, as in Swift


def filtered(rows, step, paeth):
    if not paeth:
        body = rows
    else:
        x = rows.astype(int)
        up = np.vstack([np.zeros_like(x[:1]), x[:-1]])
        left = np.hstack([np.zeros((len(x), step), int), x])[:, : x.shape[1]]
        corner = np.hstack([np.zeros((len(x), step), int), up])[:, : x.shape[1]]
        p = left + up - corner
        a, b, c = abs(p - left), abs(p - up), abs(p - corner)
        body = (x - np.where((a <= b) & (a <= c), left, np.where(b <= c, up, corner))).astype(np.uint8)
    names = np.full((len(rows), 1), 4 if paeth else 0, np.uint8)
    return np.hstack([names, body]).ravel()


def length_symbol(length):
    if length == 258:
        return 285, 0
    offset = int(length) - 3
    if offset < 8:
        return 257 + offset, 0
    bits = offset.bit_length() - 3
    return 257 + (bits + 1) * 4 + (offset >> bits & 3), bits


def distance_symbol(distance):
    offset = int(distance) - 1
    if offset < 4:
        return offset, 0
    bits = offset.bit_length() - 2
    return (bits + 1) * 2 + (offset >> bits & 1), bits


def symbols(data, distances, shortest):
    """Counts of literals and lengths, counts of distances, extra bits."""
    n = len(data)
    runs = []
    for distance in distances:
        equal = np.zeros(n + 1, bool)
        if distance < n:
            equal[distance:n] = data[distance:] == data[:-distance]
        run = np.zeros(n + 1, int)
        for i in range(n - 1, -1, -1):
            run[i] = run[i + 1] + 1 if equal[i] else 0
        runs.append(run)
    literals, far, extra, i = np.zeros(286), np.zeros(30), 0, 0
    while i < n:
        best = (0, 0, 0)
        for run, distance in zip(runs, distances):
            bits = distance_symbol(distance)[1]
            if run[i] >= shortest + (bits >> 2 if shortest == 4 else 0):
                best = max(best, (4 * run[i] - bits, -distance, run[i]))
        if best[0] <= 0:
            literals[data[i]] += 1
            i += 1
            continue
        rest = best[2]
        i += rest
        while rest:
            part = min(rest, 258)
            if 0 < rest - part < 3:
                part -= 3
            rest -= part
            symbol, bits = length_symbol(part)
            literals[symbol] += 1
            symbol, more = distance_symbol(-best[1])
            far[symbol] += 1
            extra += bits + more
    literals[256] = 1
    return literals, far, extra


# --------------------------------------------------------------------------------------------------------------- codes


def code_lengths(weights, limit=LONGEST):
    """Huffman code lengths, all symbols used; those too long are shortened as DeflateCodeBuilder does."""
    n = len(weights)
    heap = [(w, i, (i,)) for i, w in enumerate(weights)]
    heapq.heapify(heap)
    depth, count = [0] * n, n
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        for i in a[2] + b[2]:
            depth[i] += 1
        heapq.heappush(heap, (a[0] + b[0], count, a[2] + b[2]))
        count += 1
    population = [0] * (max(max(depth), limit) + 1)
    for d in depth:
        population[min(d, limit)] += 1
    kraft = sum(population[d] << (limit - d) for d in range(1, limit + 1))
    while kraft > 1 << limit:
        population[limit] -= 1
        shorter = max(d for d in range(1, limit) if population[d])
        population[shorter] -= 1
        population[shorter + 1] += 2
        kraft -= 1
    order = iter(sorted(range(n), key=lambda i: (weights[i], i)))
    for d in range(limit, 0, -1):
        for _ in range(population[d]):
            depth[next(order)] = d
    return np.array(depth)


def header_bits(lengths, far):
    """About what the run-length coded lengths take."""
    bits, i, all_lengths = 14 + 3 * 16, 0, list(lengths) + list(far)
    while i < len(all_lengths):
        j = i
        while j < len(all_lengths) and all_lengths[j] == all_lengths[i]:
            j += 1
        run = j - i
        bits += 3 + (run - 1) // 6 * 5 + min((run - 1) % 6, 2) * 3
        i = j
    return bits


def rounded(weights):
    """Equal lengths beside each other make a short header: what is rare is counted together with its neighbours."""
    total = weights.sum()
    smooth = weights.copy()
    for width, rare in ((4, 1 / 150), (16, 1 / 700)):
        for start in range(0, 256, width):
            block = smooth[start:start + width]
            if block.max() < total * rare:
                block[:] = block.mean()
    for start in range(257, 285, 4):
        smooth[start:start + 4] = smooth[start:start + 4].mean()
    return np.maximum(smooth, total * 2.0**-12.5)


class Code:
    def __init__(self, literals, far):
        self.lengths = code_lengths(rounded(literals))
        flat = np.maximum(far, max(far.sum(), 1) * 2.0**-6)
        self.far = code_lengths(flat)
        self.header = header_bits(self.lengths, self.far)

    def cost(self, item):
        literals, far, extra = item
        return self.header + literals @ self.lengths + far @ self.far + extra


def learn(items):
    random = np.random.default_rng(1)
    seeds = [items[i][random.integers(2)] for i in random.choice(len(items), CODES, replace=False)]
    codes = [Code(s[0] + 0.02, s[1] + 0.02) for s in seeds]
    for round in range(ROUNDS):
        sums = [[np.full(286, 0.02), np.full(30, 0.02)] for _ in codes]
        total, used = 0, [0] * CODES
        for item in items:
            cost, code, way = min((c.cost(w), k, v) for k, c in enumerate(codes) for v, w in enumerate(item))
            weight = 1 / math.sqrt(item[way][0].sum())
            sums[code][0] += item[way][0] * weight
            sums[code][1] += item[way][1] * weight
            used[code] += 1
            total += cost
        print(f"round {round}: {total / 8 / len(items):.1f} bytes a picture, pictures per code {used}")
        # A code that nobody wants begins anew with a picture.
        codes = [
            Code(s[0], s[1]) if n else Code(*(w + 0.02 for w in items[random.integers(len(items))][1][:2]))
            for s, n in zip(sums, used)
        ]
    return [code for code in codes]


def main():
    items = []
    for rows, step in pictures():
        rows = np.atleast_2d(rows)
        if rows.size + len(rows) > BYTES or rows.size < 30:
            continue
        stride = rows.shape[1] + 1
        near = sorted({1, step, stride})
        items.append((symbols(filtered(rows, step, True), [1], 16), symbols(filtered(rows, step, False), near, 4)))
    print(len(items), "pictures")
    codes = learn(items)
    text = ["// Made by Scripts/make_small_codes.py, which tells from what. Do not edit.", "", "extension SmallCodes {",
            "    /// Code lengths of each set, a hexadecimal digit per symbol: 286 of literals and lengths, 30 of distances.",
            "    static let lengths: [StaticString] = ["]
    for code in codes:
        digits = "".join(f"{n:x}" for n in list(code.lengths) + list(code.far))
        text.append('        """')
        text += ["        " + digits[i:i + 106] + "\\" for i in range(0, len(digits), 106)]
        text[-1] = text[-1][:-1]
        text.append('        """,')
    text += ["    ]", "}", ""]
    OUT.write_text("\n".join(text))


if __name__ == "__main__":
    main()
