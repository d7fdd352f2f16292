#!/usr/bin/env python3
"""Writes Sources/MediaDrawing/Palettes/CategoryTable.swift: 256 colours for class ids, each far from those before it.

How far two colours are apart is their least distance in OKLab (Björn Ottosson, 2020) as seen with normal vision and with each
of three deficiencies (Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
2009, severity 1). The first eight and the next four are searched for by exchange, the rest is chosen one by one. Needs numpy.

    python3 Scripts/make_category_palette.py
"""
import pathlib

import numpy as np

VISIONS = [
    np.eye(3),
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
]
TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                   [0.0883024619, 0.2817188376, 0.6299787005]])
TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                   [0.0259040371, 0.7827717662, -0.8086757660]])


def linear(rgb):
    s = np.asarray(rgb) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def oklab(light):
    return np.cbrt(light @ TO_LMS.T) @ TO_LAB.T


def seen(rgb):
    """The colours in OKLab, once for each vision: shape (visions, colours, 3)."""
    return np.stack([oklab(np.clip(linear(rgb) @ vision.T, 0, 1)) for vision in VISIONS])


def candidates(step):
    """Colours that show on white paper as well as on dark photographs, and that are neither gray nor glaring."""
    levels = np.unique(np.r_[np.arange(0, 256, step), 255])
    rgb = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 3)
    lab = oklab(linear(rgb))
    luminance = linear(rgb) @ [0.2126, 0.7152, 0.0722]
    on_white, on_dark = 1.05 / (luminance + 0.05), (luminance + 0.05) / 0.06
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    return rgb[(on_white >= 1.35) & (on_dark >= 1.9) & (chroma >= 0.09) & (chroma <= 0.27)]


def distances(one, others):
    """Least distance over visions of one colour to each of others; normal eyes see so much more that theirs count less."""
    d = np.linalg.norm(others - one[:, None], axis=2)
    d[0] *= 0.62
    return d.min(axis=0)


def exchange(pool, views, fixed, count, rng):
    """`count` of the pool, exchanged one by one until none is farther from the others and from those fixed."""
    chosen, value = list(rng.choice(len(pool), count, replace=False)), -1
    while True:
        for place in range(count):
            others = fixed + [c for i, c in enumerate(chosen) if i != place]
            room = np.min([distances(views[:, c], views) for c in others], axis=0)
            chosen[place] = int(np.argmax(room))
        least = least_distance(views, fixed + chosen)
        if least <= value + 1e-9:
            return chosen
        value = least


def least_distance(views, chosen):
    return min(distances(views[:, a], views[:, [b for b in chosen if b != a]]).min() for a in chosen)


def search(pool, rounds, rng):
    """Eight and four more: labels are few more often than many, so the eight weigh more."""
    views, best, best_value = seen(pool), None, -1
    for _ in range(rounds):
        eight = exchange(pool, views, [], 8, rng)
        twelve = eight + exchange(pool, views, eight, 4, rng)
        value = min(least_distance(views, eight) / 1.25, least_distance(views, twelve))
        if value > best_value:
            best_value, best = value, (eight, twelve)
            print("least distance of 8 and of 12:", least_distance(views, eight), least_distance(views, twelve))
    return pool[best[0]], pool[best[1][8:]]


def ordered(colors, first):
    """From the one nearest to `first` on, always the one farthest from those before."""
    views, start = seen(colors), seen(np.array([first]))
    order = [int(np.argmin(np.linalg.norm(views[0] - start[0], axis=1)))]
    while len(order) < len(colors):
        room = np.min([distances(views[:, c], views) for c in order], axis=0)
        room[order] = -1
        order.append(int(np.argmax(room)))
    return colors[order]


def main():
    rng = np.random.default_rng(12)
    eight, four = search(candidates(15), 120, rng)
    colors = np.vstack([ordered(eight, [0, 110, 220]), four])
    pool = candidates(8)
    views = seen(pool)
    room = np.full(len(pool), np.inf)
    for c in seen(colors).transpose(1, 0, 2):
        room = np.minimum(room, distances(c, views))
    while len(colors) < 256:
        best = int(np.argmax(room))
        colors = np.vstack([colors, pool[best]])
        room = np.minimum(room, distances(views[:, best], views))
    levels = np.rint(linear(np.arange(256)) * 65535).astype(int)
    text = [
        "// Made by Scripts/make_category_palette.py; not to be edited.",
        "",
        "/// Numbers behind colours of categories.",
        "enum CategoryTable {",
        "    /// 256 colours, six hexadecimal digits each, far from those before as all kinds of eyes see them.",
        '    static let colors = """',
    ]
    for row in colors.astype(np.uint8).reshape(16, 48):
        text.append("        " + bytes(row.tolist()).hex())
    text += ['        """', "", "    /// The light of a sample of sRGB, 0…65535 (IEC 61966-2-1).", "    static let light: [UInt16] = ["]
    for row in levels.reshape(16, 16):
        text.append("        " + ", ".join(map(str, row)) + ",")
    text += ["    ]", "}", ""]
    root = pathlib.Path(__file__).resolve().parent.parent
    target = root / "Sources/MediaDrawing/Palettes/CategoryTable.swift"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
