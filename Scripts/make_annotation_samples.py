#!/usr/bin/env python3
"""Makes the sample cases of masks and boxes in Fixtures/conformance/: what the wandb SDK itself made of small annotated pictures,
without a server.

Runs under a Python that has wandb 0.31.0, NumPy and Pillow. Random bytes come from fixed seeds. The form of a case is described
in Fixtures/conformance/README.md.
"""
import hashlib
import json
import pathlib
import sys
import tempfile

from make_conformance_samples import Case, np, png, wandb


def as_json(value):
    """The arguments as a case holds them: maps with numbers for keys as pairs, arrays by name."""
    if isinstance(value, dict):
        if any(not isinstance(key, str) for key in value):
            return {"$map": [[key, as_json(element)] for key, element in value.items()]}
        return {key: as_json(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(element) for element in value]
    return value


class AnnotatedCase(Case):
    """A case whose pictures have masks and boxes, with the files of all of them."""

    def __init__(self, name, key="seen", step=2):
        super().__init__(name, key, step)
        self.arrays = 0

    def group(self, group):
        """A group of annotations with its array, or its file, beside the case."""
        named = {}
        for key, value in group.items():
            if isinstance(value, np.ndarray):
                value = self.array(value, f"in_mask{self.arrays}.npy")
                self.arrays += 1
            elif key == "path":
                value = {"$file": pathlib.Path(value).name}
            named[key] = as_json(value)
        return named

    def pictures(self, run, *pictures, is_list=False):
        """Records an image, or a list of images: each is an array, its masks and its boxes."""
        args = []
        for index, (array, masks, boxes) in enumerate(pictures):
            one = {"data": self.array(array, f"in_{index}.npy" if is_list else "in_data.npy")}
            for name, groups in (("masks", masks), ("boxes", boxes)):
                if groups:
                    one[name] = {key: self.group(group) for key, group in groups.items()}
            args.append(one)

        def make():
            made = [wandb.Image(a, masks=masks or None, boxes=boxes or None) for a, masks, boxes in pictures]
            return made if is_list else made[0]

        self.record(run, args if is_list else args[0], make)

    def logged(self, run, args, made):
        """The value in the history, every file that was written, and the records of labels."""
        key, step = self.log["key"], self.log["step"]
        root, labels = pathlib.Path(run.dir), {}
        before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
        remember = run._add_singleton

        def note(kind, name, value):
            labels.setdefault(kind, {})[name] = {"type": kind, "key": name, "value": value}

        run._add_singleton = note
        try:
            images = made if isinstance(made, list) else [made]
            for image in images:
                image.bind_to_run(run, key, step)
            history = wandb.Image.seq_to_json(made, run, key, step) if isinstance(made, list) else made.to_json(run)
        finally:
            run._add_singleton = remember
        written = [path for path in sorted(root.rglob("*")) if path.is_file() and path not in before]
        text = json.dumps(history)
        files = []
        for index, path in enumerate(written):
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            name = path.relative_to(root).as_posix()
            if name.endswith(".json"):
                facts = {"kind": "json", "json": json.loads(data)}
            else:
                facts = self.picture(data, index, None)
            files.append({"i": index, **facts, "path": name.replace(digest[:20], "{{sha20:%d}}" % index)})
            text = text.replace(digest, "{{sha256:%d}}" % index).replace(digest[:20], "{{sha20:%d}}" % index)
        history = self.with_sizes(json.loads(text))
        expect = {"outcome": "ok", "history": {key: history}, "files": files}
        if labels:
            expect["config__wandb"] = json.loads(json.dumps(labels))
        return expect

    def with_sizes(self, value):
        """The size of a file of which the digest is a token is a token too."""
        if isinstance(value, list):
            return [self.with_sizes(element) for element in value]
        if not isinstance(value, dict):
            return value
        named = {key: self.with_sizes(element) for key, element in value.items()}
        if str(named.get("sha256", "")).startswith("{{") and "size" in named:
            named["size"] = named["sha256"].replace("sha256", "size")
        return named


def make_cases(run):
    random = np.random.default_rng(20261)

    def photo(height, width):
        return random.integers(0, 256, (height, width, 3), dtype=np.uint8)

    def ids(height, width, most, kind=np.uint8):
        return random.integers(0, most + 1, (height, width)).astype(kind)

    def masked(name, *groups, hazard=None):
        case = AnnotatedCase(name)
        if hazard:
            case.json["hazard"] = hazard
        case.pictures(run, (photo(4, 6), dict(zip(("predictions", "ground truth"), groups)), {}))

    names = {0: "void", 1: "Straße", 7: "μ-car"}
    masked("image-mask--two-masks--s", {"mask_data": ids(4, 6, 7), "class_labels": names}, {"mask_data": ids(4, 6, 2, np.int64)})
    masked("image-mask--dtype.bool--s", {"mask_data": ids(4, 6, 1, bool), "class_labels": {1: "thing"}})
    masked("image-mask--dtype.float32--s", {"mask_data": ids(4, 6, 255, np.float32)})
    masked("image-mask--invalid.negative--s", {"mask_data": ids(4, 6, 3, np.int16) - np.int16(1)})
    masked("image-mask--invalid.over255--s", {"mask_data": ids(4, 6, 1, np.uint16) + np.uint16(255)})
    masked("image-mask--invalid.3D-HW1--s", {"mask_data": ids(4, 6, 3)[..., None]})
    masked("image-mask--invalid.missing-mask_data--s", {"class_labels": names})
    masked("image-mask--size-differs-from-image--s", {"mask_data": ids(3, 6, 2)}, hazard="the mask does not cover the picture")
    fractions = ids(4, 6, 5, np.float64) + 0.5
    masked("image-mask--float-fractions-truncated--s", {"mask_data": fractions}, hazard="the fractions are lost")
    case = AnnotatedCase("image-mask--from-path--s")
    path = case.folder / "mask.png"
    case.file(png(ids(4, 6, 2)), path.name)
    case.pictures(run, (photo(4, 6), {"predictions": {"path": str(path), "class_labels": names}}, {}))

    def boxed(name, *boxes, labels=None, hazard=None, more=None):
        case = AnnotatedCase(name, "val/boxes", 5)
        if hazard:
            case.json["hazard"] = hazard
        group = {"box_data": list(boxes)} | ({"class_labels": labels} if labels else {})
        case.pictures(run, (photo(5, 8), {}, {"predictions": group} | (more or {})))

    edges = {"minX": 0.125, "maxX": 0.5, "minY": 0, "maxY": 1}
    middle = {"middle": [2.5, 2], "width": 3, "height": 1.5}
    boxed("image-boxes--minmax-minimal-no-labels--s", {"position": edges, "class_id": 3})
    boxed(
        "image-boxes--minmax-full--s",
        {"position": edges, "domain": "percentage", "class_id": 1, "box_caption": "né à 0.5", "scores": {"acc": 0.5, "loss": -2}},
        labels=names)
    boxed("image-boxes--middle-pixel--s", {"position": middle, "domain": "pixel", "class_id": 7}, labels=names)
    boxed("image-boxes--middle-default-domain--s", {"position": {"middle": [0.5, 0.25], "width": 0.5, "height": 0.5}, "class_id": 0})
    pixels = {"position": {"minX": 1, "maxX": 7, "minY": 0, "maxY": 4}, "domain": "pixel", "class_id": 1}
    boxed(
        "image-boxes--two-groups--s", pixels, {"position": middle, "domain": "pixel", "class_id": 7}, labels=names,
        more={"ground truth": {"box_data": [{"position": edges, "class_id": 1}], "class_labels": {1: "one"}}})
    boxed("image-boxes--empty-box_data--s", labels=names)
    boxed("image-boxes--invalid.no-position--s", {"class_id": 1}, labels=names)
    boxed("image-boxes--invalid.partial-minmax--s", {"position": {"minX": 0, "maxX": 1, "minY": 0}, "class_id": 1}, labels=names)
    boxed("image-boxes--invalid.middle-without-size--s", {"position": {"middle": [0.5, 0.5]}, "class_id": 1}, labels=names)
    boxed("image-boxes--invalid.class_id-string--s", {"position": edges, "class_id": "1"}, labels=names)
    boxed(
        "image-boxes--hazard.inverted-minmax-accepted--s", {"position": edges | {"minX": 0.75}, "class_id": 1}, labels=names,
        hazard="the box ends before it begins")

    case = AnnotatedCase("image-list--masks-on-all--s", "examples", 4)
    case.pictures(run, *[(photo(3, 4), {"predictions": {"mask_data": ids(3, 4, 2)}}, {}) for _ in range(2)], is_list=True)
    case = AnnotatedCase("image-list--boxes-on-some--s", "examples", 4)
    boxes = {"predictions": {"box_data": [{"position": edges, "class_id": 1}], "class_labels": names}}
    case.pictures(run, (photo(3, 4), {}, boxes), (photo(3, 4), {}, {}), is_list=True)


def main():
    if wandb.__version__ != "0.31.0":
        sys.exit(f"this Python has wandb {wandb.__version__}, 0.31.0 is wanted")
    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(dir=folder, settings=wandb.Settings(console="off", x_disable_stats=True, x_disable_meta=True))
        make_cases(run)
        run.finish()


if __name__ == "__main__":
    main()
