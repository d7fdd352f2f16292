#!/usr/bin/env python3
"""Writes Sources/ImageCoding/Color/ColorMapTables.swift: the colour maps as 256 colours of 8 bits each.

Needs matplotlib (the data of its listed maps are CC0 1.0, those of turbo Apache-2.0) and numpy. The diverging map is
computed here, after Kenneth Moreland, "Diverging Color Maps for Scientific Visualization" (ISVC 2009).

    python3 Scripts/make_colormaps.py
"""
import pathlib

import matplotlib
import numpy as np

WHITE = np.array([0.9504559, 1.0, 1.0890578])  # D65
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])


def to_msh(rgb):
    """8-bit sRGB to Lab in polar coordinates: magnitude, saturation angle, hue angle."""
    s = np.asarray(rgb) / 255
    light = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
    t = TO_XYZ @ light / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    lab = np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
    m = np.linalg.norm(lab)
    return np.array([m, np.arccos(lab[0] / m), np.arctan2(lab[2], lab[1])])


def from_msh(msh):
    m, s, h = msh
    lightness, a, b = m * np.cos(s), m * np.sin(s) * np.cos(h), m * np.sin(s) * np.sin(h)
    f = np.array([(lightness + 16) / 116 + a / 500, (lightness + 16) / 116, (lightness + 16) / 116 - b / 200])
    t = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    light = np.clip(np.linalg.solve(TO_XYZ, t * WHITE), 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def spin(end, middle):
    """The hue that the gray middle takes seen from `end`, so that no third hue shows up on the way."""
    m, s, h = end
    turn = s * np.sqrt(middle**2 - m**2) / (m * np.sin(s))
    return h + turn if h > -np.pi / 3 else h - turn


def diverging(cold=(59, 76, 192), warm=(180, 4, 38), middle=88.0):
    ends = to_msh(cold), to_msh(warm)
    middle = max(ends[0][0], ends[1][0], middle)
    colors = []
    for i in range(256):
        x = i / 255
        end, t = (ends[0], 1 - 2 * x) if x < 0.5 else (ends[1], 2 * x - 1)
        colors.append(from_msh((1 - t) * np.array([middle, 0, spin(end, middle)]) + t * end))
    return np.rint(np.array(colors) * 255).astype(np.uint8)


def listed(name):
    return matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3]


def main():
    maps = {name: listed(name) for name in ["viridis", "magma", "inferno", "plasma", "turbo"]}
    maps["diverging"] = diverging()
    text = [
        "// Made by Scripts/make_colormaps.py; not to be edited.",
        "//",
        "// viridis, magma, inferno, plasma: Nathaniel Smith, Stéfan van der Walt, Eric Firing; CC0 1.0.",
        "// turbo: Anton Mikhailov, Google; Apache License 2.0.",
        "// diverging: computed after Moreland 2009 (see the script).",
        "",
        "/// The colours of the built-in maps, six hexadecimal digits each, 256 per map, from the lowest value to the highest.",
        "enum ColorMapTables {",
    ]
    for name, colors in maps.items():
        text += ["    static let %s = \"\"\"" % name]
        for row in colors.reshape(16, 48):
            text += ["        " + bytes(row.tolist()).hex()]
        text += ["        \"\"\""]
    text += ["}", ""]
    root = pathlib.Path(__file__).resolve().parent.parent
    (root / "Sources/ImageCoding/Color/ColorMapTables.swift").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
