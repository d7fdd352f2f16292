"""Makes the benchmarks' own corpus, from pictures that scikit-image and scikit-learn bundle and from noise: python pictures.py OUT

A folder with .npy files and corpus.json, of the form that measure.py reads: for each entry name, kind, group, file, dtype,
shape, layout (a letter per axis) and, for floats, the range that their values are meant for.
"""
import importlib.util
import json
import pathlib
import sys

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from scipy import ndimage
from sklearn.datasets import load_digits

DATA = pathlib.Path(importlib.util.find_spec("skimage").submodule_search_locations[0]) / "data"
PHOTOS = ["astronaut.png", "coffee.png", "chelsea.png", "ihc.png", "rocket.jpg", "motorcycle_left.png"]


def photo(name, width=None, height=None):
    picture = Image.open(DATA / name)
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    if width:
        scale = max(width / picture.width, height / picture.height)
        size = (max(width, round(picture.width * scale)), max(height, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS).crop((0, 0, width, height))
    return np.asarray(picture)


def window(random, width, height):
    """A part of a photograph, near the size that it was taken at: no two are the same."""
    picture = Image.open(DATA / PHOTOS[random.integers(len(PHOTOS))]).convert("RGB")
    part = min(picture.width, picture.height * width / height, random.uniform(0.7, 1.0) * width)
    x = random.uniform(0, picture.width - part)
    y = random.uniform(0, picture.height - part * height / width)
    box = (x, y, x + part, y + part * height / width)
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS, box=box))


def mosaic(random, columns, rows, width, height):
    return np.concatenate(
        [np.concatenate([window(random, width, height) for _ in range(columns)], 1) for _ in range(rows)])


def field(random, height, width, cell):
    """A smooth field of 0…1."""
    coarse = random.standard_normal((height // cell + 4, width // cell + 4))
    smooth = ndimage.zoom(coarse, cell, order=3)[cell:cell + height, cell:cell + width]
    return (smooth - smooth.min()) / np.ptp(smooth)


def labels(random, height, width, classes):
    """The number of the largest of several fields, with ragged borders."""
    fields = [field(random, height, width, 96) + 0.03 * field(random, height, width, 6) for _ in range(classes)]
    return np.argmax(fields, axis=0).astype(np.uint8)


def colored(values, name):
    return (255 * matplotlib.colormaps[name]((255 * values).astype(np.uint8))[..., :3]).round().astype(np.uint8)


def chart(random):
    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot(title="loss", xlabel="step")
    for name in "train", "valid", "test":
        axes.plot(np.exp(-np.arange(300) / 80) + 0.03 * random.standard_normal(300), label=name)
    axes.legend()
    axes.grid(True)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def entries():
    random = np.random.default_rng(1)
    for name in PHOTOS[:3]:
        yield f"photo_224_{name[:-4]}", "photo", "hwc", photo(name, 224, 224), None
    yield "photo_512_astronaut", "photo", "hwc", photo("astronaut.png"), None
    yield "photo_512_ihc", "photo", "hwc", photo("ihc.png"), None
    yield "photo_512_gray", "photo", "hw", photo("camera.png"), None
    large = mosaic(random, 4, 3, 480, 360)
    yield "photo_1080p_mosaic", "photo", "hwc", large, None
    yield "photo_1080p_f32_chw", "photo", "chw", np.ascontiguousarray(large.transpose(2, 0, 1)) / np.float32(255), [0, 1]
    yield "photo_4k_mosaic", "photo", "hwc", mosaic(random, 8, 6, 480, 360), None
    picture = photo("coffee.png", 512, 512)
    opacity = (255 * field(random, 512, 512, 128)).astype(np.uint8)
    yield "rgba_512", "rgba", "hwc", np.dstack([picture, opacity]), None
    rough = np.stack([0.7 * field(random, 512, 512, 64) + 0.3 * random.random((512, 512)) for _ in range(3)])
    yield "diffusion_512_f32_chw", "diffusion", "chw", (2 * rough - 1).astype(np.float32), [-1, 1]
    heat = field(random, 1080, 1920, 120)
    yield "heat_512_f32", "heat", "hw", heat[:512, :512].astype(np.float32), None
    yield "heat_1080p_f32", "heat", "hw", heat.astype(np.float32), [0, 1]
    yield "heat_512_viridis", "heat", "hwc", colored(heat[:512, :512], "viridis"), None
    yield "heat_1080p_u16", "u16", "hw", (65535 * heat).astype(np.uint16), None
    yield "heat_512_u16", "u16", "hw", (65535 * field(random, 512, 512, 24)).astype(np.uint16), None
    attention = np.kron(random.random((14, 14)), np.ones((16, 16)))
    yield "attention_224_f32", "heat", "hw", attention.astype(np.float32), [0, 1]
    yield "labels_512", "labels", "hw", labels(random, 512, 512, 19), None
    classes = labels(random, 1080, 1920, 24)
    yield "labels_1080p", "labels", "hw", classes, None
    palette = random.integers(0, 256, (24, 3), np.uint8)
    yield "labels_512_rgb", "labels", "hwc", palette[classes[:512, :512]], None
    yield "mask_1080p", "mask", "hw", classes % 3 == 0, None
    yield "noise_512", "noise", "hwc", random.integers(0, 256, (512, 512, 3), np.uint8), None
    normal = np.clip(random.normal(127, 40, (512, 512, 3)), 0, 255).round().astype(np.uint8)
    yield "noise_512_normal", "noise", "hwc", normal, None
    yield "plot_640x480", "plot", "hwc", chart(random), None
    digit = ndimage.zoom(load_digits().images[12] / 16, 28 / 8, order=3)
    yield "digit_28", "tiny", "hw", (255 * np.clip(digit, 0, 1)).round().astype(np.uint8), None
    yield "thumbnail_32", "tiny", "hwc", photo("chelsea.png", 32, 32), None


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    described = []
    for name, group, layout, array, limits in entries():
        np.save(out / f"{name}.npy", array)
        facts = dict(
            name=name, kind="image", group=group, file=f"{name}.npy", dtype=str(array.dtype), shape=list(array.shape),
            layout=layout)
        described.append(facts | ({"range": limits} if limits else {}))
    (out / "corpus.json").write_text(json.dumps({"entries": described}, indent=1))


if __name__ == "__main__":
    main()
