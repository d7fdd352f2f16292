"""Prints the README's table of encoders and draws its plot: python readme.py MEASURED.json PLOT.png"""
import sys

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from goals import Measured, mean

ROWS = [
    ("ours fastest", "ours, `fastest` (run folders)"),
    ("ours balanced", "ours, `balanced` (the default)"),
    ("ours smallest", "ours, `smallest`"),
    ("ours fastest, avx2", "ours, `fastest`, AVX2 alone"),
    ("ours fastest, portable", "ours, `fastest`, plain Swift"),
    ("OpenCV", "OpenCV"),
    ("libpng 1", "libpng, level 1"),
    ("libpng 6", "libpng, level 6"),
    ("Pillow", "Pillow"),
    ("wandb.Image", "wandb SDK, `wandb.Image`"),
]

# Where a name stands beside its point, for those that would stand in each other's way.
PLACES = {
    "ours fastest": (0, 9, "center"),
    "ours fastest, avx2": (0, 20, "center"),
    "ours fastest, portable": (0, 9, "center"),
    "ours balanced": (-8, -4, "right"),
    "Pillow": (0, 9, "center"),
    "wandb.Image": (-2, 22, "left"),
    "libpng 6": (8, -10, "left"),
}


def main():
    measured = Measured(sys.argv[1])
    photos = measured.entries(lambda _, row: row["group"] in ("photo", "diffusion"))
    everything = measured.entries(lambda _, row: row["group"] not in ("tiny", "u16", "mask"))
    print("| encoder | photographs, MB/s | × Pillow | size, libpng 6 = 1 | all pictures, × Pillow | size |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    points = []
    for name, title in ROWS:
        speed = mean(measured.at[e, name]["pixelBytes"] / measured.at[e, name]["best"] / 1e6 for e in photos)
        size = measured.size(photos, name)
        points.append((name, speed, size))
        print(
            f"| {title} | {round(speed, 0 if speed >= 100 else 1):g} | {measured.speed(photos, name, 'Pillow'):.3g} | {size:.3f}"
            f" | {measured.speed(everything, name, 'Pillow'):.3g} | {measured.size(everything, name):.3f} |")
    draw(points, sys.argv[2])


def draw(points, path):
    figure = Figure(figsize=(7.6, 4.2), dpi=120, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot(xscale="log")
    for name, speed, size in points:
        ours = name.startswith("ours")
        axes.scatter(speed, size, s=44, color="#0a6e8c" if ours else "#8a8a8a", zorder=3)
        x, y, side = PLACES.get(name, (7, 5, "left"))
        axes.annotate(
            name.replace("ours ", ""), (speed, size), xytext=(x, y), textcoords="offset points", ha=side, fontsize=9,
            color="#0a6e8c" if ours else "#444444", weight="bold" if ours else "normal")
    axes.set_xlabel("MB of pixels per second, one thread")
    axes.set_ylabel("size, libpng level 6 = 1")
    axes.set_title("PNG of photographs: right is faster, down is smaller", fontsize=10)
    axes.grid(True, which="both", alpha=0.25)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.margins(x=0.12, y=0.2)
    canvas.print_png(path)


if __name__ == "__main__":
    main()
