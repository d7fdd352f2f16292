"""Times Pillow, OpenCV and the wandb SDK on the corpus that encode-benchmarks ran on: python rivals.py CORPUS OUT.json

Pillow and OpenCV get the finished pixels, and for float tensors also the conversion that people write in NumPy, apart.
wandb.Image also writes a file and hashes it, as it does in a training script.
"""
import io
import json
import logging
import pathlib
import sys
import tempfile
import time

import cv2
import numpy as np
import wandb
from PIL import Image

cv2.setNumThreads(1)
BUDGET, FEWEST, MOST = 4.0, 3, 30


def pixels(array, entry):
    """What a careful script does before it hands a tensor to an image library."""
    if entry["layout"] == "chw":
        array = np.moveaxis(array, 0, -1)
    if array.dtype.kind == "f":
        low, high = entry.get("range") or (float(array.min()), float(array.max()))
        array = np.rint(np.clip((array - low) * (255 / ((high - low) or 1)), 0, 255)).astype(np.uint8)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    return np.ascontiguousarray(array)


def pillow(array, format, **options):
    out = io.BytesIO()
    Image.fromarray(array).save(out, format, **options)
    return out.tell()


def opencv(array, suffix, options):
    ok, out = cv2.imencode(suffix, array, options)
    assert ok
    return len(out)


def wandb_path(array):
    picture = wandb.Image(array)
    path = pathlib.Path(picture._path)
    size = path.stat().st_size
    path.unlink()
    return size


def contestants(array, entry):
    flat = pixels(array, entry)
    swapped = flat if flat.ndim == 2 else np.ascontiguousarray(flat[..., [2, 1, 0] + list(range(3, flat.shape[2]))])
    is_wide = flat.dtype == np.uint16
    if not (is_wide and flat.ndim == 3):
        yield "Pillow PNG", lambda: pillow(flat, "png")
        yield "Pillow PNG level 1", lambda: pillow(flat, "png", compress_level=1)
    yield "OpenCV PNG", lambda: opencv(swapped, ".png", [])
    if not is_wide and (flat.ndim == 2 or flat.shape[2] == 3):
        yield "Pillow JPEG 90", lambda: pillow(flat, "jpeg", quality=90)
        yield "OpenCV JPEG 90", lambda: opencv(swapped, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90])
    if array.dtype.kind == "f":
        yield "NumPy conversion + Pillow PNG", lambda: pillow(pixels(array, entry), "png")
    if not is_wide:
        # Floats are converted first: since 0.29 wandb.Image shows values of 0…1 as black.
        yield "wandb.Image", lambda: wandb_path(pixels(array, entry))


def measure(entry, array):
    runners = []
    for name, encode in contestants(array, entry):
        try:
            runners.append((name, encode, encode(), []))
        except Exception as error:
            print(f"{entry['name']}: {name}: {error}", file=sys.stderr)
    start, rounds = time.monotonic(), 0
    while rounds < MOST and (rounds < FEWEST or time.monotonic() - start < BUDGET):
        for _, encode, _, times in runners:
            before = time.thread_time()
            encode()
            times.append(time.thread_time() - before)
        rounds += 1
    flat = pixels(array, entry)
    for name, _, size, times in runners:
        yield dict(entry=entry["name"], group=entry["group"], contestant=name, pixelBytes=flat.nbytes, bytes=size,
                   best=min(times) * 1000, median=sorted(times)[len(times) // 2] * 1000, rounds=rounds)


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    logging.disable(logging.WARNING)
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = scratch
        for entry in json.loads((folder / "corpus.json").read_text())["entries"]:
            if entry["kind"] != "image" or "n" in entry["layout"] or entry["dtype"] not in ("uint8", "uint16", "float32"):
                continue
            results += measure(entry, np.load(folder / entry["file"]))
    out.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
