"""Makes the clips of the GIF benchmark: python clips.py OUT

Frames × rows × columns × channels of bytes as .npy, and clips.json with a line for each. None of them was looked at while the
encoder's numbers were chosen ("held out"), apart from the exact ones, where there is nothing to choose.
"""
import json
import pathlib
import sys

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage
from sklearn.datasets import load_digits, load_sample_image

from pictures import DATA, field


def pan(picture, frames, width, height, zoom):
    """A camera that moves over a photograph and comes nearer."""
    picture = picture.convert("RGB")
    result = []
    for step in np.linspace(0, 1, frames):
        part = min(picture.width, picture.height * width / height) * (1 - zoom * step)
        x = (picture.width - part) * (0.2 + 0.6 * step)
        y = (picture.height - part * height / width) * (0.7 - 0.5 * step)
        result.append(np.asarray(picture.resize(
            (width, height), Image.Resampling.LANCZOS, box=(x, y, x + part, y + part * height / width))))
    return np.stack(result)


def game(random, frames):
    """Blocks, a ball and a paddle in eight colours."""
    colors = random.integers(40, 256, (8, 3)).astype(np.uint8)
    blocks = random.integers(1, 7, (8, 16))
    x, y, dx, dy = 80.0, 120.0, 2.3, -1.9
    result = np.zeros((frames, 210, 160, 3), np.uint8)
    for frame in result:
        x, y = x + dx, y + dy
        dx = -dx if not 3 < x < 156 else dx
        dy = -dy if not 3 < y < 200 else dy
        row, column = int(y - 20) // 8, int(x) // 10
        if 0 <= row < 8 and blocks[row, column]:
            blocks[row, column], dy = 0, -dy
        frame[20:84] = colors[blocks].repeat(8, 0).repeat(10, 1) * (blocks > 0).repeat(8, 0).repeat(10, 1)[..., None]
        frame[int(y) - 2:int(y) + 2, int(x) - 2:int(x) + 2] = colors[7]
        frame[196:200, max(0, int(x) - 12):int(x) + 12] = colors[0]
    return result


def heat(random, frames, name):
    """A field that changes everywhere, through a colour map of 256 entries."""
    a, b = field(random, 192, 256, 32), field(random, 192, 256, 24)
    table = np.round(matplotlib.colormaps[name](np.arange(256))[:, :3] * 255).astype(np.uint8)
    turns = np.linspace(0, 2 * np.pi, frames, endpoint=False)
    return np.stack([table[np.clip(128 + 127 * np.sin(6 * a + t) * np.cos(5 * b - t), 0, 255).astype(np.uint8)] for t in turns])


def balls(random, frames):
    """Shaded balls that pass each other in front of a wall with soft light."""
    height, width = 240, 320
    y, x = np.mgrid[0:height, 0:width].astype(float)
    wall = (90 + 70 * np.exp(-(((x - 90) / 160) ** 2 + ((y - 60) / 120) ** 2)))[..., None] * np.array([1.0, 0.95, 0.85])
    things = [(random.uniform(0, width), random.uniform(40, height - 40), random.uniform(14, 34), random.uniform(1, 4),
               random.uniform(0.2, 1, 3)) for _ in range(6)]
    result = []
    for step in range(frames):
        image = wall.copy()
        for px, py, r, speed, color in things:
            dx, dy = (x - (px + speed * step) % (width + 80) + 40) / r, (y - py) / r
            d = dx * dx + dy * dy
            light = np.clip(-0.5 * dx - 0.6 * dy + 0.6 * np.sqrt(np.clip(1 - d, 0, 1)), 0, 1)
            cover = np.clip((1 - np.sqrt(d)) * r + 0.5, 0, 1)[..., None]
            shade = (30 + 215 * light)[..., None] * color + 60 * (light ** 12)[..., None]
            image = image * (1 - cover) + shade * cover
        result.append(np.clip(np.round(image), 0, 255).astype(np.uint8))
    return np.stack(result)


def curves(random, frames):
    """A chart that grows, by matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    data = np.cumsum(random.standard_normal((3, frames * 4)), 1)
    result = []
    for step in range(1, frames + 1):
        figure = Figure((4.8, 3.6), dpi=100)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for line in data:
            axes.plot(line[:step * 4], lw=1.5)
        axes.set_xlim(0, frames * 4)
        axes.set_ylim(data.min(), data.max())
        axes.set_title(f"loss, step {step * 4}")
        axes.grid(alpha=0.3)
        canvas.draw()
        result.append(np.asarray(canvas.buffer_rgba())[..., :3].copy())
    return np.stack(result)


def log(random, frames):
    """Lines of text that scroll, some of them coloured."""
    font = ImageFont.load_default(13)
    words = ["epoch", "loss", "val", "lr", "0.0123", "saved", "warning:", "step", "grad", "nan?", "eta", "00:41"]
    lines = [(" ".join(random.choice(words, 6)), tuple(int(v) for v in random.integers(90, 256, 3))) for _ in range(60)]
    sheet = Image.new("RGB", (400, 60 * 18), (24, 26, 31))
    draw = ImageDraw.Draw(sheet)
    for number, (text, color) in enumerate(lines):
        draw.text((8, number * 18), text, color if number % 5 == 0 else (205, 209, 216), font=font)
    sheet = np.asarray(sheet)
    return np.stack([sheet[step * 9:step * 9 + 300] for step in range(frames)])


def noise(picture, frames):
    """A picture that comes out of noise, as a diffusion model shows it."""
    random = np.random.default_rng(4)
    target = np.asarray(picture.convert("RGB").resize((192, 192), Image.Resampling.LANCZOS)).astype(float)
    grains = random.standard_normal(target.shape) * 90 + 128
    return np.stack([np.clip(np.round(target * a + grains * (1 - a)), 0, 255).astype(np.uint8)
                     for a in np.linspace(0.05, 1, frames) ** 0.7])


def sky(random, frames):
    """Soft gradients that drift: millions of colours and no edge."""
    layers = [field(random, 200, 360, 80) for _ in range(3)]
    result = []
    for step in range(frames):
        image = np.stack([255 * np.roll(layer, step * (3 + 2 * n), 1)[:, :280] for n, layer in enumerate(layers)], -1)
        result.append(np.clip(np.round(ndimage.gaussian_filter1d(image, 2, axis=1)), 0, 255).astype(np.uint8))
    return np.stack(result)


def digits(random, frames):
    """Grey digits that pass, one channel."""
    images = load_digits().images
    strip = np.concatenate([np.kron(images[n], np.ones((6, 6))) for n in random.integers(0, len(images), 30)], 1)
    strip = ndimage.gaussian_filter(strip * 15, 0.8)
    return np.stack([np.round(strip[:, step * 5:step * 5 + 240]) for step in range(frames)]).astype(np.uint8)[..., None]


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(2026)
    photo = lambda name: Image.open(DATA / name)
    fade = pan(photo("motorcycle_right.png"), 24, 320, 240, 0.05).astype(float)
    clips = {
        "game": ("exact", 60, game(random, 200)),
        "digits": ("exact", 20, digits(random, 80)),
        "inferno": ("exact", 25, heat(random, 60, "inferno")),
        "flower": ("natural", 24, pan(Image.fromarray(load_sample_image("flower.jpg")), 24, 320, 240, 0.3)),
        "china": ("natural", 24, pan(Image.fromarray(load_sample_image("china.jpg")), 16, 480, 360, 0.2)),
        "rocket": ("natural", 24, pan(photo("rocket.jpg"), 24, 256, 256, 0.4)),
        "hubble": ("natural", 12, pan(photo("hubble_deep_field.jpg"), 16, 320, 240, 0.5)),
        "dissolve": ("natural", 24, np.round(np.stack([f * a for f, a in zip(fade, np.linspace(1, 0.1, 24))])).astype(np.uint8)),
        "denoise": ("noise", 10, noise(photo("retina.jpg"), 24)),
        "sky": ("smooth", 24, sky(random, 32)),
        "balls": ("rendered", 50, balls(random, 60)),
        "curves": ("drawn", 10, curves(random, 30)),
        "log": ("drawn", 15, log(random, 60)),
    }
    entries = []
    for name, (group, rate, frames) in clips.items():
        np.save(out / f"{name}.npy", np.ascontiguousarray(frames))
        entries.append({"name": name, "group": group, "rate": rate, "shape": list(frames.shape)})
    (out / "clips.json").write_text(json.dumps(entries, indent=1) + "\n")


main()
