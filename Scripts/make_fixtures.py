#!/usr/bin/env python3
# Needs the exact versions of Scripts/requirements-fixtures.txt: they decide bytes.
"""Makes tensors/, images/, annotations/, shards/, raw/, fonts/ and broken/ of Fixtures/ again, byte for byte.

    python Scripts/make_fixtures.py [OUT]        default: Fixtures/ of this repository

Photographs come from the files that scikit-image bundles, the digits from scikit-learn; nothing is downloaded. The scene
is drawn here. Arithmetic keeps to + - * / and sqrt, so that processors with other vector units agree.
Fixtures/README.md says what each file is and what its licence is.
"""
import importlib.util
import io
import json
import pathlib
import struct
import sys
import tarfile
import zipfile

import ml_dtypes
import numpy as np
from PIL import Image
from pycocotools import mask as coco
from safetensors.numpy import save as safetensors_bytes
from sklearn.datasets import load_digits

import small_fonts

IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)


def photo(name, width, height):
    """A photograph of scikit-image, scaled down and cut to width x height; uint8, height x width (x 3)."""
    folder = pathlib.Path(importlib.util.find_spec("skimage").submodule_search_locations[0]) / "data"
    picture = Image.open(folder / name)
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    scale = max(width / picture.width, height / picture.height)
    size = (max(width, round(picture.width * scale)), max(height, round(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.asarray(picture.crop((left, top, left + width, top + height)))


def unit(pixels):
    return pixels.astype(np.float32) / np.float32(255)


def chw(pixels):
    return np.ascontiguousarray(np.moveaxis(pixels, -1, 0))


def contrast(gray):
    """How strongly the picture changes around each pixel: the length of the gradient, smoothed; from 0 to some tens."""
    g = gray.astype(np.float32)
    dx, dy = np.zeros_like(g), np.zeros_like(g)
    dx[:, 1:-1] = (g[:, 2:] - g[:, :-2]) / 2
    dy[1:-1, :] = (g[2:, :] - g[:-2, :]) / 2
    heat = np.sqrt(dx * dx + dy * dy)
    for _ in range(6):
        padded = np.pad(heat, 1, mode="edge")
        heat = (padded[1:-1, :-2] + padded[1:-1, 2:] + padded[:-2, 1:-1] + padded[2:, 1:-1] + heat * 4) / np.float32(8)
    return heat


def scene(width, height, camera_x=0.0):
    """Three spheres on a floor, seen by a camera: colour, distance, direction of the surface, class and position."""
    x = (np.arange(width, dtype=np.float64) + 0.5 - width / 2) / (height / 2)
    y = (height / 2 - np.arange(height, dtype=np.float64) - 0.5) / (height / 2)
    ray = np.stack(np.broadcast_arrays(x[None, :], y[:, None] - 0.25, 1.6), -1)
    ray = ray / np.sqrt((ray * ray).sum(-1, keepdims=True))
    eye = np.array([camera_x, 1.0, 0.0])
    distance = np.full((height, width), np.inf)
    normal = np.zeros((height, width, 3))
    label = np.zeros((height, width), np.int64)  # 0: sky

    with np.errstate(divide="ignore"):
        floor = np.where(ray[..., 1] < 0, -eye[1] / ray[..., 1], np.inf)
    hit = floor < 25
    distance[hit], normal[hit], label[hit] = floor[hit], (0, 1, 0), 1
    spheres = [((-1.3, 0.7, 5.0), 0.7, 2), ((0.2, 1.0, 6.5), 1.0, 3), ((1.1, 0.4, 3.6), 0.4, 4)]
    for centre, radius, number in spheres:
        to_eye = eye - np.array(centre)
        b = (ray * to_eye).sum(-1)
        inside = b * b - (to_eye * to_eye).sum() + radius * radius
        with np.errstate(invalid="ignore"):
            t = np.where(inside > 0, -b - np.sqrt(inside), np.inf)
        hit = t < distance
        distance[hit], label[hit] = t[hit], number
        normal[hit] = ((eye + ray * t[..., None] - np.array(centre)) / radius)[hit]

    point = eye + ray * np.where(np.isfinite(distance), distance, 0)[..., None]
    colours = np.array([(0.62, 0.76, 0.92), (0.8, 0.8, 0.78), (0.86, 0.33, 0.24), (0.25, 0.62, 0.36), (0.95, 0.78, 0.2)])
    colour = colours[label]
    dark = (label == 1) & ((np.floor(point[..., 0]) + np.floor(point[..., 2])) % 2 == 0)
    colour = np.where(dark[..., None], colour * 0.55, colour)
    light = np.array([-0.48, 0.8, -0.36])
    shade = 0.35 + 0.65 * np.maximum((normal * light).sum(-1), 0)
    colour = np.where((label > 0)[..., None], colour * shade[..., None], colour)
    return colour, distance * ray[..., 2], normal, label, point


def project(point, camera_x, width, height):
    """Where the camera at camera_x sees a point, in pixels."""
    v = point - np.array([camera_x, 1.0, 0.0])
    depth = np.where(v[..., 2] > 0, v[..., 2], 1)
    x = v[..., 0] / depth * 1.6
    y = v[..., 1] / depth * 1.6 + 0.25
    return x * (height / 2) + width / 2, height / 2 - y * (height / 2)


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version, allow_pickle=False)
    return out.getvalue()


def npz(members, compress):
    """A NumPy archive whose members carry the first date a zip file can."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, array in members.items():
            info = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type = archive.compression
            archive.writestr(info, npy(array))
    return out.getvalue()


def tensors():
    """The files of Fixtures/tensors: name, bytes."""
    astronaut = photo("astronaut.png", 128, 128)
    coffee = photo("coffee.png", 192, 128)
    chelsea = photo("chelsea.png", 144, 96)
    camera = photo("camera.png", 128, 128)
    rocket = photo("rocket.jpg", 96, 64)
    cell = photo("cell.png", 100, 120)

    yield "photos/astronaut-chw-f32.npy", npy(chw(unit(astronaut)))
    yield "photos/coffee-hwc-u8.npy", npy(coffee)
    yield "photos/chelsea-imagenet-chw-f16.npy", npy(
        chw((unit(chelsea) - IMAGENET_MEAN) / IMAGENET_STD).astype(np.float16))
    yield "photos/camera-hw-u8-fortran.npy", npy(np.asfortranarray(camera))
    yield "photos/rocket-hwc-f32-bigendian.npy", npy(unit(rocket).astype(">f4"))
    yield "photos/cell-hw-u16-bigendian.npy", npy((cell.astype(np.uint16) * 257).astype(">u2"))
    yield "photos/coffee-signed-chw-f32.npy", npy(chw(unit(photo("coffee.png", 96, 64)) * 2 - 1))
    yield "photos/rocket-rgba-hwc-u8.npy", npy(
        np.dstack([rocket, np.broadcast_to(np.linspace(0, 255, 96).astype(np.uint8), (64, 96))]), (2, 0))

    digits = load_digits()
    yield "batches/digits-nchw-f32.npy", npy((digits.images[:64, None] / 16).astype(np.float32))
    thumbnails = ["astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg"]
    yield "batches/thumbnails-nhwc-u8.npy", npy(np.stack([photo(name, 48, 48) for name in thumbnails]))

    width, height = 128, 96
    colour, depth, normal, label, point = scene(width, height)
    seen = np.isfinite(depth)
    yield "scene/depth-hw-f32.npy", npy(np.where(seen, depth, 0).astype(np.float32))
    yield "scene/depth-millimetres-hw-u16.npy", npy(np.where(seen, np.rint(depth * 1000), 0).astype(np.uint16))
    yield "scene/labels-hw-i64.npy", npy(label)
    yield "scene/mask-hw-bool.npy", npy(label >= 2)
    moved = project(point, 0.25, width, height)
    before = project(point, 0.0, width, height)
    flow = np.where(seen, np.stack([moved[0] - before[0], moved[1] - before[1]]), 0).astype(np.float32)
    yield "scene/frame.npz", npz(
        {"image": colour.astype(np.float32), "flow": flow, "normals": chw((normal * (1, 1, -1) + 0.0).astype(np.float32))}, True)

    heat = contrast(camera)
    yield "maps/heat-hw-f32.npy", npy(heat)
    holes = heat.copy()
    holes[10:20, 10:30], holes[40, 50], holes[41, 51] = np.nan, np.inf, -np.inf
    yield "maps/heat-with-holes-hw-f32.npy", npy(holes)
    small = unit(photo("chelsea.png", 72, 48))
    yield "maps/features.safetensors", safetensors_bytes(
        {"decoder.picture": chw(small).astype(ml_dtypes.bfloat16), "encoder.attention": heat[::2, ::2].astype(np.float16)},
        metadata={"format": "np"})


def images():
    """Small pictures as another program writes them, for decoders and fuzzers: name, bytes."""
    colour = Image.fromarray(photo("chelsea.png", 60, 40))
    alpha = colour.convert("RGBA")
    alpha.putalpha(Image.fromarray(np.broadcast_to(np.linspace(0, 255, 60).astype(np.uint8), (40, 60))))
    gray = colour.convert("L")
    palette = colour.quantize(16, dither=Image.Dither.NONE)
    wide = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    turned = Image.Exif()
    turned[0x0112] = 6

    def saved(picture, format, **options):
        out = io.BytesIO()
        picture.save(out, format, **options)
        return out.getvalue()

    for name, picture in [("rgb", colour), ("rgba", alpha), ("gray", gray), ("gray-alpha", alpha.convert("LA")),
                          ("palette", palette), ("bilevel", gray.convert("1")), ("gray16", wide)]:
        yield f"{name}.png", saved(picture, "png")
    yield "exif-turned.png", saved(colour, "png", exif=turned)
    yield "rgb-420.jpg", saved(colour, "jpeg", quality=90)
    yield "rgb-444-progressive.jpg", saved(colour, "jpeg", quality=90, subsampling=0, progressive=True)
    yield "gray.jpg", saved(gray, "jpeg")
    yield "cmyk.jpg", saved(colour.convert("CMYK"), "jpeg")
    yield "exif-turned.jpg", saved(colour, "jpeg", exif=turned)
    yield "restarts.jpg", saved(colour, "jpeg", restart_marker_blocks=2)
    for name, picture in [("rgb", colour), ("gray", gray), ("palette", palette), ("bilevel", gray.convert("1"))]:
        yield f"{name}.bmp", saved(picture, "bmp")
    yield "palette.gif", saved(palette, "gif")
    yield "two-frames.gif", saved(palette, "gif", save_all=True, append_images=[palette.rotate(180)], duration=100)
    yield "lossy.webp", saved(colour, "webp", quality=80)
    yield "lossless.webp", saved(colour, "webp", lossless=True)
    yield "alpha.webp", saved(alpha, "webp", quality=80)


def clips():
    """Two frames of 8x6 in each sampling of chroma, as streams of YUV4MPEG2."""
    for chroma, columns, rows in [("420jpeg", 4, 3), ("422", 4, 6), ("444", 8, 6), ("mono", 0, 0)]:
        frames = [bytes((16 + 5 * k + 90 * i) % 220 for k in range(48 + 2 * columns * rows)) for i in range(2)]
        header = f"YUV4MPEG2 W8 H6 F30000:1001 Ip A1:1 C{chroma} XYSCSS=SEED\n".encode()
        yield f"ramp-{chroma}.y4m", header + b"".join(b"FRAME\n" + frame for frame in frames)


def sounds():
    """Short sounds in each form of a WAV file: plain, extensible, of floats with a fact, with sizes of 64 bits, and texts."""
    def chunk(name, content):
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    def form(code, channels, bits, more=b""):
        block = channels * bits // 8
        return chunk(b"fmt ", struct.pack("<HHIIHH", code, channels, 8000, 8000 * block, block, bits) + more)

    def riff(*chunks):
        return chunk(b"RIFF", b"WAVE" + b"".join(chunks))

    wave = np.sin(np.arange(64) / 5)
    pcm = np.rint(wave * 32767).astype("<i2").tobytes()
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    texts = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"tone\0") + chunk(b"ICMT", b"64 samples\0"))
    yield "plain.wav", riff(form(1, 1, 16), chunk(b"data", pcm))
    yield "bytes.wav", riff(texts, form(1, 2, 8), chunk(b"odd ", b"???"), chunk(b"data", bytes(range(100, 132))))
    yield "extensible.wav", riff(form(0xFFFE, 3, 24, struct.pack("<HHI", 22, 24, 0) + guid), chunk(b"data", bytes(range(180))))
    yield "floats.wav", riff(form(3, 1, 32, b"\0\0"), chunk(b"fact", struct.pack("<I", 64)), chunk(b"data", wave.astype("<f4").tobytes()))
    body = form(1, 1, 16) + b"data" + b"\xff" * 4 + pcm
    sizes = chunk(b"ds64", struct.pack("<QQQI", 40 + len(body), len(pcm), 64, 0))
    yield "wide.wav", b"RF64" + b"\xff" * 4 + b"WAVE" + sizes + body
    yield "stream.wav", b"RIFF" + b"\xff" * 4 + b"WAVE" + body
    yield "a-law.wav", riff(form(6, 1, 8), chunk(b"data", bytes(32)))


def shard():
    """A shard as WebDataset has it, by Python's tarfile: samples of pictures, and of what is no tensor."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for index, camera in enumerate([0.0, 0.25, 0.5]):
            colour, depth, normals, labels = scene(24, 16, camera)[:4]
            depth = np.where(np.isfinite(depth), depth, 0)
            key = f"{index:05d}"
            members = {
                "cls": str(index).encode(),
                "depth.npy": npy(depth.astype(np.float32)),
                "image.npy": npy(np.rint(colour * 255).astype(np.uint8)),
                "json": json.dumps({"camera": camera}).encode(),
                "maps.npz": npz({"normals": chw((normals * (1, 1, -1) + 0.0).astype(np.float32)), "labels": labels.astype(np.uint8)}, True),
            }
            for field, data in members.items():
                member = tarfile.TarInfo(f"{key}.{field}")
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def run_lengths():
    """Masks as pycocotools compresses them, with their lengths and their rows: `#` is inside."""
    random = np.random.Generator(np.random.PCG64(5))
    y, x = np.mgrid[:24, :40]
    masks = [np.zeros((3, 4)), np.ones((3, 4)), np.ones((1, 1)), np.zeros((1, 1)), np.eye(7), 1 - np.eye(7)]
    masks += [(x - 20) ** 2 + (y - 12) ** 2 < r * r for r in (3, 8, 11, 15)]
    masks += [(x // n + y // n) % 2 for n in (1, 2, 5)]
    masks += [random.random((h, w)) < p for h, w, p in ((9, 9, 0.5), (1, 50, 0.3), (50, 1, 0.3), (20, 30, 0.02), (20, 30, 0.98))]
    masks += [x < 5, y < 5, x >= 35, y >= 19]
    cases = []
    for mask in masks:
        mask = np.asarray(mask).astype(np.uint8)
        flat = mask.ravel(order="F")
        edges = np.flatnonzero(np.diff(flat, prepend=0))
        counts = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
        text = coco.encode(np.asfortranarray(mask))["counts"].decode()
        listed = coco.frPyObjects({"size": list(mask.shape), "counts": counts}, *mask.shape)
        assert listed["counts"].decode() == text
        rows = ["".join(".#"[value] for value in row) for row in mask]
        cases.append({"size": list(mask.shape), "compressed": text, "counts": counts, "rows": rows})
    return ('{"cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]}\n").encode()


def annotations():
    """Boxes and labels: name, bytes."""
    found = [
        {"position": {"minX": 0.05, "maxX": 0.95, "minY": 0.5, "maxY": 0.625}, "class_id": 7, "box_caption": "Katze, 猫, \"cat\"",
         "scores": {"acc": 0.9312345678901234, "loss": 1.25e-2}},
        {"position": {"middle": [40.5, 22.25], "width": 15, "height": 8.5}, "domain": "pixel", "class_id": 0, "more": [1, {"a": None}]},
    ]
    drawn = [{"domain": "percentage", "class_id": 7, "position": {"minY": 0.49, "maxY": 0.63, "minX": 0.04, "maxX": 0.96}}]
    labels = {"7": "cat", "0": "dog"}
    groups = {"predictions": {"box_data": found, "class_labels": labels}, "ground truth": {"class_labels": labels, "box_data": drawn}}

    def saved(value, **options):
        return json.dumps(value, ensure_ascii=False, **options).encode() + b"\n"

    yield "groups.boxes.json", saved(groups, indent=1)
    yield "group.boxes.json", saved(groups["predictions"])
    yield "list.boxes.json", saved(drawn)
    yield "outside.boxes.json", saved([{"position": {"minX": -3, "maxX": 1.5, "minY": 0, "maxY": 4}}, {"position": {"minX": 0.1}}])
    yield "labels.json", saved(labels)
    yield "labels-list.json", saved([{"id": int(key), "name": name} for key, name in labels.items()])


def broken():
    """Files that every reader has to refuse: name, bytes."""
    good = npy(np.arange(24, dtype=np.float32).reshape(2, 3, 4))

    def header(text):
        raw = text.encode("latin-1")
        raw += b" " * (-(len(raw) + 11) % 64) + b"\n"
        return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(raw)) + raw

    yield "truncated.npy", good[:-20]
    yield "header-only.npy", good[:40]
    yield "too-large.npy", header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4000000000, 4000000000), }")
    yield "negative-shape.npy", header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, -4), }") + bytes(64)
    # An object array: pickled data follows. It must never be read.
    yield "objects.npy", header("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }") + b"\x80\x04]\x94(K\x01K\x02e."
    yield "unknown-type.npy", header("{'descr': '<c16', 'fortran_order': False, 'shape': (2,), }") + bytes(32)
    yield "text.npy", b"not a tensor\n"
    yield "empty.npy", b""
    archive = bytearray(npz({"a": np.arange(100, dtype=np.int32)}, True))
    archive[60] ^= 0x40  # inside the compressed data: the checksum fails
    yield "flipped-bit.npz", bytes(archive)
    yield "no-directory.npz", bytes(npz({"a": np.arange(10)}, False)[:-30])
    table = json.dumps({"a": {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]}}).encode()
    yield "short-data.safetensors", struct.pack("<Q", len(table)) + table + bytes(16)
    yield "huge-header.safetensors", struct.pack("<Q", 1 << 60) + b"{}"
    yield "plain.pkl", b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01e."
    yield "volume.h5", b"\x89HDF\r\n\x1a\n" + bytes(56)


def listing(value):
    """JSON of a data set: one entry per line."""
    if isinstance(value, dict):
        parts = [json.dumps(key) + ": " + (listing(part) if isinstance(part, list) else json.dumps(part)) for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + "\n}"
    return "[\n" + ",\n".join("  " + json.dumps(part) for part in value) + "\n]" if value and isinstance(value[0], dict) else json.dumps(value)


def runs(mask):
    """COCO's lengths of runs, column by column, the first of them outside."""
    flat = mask.flatten(order="F")
    places = np.flatnonzero(np.diff(np.concatenate([[0], flat.astype(np.int8), [0]])))
    edges = np.concatenate([[0], places, [flat.size]])
    counts = np.diff(edges)
    return [int(count) for count in (counts if counts[-1] else counts[:-1])]


def compressed(counts):
    """The text of pycocotools for lengths of runs: five bits a sign, differences from the length two before."""
    text = ""
    for index, count in enumerate(counts):
        number = count - counts[index - 2] if index > 2 else count
        while True:
            part, number = number & 31, number >> 5
            more = number != -1 if part & 16 else number != 0
            text += chr((part | 32 if more else part) + 48)
            if not more:
                break
    return text


def data_sets():
    """The scene from two places, marked in four ways: name, bytes. What each of broken/ has wrong is in its file."""
    width, height = 64, 48
    names = {2: "red ball", 3: "green ball", 4: "yellow ball"}
    views = [(f"view{index}", camera) for index, camera in enumerate([0.0, 0.5])]
    coco = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "floor"}]}
    coco["categories"] += [{"id": id, "name": name, "supercategory": "ball"} for id, name in names.items()]
    coco["categories"].append(
        {"id": 7, "name": "axis", "keypoints": ["left", "middle", "right"], "skeleton": [[1, 2], [2, 3]]})
    yolo_classes = list(names.values())

    for number, (name, camera) in enumerate(views, 1):
        colour, _, _, label, _ = scene(width, height, camera)
        out = io.BytesIO()
        Image.fromarray(np.rint(colour * 255).astype(np.uint8)).save(out, "png")
        for place in ["coco/images", "yolo/images/train", "labelme", "voc/JPEGImages"]:
            yield f"{place}/{name}.png", out.getvalue()

        coco["images"].append({"id": number, "file_name": name + ".png", "width": width, "height": height})
        def add(category, **members):
            coco["annotations"].append(
                {"id": len(coco["annotations"]) + 1, "image_id": number, "category_id": category, **members})
        floor = runs(label == 1)
        counts = compressed(floor) if number == 2 else floor
        add(1, iscrowd=1, area=int((label == 1).sum()), bbox=[0, 24, 64, 24], segmentation={"size": [height, width], "counts": counts})
        boxes, shapes, objects, rows, polygons = [], [], [], [], []
        for id, thing in names.items():
            y, x = np.nonzero(label == id)
            if not len(x):
                continue
            left, right, top, bottom = int(x.min()), int(x.max()) + 1, int(y.min()), int(y.max()) + 1
            centre = [(left + right) / 2, (top + bottom) / 2]
            # A diamond: its corners are the middles of the box's edges.
            diamond = [[centre[0], top], [right, centre[1]], [centre[0], bottom], [left, centre[1]]]
            add(id, iscrowd=0, area=float(len(x)), bbox=[left, top, right - left, bottom - top],
                segmentation=[[number for point in diamond for number in point]])
            kind = {2: "polygon", 3: "rectangle", 4: "circle"}[id]
            points = {"polygon": diamond, "rectangle": [[left, top], [right, bottom]], "circle": [centre, [right, centre[1]]]}[kind]
            shapes.append({"label": thing, "points": points, "group_id": None, "description": "", "shape_type": kind, "flags": {}})
            objects.append(
                f"\t<object>\n\t\t<name>{thing}</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>{int(left == 0 or right == width)}</truncated>\n"
                f"\t\t<difficult>{int(len(x) < 60)}</difficult>\n\t\t<bndbox>\n\t\t\t<xmin>{left + 1}</xmin>\n\t\t\t<ymin>{top + 1}</ymin>\n"
                f"\t\t\t<xmax>{right}</xmax>\n\t\t\t<ymax>{bottom}</ymax>\n\t\t</bndbox>\n\t</object>\n")
            rows.append(f"{yolo_classes.index(thing)} {centre[0] / width:.6f} {centre[1] / height:.6f} {(right - left) / width:.6f} {(bottom - top) / height:.6f}\n")
            polygons.append(f"{yolo_classes.index(thing)} " + " ".join(f"{x / width:.6f} {y / height:.6f}" for x, y in diamond) + "\n")
        add(7, iscrowd=0, num_keypoints=2, area=100, bbox=[10, 20, 40, 5], keypoints=[10, 20, 2, 30, 22, 1, 0, 0, 0])
        yield f"yolo/labels/train/{name}.txt", "".join(rows if number == 1 else polygons).encode()
        yield f"labelme/{name}.json", (json.dumps(
            {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": name + ".png", "imageData": None,
             "imageHeight": height, "imageWidth": width}, indent=1) + "\n").encode()
        yield f"voc/Annotations/{name}.xml", (
            f"<annotation>\n\t<folder>voc</folder>\n\t<filename>{name}.png</filename>\n\t<size>\n\t\t<width>{width}</width>\n"
            f"\t\t<height>{height}</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>0</segmented>\n" + "".join(objects) + "</annotation>\n").encode()
    yield "coco/annotations/instances_train.json", listing(coco).encode()
    yield "yolo/data.yaml", (
        "path: .  # the folder of this file\ntrain: images/train\nval: images/train\n\nnc: 3\nnames:\n"
        + "".join(f"  {id}: {name}\n" for id, name in enumerate(yolo_classes))).encode()

    good = coco["annotations"]
    bad = [
        {**good[1], "bbox": [3, 4, -2, 5]}, {**good[1], "bbox": [float("nan"), 4, 2, 5]}, {**good[1], "bbox": [100, 4, 2, 5]},
        {**good[1], "bbox": [60, 4, 20, 5]}, {**good[1], "bbox": [1, 2, 3]}, {**good[1], "category_id": 99},
        {**good[1], "image_id": 99}, {**good[1], "segmentation": [[1, 2, 3, 4]]}, {**good[1], "segmentation": [[1, 2, "3", 4, 5, 6]]},
        {**good[0], "segmentation": {"size": [height, width], "counts": [5, 6]}}, {**good[0], "segmentation": {"size": [width, height], "counts": "0"}},
        {**good[0], "segmentation": {"size": [height, width], "counts": "a b"}},
        {**good[4 if len(good[4].get("keypoints", [])) else -1], "keypoints": [1, 2, 3]}, {"id": 1, "image_id": 1, "category_id": 2}, 5,
    ]
    bad = [{**entry, "id": 100 + index} if isinstance(entry, dict) else entry for index, entry in enumerate(bad)]
    bad[13]["id"] = 100
    files = [{**coco["images"][0]}, {**coco["images"][1], "file_name": "../../secret.png"}, {"id": 1, "file_name": "x.png", "width": 0, "height": 5}]
    yield "broken/coco.json", listing({"images": files, "annotations": bad, "categories": coco["categories"]}).encode()
    yield "broken/yolo.txt", b"0 0.5 0.5 0.2 0.2\n9 0.5 0.5 0.2 0.2\n0 0.5 0.5 0 0.2\n0 320 240 64 48\n0 0.5 0.5 0.2\n0 nan 0.5 0.2 0.2\ncar 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n"
    yield "broken/labelme.json", (json.dumps({"shapes": [
        {"label": "a", "points": [[1, 2], [3, 4]], "shape_type": "polygon"}, {"label": "", "points": [[1, 2], [3, 4]], "shape_type": "rectangle"},
        {"label": "b", "points": [[1, 2], [3, 4]], "shape_type": "ellipse"}, {"label": "c", "points": [[1, "2"]], "shape_type": "point"},
        {"label": "d", "points": [[5, 5], [5, 9]], "shape_type": "rectangle"}], "imagePath": "/etc/passwd", "imageHeight": 48, "imageWidth": -1}, indent=1) + "\n").encode()
    yield "broken/voc.xml", (
        "<annotation>\n<filename>none.png</filename>\n<size><width>64</width><height>48</height></size>\n"
        "<object><name>a</name><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>5</xmax><ymax>12</ymax></bndbox></object>\n"
        "<object><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>x</ymax></bndbox></object>\n"
        "<object><name>b</name><difficult>maybe</difficult></object>\n</annotation>\n").encode()
    yield "broken/voc-entity.xml", b"<!DOCTYPE annotation [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<annotation>&a;</annotation>\n"


def photographs():
    """Two photographs, outlined by hand, as a data set of COCO with scores: name, bytes."""
    names = {1: "cup", 2: "spoon", 3: "saucer"}
    categories = [{"id": id, "name": name} for id, name in names.items()]
    categories.append({"id": 17, "name": "cat", "keypoints": ["right eye", "left eye", "nose"], "skeleton": [[1, 3], [2, 3]]})
    # Corners in thirds of a pixel: image, class, score, outline.
    outlines = [
        (1, 3, 0.88, "268 108 200 145 150 195 122 260 120 330 140 400 180 470 240 525 310 560 390 578 470 575 550 550 620 505 670 455 705 395 717 330 708 270 680 215 630 165"),
        (1, 1, 0.96, "262 150 270 110 300 70 350 42 430 28 500 38 560 68 600 115 612 165 605 215 590 270 575 330 540 380 490 415 430 425 390 420 370 440 345 462 310 455 295 425 305 385 330 350 300 325 275 275 262 215"),
        (1, 2, 0.91, "597 110 615 100 635 115 630 150 612 210 590 290 577 345 600 385 607 420 592 460 560 485 525 488 498 465 488 425 500 390 530 368 562 348 575 300 595 225 612 170"),
        (2, 17, 0.99, "85 0 70 90 62 180 60 220 0 255 0 600 600 600 640 520 625 440 680 390 720 320 728 250 712 140 760 80 800 0"),
    ]
    marked = []
    for image, category, score, text in outlines:
        corners = np.array(text.split(), dtype=float).reshape(-1, 2).round() / 3
        left, top = corners.min(axis=0)
        right, bottom = corners.max(axis=0)
        entry = {"id": len(marked) + 1, "image_id": image, "category_id": category, "iscrowd": 0, "score": score}
        entry["bbox"] = [round(float(value), 1) for value in (left, top, right - left, bottom - top)]
        entry["segmentation"] = [[round(float(value), 1) for value in corners.ravel()]]
        if category == 17:
            entry |= {"num_keypoints": 3, "keypoints": [115, 76, 2, 211, 90, 2, 176, 163, 2]}
        marked.append(entry)
    files = [("coffee", "coffee.png"), ("cat", "chelsea.png")]
    images = [{"id": number, "file_name": name + ".jpg", "width": 300, "height": 200} for number, (name, _) in enumerate(files, 1)]
    yield "photos/annotations/instances.json", listing({"images": images, "annotations": marked, "categories": categories}).encode()
    for name, source in files:
        out = io.BytesIO()
        Image.fromarray(photo(source, 300, 200)).save(out, "jpeg", quality=85)
        yield f"photos/images/{name}.jpg", out.getvalue()


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
    files = [("tensors/" + name, data) for name, data in tensors()]
    files += [("images/" + name, data) for name, data in images()]
    files += [("annotations/" + name, data) for name, data in annotations()]
    files += [("clips/" + name, data) for name, data in clips()]
    files += [("sounds/" + name, data) for name, data in sounds()]
    files += [("broken/" + name, data) for name, data in broken()]
    files += [("annotations/" + name, data) for name, data in data_sets()]
    files += [("fonts/" + name, data) for name, data in small_fonts.fonts()]
    files += [("annotations/" + name, data) for name, data in photographs()]
    files.append(("shards/scenes-000000.tar", shard()))
    files.append(("annotations/run-lengths.json", run_lengths()))
    files.append(("raw/astronaut-3x64x64.f32", chw(unit(photo("astronaut.png", 64, 64))).tobytes()))
    for name, data in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{len(data):8d}  {name}")
    print(f"{sum(len(data) for _, data in files):8d}  bytes in {len(files)} files")


if __name__ == "__main__":
    main()
