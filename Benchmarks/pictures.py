"""Makes the benchmarks' own corpus from the photographs that scikit-image bundles: python pictures.py OUT

A folder with .npy files and corpus.json, of the form that encode-benchmarks and rivals.py read.
"""
import importlib.util
import json
import pathlib
import sys

import numpy as np
from PIL import Image

DATA = pathlib.Path(importlib.util.find_spec("skimage").submodule_search_locations[0]) / "data"


def photo(name, width=None, height=None):
    picture = Image.open(DATA / name)
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    if width:
        scale = max(width / picture.width, height / picture.height)
        size = (max(width, round(picture.width * scale)), max(height, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS).crop((0, 0, width, height))
    return np.asarray(picture)


def mosaic():
    names = ["astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg"]
    tiles = [photo(names[(i + i // 4) % 4], 480, 360) for i in range(12)]
    return np.concatenate([np.concatenate(tiles[i : i + 4], 1) for i in range(0, 12, 4)])


def entries():
    yield "photo_512_astronaut", "photo", "hwc", photo("astronaut.png"), None
    yield "photo_600_coffee", "photo", "hwc", photo("coffee.png"), None
    yield "photo_451_chelsea", "photo", "hwc", photo("chelsea.png"), None
    yield "photo_1920_mosaic", "photo", "hwc", mosaic(), None
    yield "photo_512_gray", "photo", "hw", photo("camera.png"), None
    yield "photo_600_chw_f32", "float", "chw", np.ascontiguousarray(photo("coffee.png").transpose(2, 0, 1)) / np.float32(255), [0, 1]
    yield "labels_512", "labels", "hw", (photo("camera.png") // 40).astype(np.uint8), None
    yield "thumbnail_32", "tiny", "hwc", photo("chelsea.png", 32, 32), None


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    described = []
    for name, group, layout, array, limits in entries():
        np.save(out / f"{name}.npy", array)
        facts = dict(name=name, kind="image", group=group, file=f"{name}.npy", dtype=str(array.dtype), shape=list(array.shape), layout=layout)
        described.append(facts | ({"range": limits} if limits else {}))
    (out / "corpus.json").write_text(json.dumps({"entries": described}, indent=1))


if __name__ == "__main__":
    main()
