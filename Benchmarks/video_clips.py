"""The clips of the video benchmark: python video_clips.py OUT makes them beside those of clips.py.

A folder has clips.json, or a corpus.json in it or above it with lines for its clips.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np


def entries(folder):
    """Name, path, layout, rate of every clip in a folder."""
    folder = pathlib.Path(folder)
    for name in ("clips.json", "video-clips.json"):
        if (folder / name).exists():
            for entry in json.loads((folder / name).read_text()):
                yield entry["name"], folder / f"{entry['name']}.npy", "thwc", entry["rate"]
    for corpus in (folder / "corpus.json", folder.parent / "corpus.json"):
        if corpus.exists() and not (folder / "clips.json").exists():
            for entry in json.loads(corpus.read_text())["entries"]:
                if entry["kind"] == "clip":
                    yield entry["name"], corpus.parent / entry["file"], entry["layout"], entry["fps"]
            return


def make(folder):
    """Small and large ones: those of the GIF benchmark have 2 to 7 million pixels."""
    folder = pathlib.Path(folder)
    if not (folder / "clips.json").exists():
        subprocess.run([sys.executable, pathlib.Path(__file__).with_name("clips.py"), folder], check=True)
    from PIL import Image
    from sklearn.datasets import load_sample_image
    load = lambda name: np.load(folder / f"{name}.npy")
    picture = Image.fromarray(load_sample_image("china.jpg"))
    pan = [picture.resize((1280, 720), Image.Resampling.BICUBIC, box=(2 * i, i, 2 * i + 560, i + 315)) for i in range(24)]
    made = {
        "small balls": (50, load("balls")[:32, 60:156, 100:228]),
        "small flower": (24, load("flower")[:16, 40:168, 60:220]),
        "small digits": (20, load("digits")[:60, :, 60:140]),
        "small log": (15, load("log")[:8, :160, :240]),
        "wide": (24, np.stack([np.asarray(frame) for frame in pan])),
    }
    for name, (_, frames) in made.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(frames))
    lines = [{"name": name, "rate": rate, "shape": list(frames.shape)} for name, (rate, frames) in made.items()]
    (folder / "video-clips.json").write_text(json.dumps(lines, indent=1) + "\n")


if __name__ == "__main__":
    make(sys.argv[1])
