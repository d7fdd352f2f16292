"""The encoders that people use from Python, each as a function that encodes once and says how many bytes came out.

Pillow and OpenCV get finished pixels; for float tensors there is also the conversion that people write in NumPy, with
Pillow behind it. wandb.Image also writes a file and hashes it, as it does in a training script.
"""
import io
import logging
import pathlib

import cv2
import numpy as np
import wandb
from PIL import Image

cv2.setNumThreads(1)
logging.disable(logging.WARNING)


def pixels(array, entry):
    """What a careful script does before it hands a tensor to an image library: no NaN, no overflow, rounded, HWC."""
    if entry["layout"] == "chw":
        array = np.moveaxis(array, 0, -1)
    if array.dtype.kind == "f":
        low, high = entry.get("range") or (float(np.nanmin(array)), float(np.nanmax(array)))
        scaled = (np.nan_to_num(array, nan=low) - low) * (255 / ((high - low) or 1))
        array = np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    if array.dtype == bool:
        array = array.astype(np.uint8) * 255
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


def wandb_image(array):
    path = pathlib.Path(wandb.Image(array)._path)
    size = path.stat().st_size
    path.unlink()
    return size


def contestants(array, entry):
    """Names and functions of all that can encode the picture."""
    flat = pixels(array, entry)
    # OpenCV wants blue first; the order is not part of its time.
    swapped = flat if flat.ndim == 2 else np.ascontiguousarray(flat[..., [2, 1, 0] + list(range(3, flat.shape[2]))])
    is_wide = flat.dtype == np.uint16
    if not (is_wide and flat.ndim == 3):
        yield "Pillow", lambda: pillow(flat, "png")
        yield "Pillow, level 1", lambda: pillow(flat, "png", compress_level=1)
    yield "OpenCV", lambda: opencv(swapped, ".png", [])
    if array.dtype.kind == "f":
        yield "NumPy + Pillow", lambda: pillow(pixels(array, entry), "png")
    if not is_wide:
        # Floats are converted first: since 0.29 wandb.Image shows values of 0…1 as black.
        yield "wandb.Image", lambda: wandb_image(flat)
    if not is_wide and (flat.ndim == 2 or flat.shape[2] == 3):
        yield "Pillow JPEG 90", lambda: pillow(flat, "jpeg", quality=90)
        yield "OpenCV JPEG 90", lambda: opencv(swapped, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90])
