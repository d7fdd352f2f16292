#!/usr/bin/env python3
"""Makes the sample cases in Fixtures/conformance/: what the wandb SDK itself made of small inputs, without a server.

    make_conformance_samples.py [--wandb-0.28 PYTHON] [--wandb-0.19 PYTHON]

Runs under a Python that has wandb 0.31.0, NumPy, Pillow and torch. The older versions need an interpreter each, with
wandb 0.28.2 and 0.19.11, NumPy and Pillow; without them the cases lack `expect_other_versions`. Random bytes come from
fixed seeds. The form of a case is described in Fixtures/conformance/README.md.
"""
import argparse
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
import numpy as np
import PIL.Image
import wandb

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "conformance"


class Case:
    """One folder with a case.json, its inputs and its expectations."""

    def __init__(self, name, key="img", step=0):
        self.folder = ROOT / name
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "expect").mkdir(parents=True)
        family, behaviour, _ = name.split("--")
        self.json = {"id": name, "family": family, "behaviour": behaviour, "wandb": wandb.__version__}
        self.log = {"key": key, "step": step}

    def array(self, array, name="in_data.npy", **more):
        np.save(self.folder / name, array)
        return {"$npy": name, "dtype": str(array.dtype), "shape": list(array.shape), **more}

    def file(self, data, name):
        (self.folder / name).write_bytes(data)
        return {"$file": name}

    def record(self, run, args, make):
        """Runs `make` and writes down what came of it. It returns an image or a list of images."""
        self.json |= {"args": args, "log": self.log}
        try:
            with np.errstate(all="ignore"):
                made = make()
                expect = self.logged(run, args, made)
        except Exception as error:
            expect = {"outcome": "error", "error": {"class": type(error).__name__, "message": str(error)}}
            expect["error"]["message"] = expect["error"]["message"].replace(str(self.folder), "<WORK>")
        self.json["expect"] = expect
        self.write()

    def logged(self, run, args, made):
        key, step = self.log["key"], self.log["step"]
        images = made if isinstance(made, list) else [made]
        for image in images:
            image.bind_to_run(run, key, step)
        if isinstance(made, list):
            history = wandb.Image.seq_to_json(made, run, key, step) if made else []
            paths = history["filenames"] if made else []
        else:
            history = made.to_json(run)
            paths = [history["path"]]
        files = []
        text = json.dumps(history)
        for index, path in enumerate(sorted(set(paths))):
            data = (pathlib.Path(run.dir) / path).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            argument = args[paths.index(path)] if isinstance(args, list) else args
            if "path" in argument:
                copied = {"kind": "verbatim-copy", "of": argument["path"]["$file"], "sha256": digest, "size": len(data)}
                files.append({"i": index, "path": path, **copied})
                continue
            files.append({"i": index, **self.picture(data, index, images[paths.index(path)])})
            files[-1]["path"] = path.replace(digest[:20], "{{sha20:%d}}" % index)
            text = text.replace(digest, "{{sha256:%d}}" % index).replace(digest[:20], "{{sha20:%d}}" % index)
        history = json.loads(text)
        if isinstance(history, dict) and "size" in history and files[0]["kind"] != "verbatim-copy":
            history["size"] = "{{size:0}}"
        return {"outcome": "ok", "history": {key: history}, "files": files}

    def picture(self, data, index, image):
        """Decodes a file that wandb wrote, and stores its pixels; for JPEG those that were encoded."""
        decoded = PIL.Image.open(io.BytesIO(data))
        mode, (width, height) = decoded.mode, decoded.size
        pixels = np.asarray(decoded.convert("RGB") if mode == "P" else decoded)
        facts = {"mode": mode, "width": width, "height": height, "pixels": f"expect/{index}.pixels.npy"}
        if decoded.format == "JPEG":
            error = np.mean((image.encoded.astype(float) - pixels) ** 2)
            pixels = image.encoded
            facts |= {"kind": "image-lossy", "psnr_db_of_wandb": round(10 * np.log10(255**2 / error), 1)}
        else:
            facts["kind"] = "image-lossless"
        np.save(self.folder / facts["pixels"], pixels.astype(np.uint8) * 255 if mode == "1" else pixels)
        return facts

    def write(self):
        expect = self.folder / "expect"
        if not any(expect.iterdir()):
            expect.rmdir()
        text = json.dumps(self.json, ensure_ascii=False, indent=1)
        (self.folder / "case.json").write_text(text + "\n", encoding="utf-8")


def image(data, **options):
    """An image, with the pixels as they were handed to the encoder."""
    encoded = {}
    save = PIL.Image.Image.save

    def remember(self, *arguments, **named):
        encoded["pixels"] = np.asarray(self).copy()
        return save(self, *arguments, **named)

    PIL.Image.Image.save = remember
    try:
        made = wandb.Image(data, **options)
    finally:
        PIL.Image.Image.save = save
    made.encoded = encoded["pixels"]
    return made


def png(array, **options):
    data = io.BytesIO()
    PIL.Image.fromarray(array).save(data, "PNG", **options)
    return data.getvalue()


def make_cases(run):
    import torch

    random = np.random.default_rng(20260)

    def one(name, array, key="img", step=0, **options):
        case = Case(name, key, step)
        case.record(run, {"data": case.array(array), **options}, lambda: image(array, **options))

    one("image-dtype-shape--bool.HW3--s", random.random((4, 5, 3)) < 0.5, "examples", 3)
    one("image-dtype-shape--float16.HW4--s", random.random((3, 5, 4)).astype(np.float16), "examples", 3)
    one("image-float-range--signed.float32--s", (random.random((5, 6)) * 2 - 1).astype(np.float32))
    edges = [-1, -0.5, 0, 0.999, 1, 1.5, 254.99, 255, 255.5, 256, 300.5, 65535.75, 2.0**31 - 128, 2.0**31, 1e38]
    one("image-float-range--edges.float32--s", np.array(edges, np.float32).reshape(3, 5))
    one("image-int-range--negative.int16--s", random.integers(-300, 300, (4, 6), dtype=np.int16))
    holes = random.random((3, 4))
    holes[[0, 1, 2], [3, 0, 2]] = [np.nan, np.inf, -np.inf]
    one("image-nonfinite--all.float64--s", holes)
    one("image-shape--1W3-squeezed--s", random.integers(0, 256, (1, 6, 3), dtype=np.uint8))
    one("image-shape--NHWC--s", random.integers(0, 256, (2, 3, 4, 3), dtype=np.uint8))
    one("image-mode--P-from-RGB--s", random.integers(0, 256, (6, 7, 3), dtype=np.uint8), mode="P")
    one("image-mode--1-from-RGB--s", random.integers(0, 256, (6, 7, 3), dtype=np.uint8), mode="1")
    ramp = np.add.outer(np.arange(8) * 9, np.arange(8) * 5)[..., None] + np.array([0, 40, 80, 120])
    one("image-file-type--jpg.RGBA--s", ramp.astype(np.uint8), file_type="jpg")
    one("image-file-type--rejected-JPG--s", ramp[..., 0].astype(np.uint8), file_type="JPG")
    said = {"caption": "a caption with ünïcode ☃", "grouping": 2}
    one("image-metadata--key-and-caption--s", ramp[..., 0].astype(np.uint8), "a/../with space", 12, **said)

    case = Case("image-channels-first--3HW.float32--s", "t")
    planes = (random.random((3, 4, 5)) * 300).astype(np.float32)
    case.record(run, {"data": case.array(planes, layout="CHW")}, lambda: image(torch.from_numpy(planes)))

    small = random.integers(0, 256, (3, 2), dtype=np.uint8)
    case = Case("image-path--ending-is-a-dot--s", "from path", 7)
    case.record(run, {"path": case.file(png(small), "photo.")}, lambda: wandb.Image(str(case.folder / "photo.")))
    case = Case("image-path--cut-off--s", "from path", 7)
    cut = png(random.integers(0, 256, (9, 9, 3), dtype=np.uint8))[:-60]
    case.record(run, {"path": case.file(cut, "cut.png")}, lambda: wandb.Image(str(case.folder / "cut.png")))

    case = Case("image-list--some-captions-and-formats--s", "examples", 4)
    arrays = [small, np.stack([small] * 3, -1), small]
    options = [{"caption": "first"}, {"file_type": "bmp"}, {"caption": ""}]
    args = [{"data": case.array(a, f"in_{i}.npy"), **o} for i, (a, o) in enumerate(zip(arrays, options))]
    case.record(run, args, lambda: [image(a, **o) for a, o in zip(arrays, options)])
    Case("image-list--empty--s", "examples", 4).record(run, [], lambda: [])


def add_other_version():
    """Adds what this interpreter's wandb makes of the plain arrays."""
    tag = ".".join(wandb.__version__.split(".")[:2])
    for path in sorted(ROOT.glob("*/case.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        args = case["args"]
        if not isinstance(args, dict) or list(args) != ["data"] or "layout" in args["data"]:
            continue
        try:
            with np.errstate(all="ignore"):
                made = wandb.Image(np.load(path.parent / args["data"]["$npy"])).image
            name = f"expect/pixels.v{tag}.npy"
            np.save(path.parent / name, np.asarray(made))
            result = {"outcome": "ok", "mode": made.mode, "pixels": name}
        except Exception as error:
            result = {"outcome": "error", "error": {"class": type(error).__name__, "message": str(error)}}
        case.setdefault("expect_other_versions", {})[wandb.__version__] = result
        path.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wandb-0.28", dest="v28", help="an interpreter with wandb 0.28.2")
    parser.add_argument("--wandb-0.19", dest="v19", help="an interpreter with wandb 0.19.11")
    parser.add_argument("--add", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.add:
        add_other_version()
        return
    if wandb.__version__ != "0.31.0":
        sys.exit(f"this Python has wandb {wandb.__version__}, 0.31.0 is wanted")
    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(dir=folder, settings=wandb.Settings(console="off", x_disable_stats=True, x_disable_meta=True))
        make_cases(run)
        run.finish()
    for python in (options.v28, options.v19):
        if python:
            subprocess.run([python, __file__, "--add"], check=True)


if __name__ == "__main__":
    main()
