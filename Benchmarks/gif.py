"""Times the GIF encoder beside others and judges what they make: python gif.py PROGRAM CLIPS RESULTS.json [--rounds N]

All take turns in the same rounds on one processor; processor seconds, of children too, the median of the rounds. Ours begin with the
clip in memory (the better of two runs, so that its pages are there), as do those that run in Python; ffmpeg gets it through a pipe. What every
encoder wrote is decoded by ffmpeg. Beside the time and the bytes: SSIMULACRA2 (the mean of three frames), PSNR, and flicker, the mean
change of pixels that do not change in the clip.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile

import numpy as np
from PIL import Image

PRESETS = ["fastest", "balanced", "smallest", "best"]


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def ours(self, preset):
        def run(clip, frames, rate, out):
            line = subprocess.run([self.program, clip, str(rate), preset, "2", out], check=True, capture_output=True).stdout
            return json.loads(line)["ms_per_mp"]
        return run

    @staticmethod
    def timed(encode):
        def run(clip, frames, rate, out):
            def now():
                own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
                return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
            start = now()
            encode(frames, rate, out)
            return (now() - start) * 1e9 / (frames.size / 3)
        return run

    def rivals(self):
        def ffmpeg(use):
            def encode(frames, rate, out):
                height, width = frames.shape[1:3]
                subprocess.run(
                    ["ffmpeg", "-y", "-v", "error", "-threads", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s",
                     f"{width}x{height}", "-r", str(rate), "-i", "-", "-filter_complex",
                     f"split[a][b];[a]palettegen[p];[b][p]paletteuse{use}", out], input=frames.tobytes(), check=True)
            return self.timed(encode)

        def save(images, rate, out):
            images[0].save(out, save_all=True, append_images=images[1:], duration=round(1000 / rate), loop=0)

        def pillow(frames, rate, out):
            save([Image.fromarray(frame).quantize(256, method=Image.Quantize.FASTOCTREE) for frame in frames], rate, out)

        def quantised(frames, rate, out):
            import libimagequant
            images = []
            for frame in frames:
                attributes = libimagequant.Attr()
                attributes.speed = 10
                rgba = np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)])
                image = attributes.create_rgba(rgba.tobytes(), frame.shape[1], frame.shape[0], 0)
                result = image.quantize(attributes)
                result.dithering_level = 1.0
                picture = Image.frombytes("P", (frame.shape[1], frame.shape[0]), bytes(result.remap_image(image)))
                picture.putpalette([value for c in result.get_palette() for value in (c.r, c.g, c.b)])
                images.append(picture)
            save(images, rate, out)

        def imageio(frames, rate, out):
            import imageio.v3
            imageio.v3.imwrite(out, frames, duration=1000 / rate, loop=0)

        def sdk(frames, rate, out):
            import wandb
            video = wandb.Video(frames.transpose(0, 3, 1, 2), fps=rate, format="gif")
            shutil.move(video._path, out)

        return {
            "ffmpeg": ffmpeg(""), "ffmpeg, no dither": ffmpeg("=dither=none"), "Pillow, octree": self.timed(pillow),
            "libimagequant": self.timed(quantised), "imageio": self.timed(imageio),
            "wandb.Video": self.timed(sdk),
        }


def decoded(path, shape):
    run = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough", "-"],
        capture_output=True, check=True)
    return np.frombuffer(run.stdout, np.uint8).reshape(-1, *shape[1:])


def quality(frames, shown, folder):
    """SSIMULACRA2, PSNR and flicker; None where frames are missing."""
    if shown.shape != frames.shape:
        return {"frames": len(shown)}
    error = np.mean((shown.astype(np.float32) - frames) ** 2)
    if error == 0:
        return {"frames": len(shown), "ssimulacra2": 100.0, "psnr": None, "flicker": 0.0}
    from ssimulacra2 import compute_ssimulacra2
    scores = []
    for place in sorted({len(frames) // 6, len(frames) // 2, len(frames) - 1 - len(frames) // 8}):
        names = [str(folder / name) for name in ("clip.png", "shown.png")]
        for name, pixels in zip(names, (frames[place], shown[place])):
            Image.fromarray(pixels).save(name)
        scores.append(compute_ssimulacra2(*names))
    changed = [
        np.abs(shown[i].astype(int) - shown[i - 1])[(frames[i] == frames[i - 1]).all(-1)] for i in range(1, len(frames))]
    still = np.concatenate([c.ravel() for c in changed]) if changed else np.zeros(1)
    return {"frames": len(shown), "ssimulacra2": float(np.mean(scores)), "psnr": float(10 * np.log10(255**2 / error)),
            "flicker": float(still.mean()) if still.size else 0.0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("clips")
    parser.add_argument("results")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    entries = json.loads((pathlib.Path(options.clips) / "clips.json").read_text())
    table = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.program, folder)
        contestants = {preset: bench.ours(preset) for preset in PRESETS} | bench.rivals()
        for entry in entries:
            clip = f"{options.clips}/{entry['name']}.npy"
            frames = np.load(clip)
            frames = np.ascontiguousarray(frames.repeat(3, -1) if frames.shape[-1] == 1 else frames)
            times = {name: [] for name in contestants}
            for _ in range(options.rounds):
                for name, run in contestants.items():
                    out = f"{folder}/{entry['name']}-{name.replace(', ', '-')}.gif"
                    times[name].append(run(clip, frames, entry["rate"], out))
            print(f"\n{entry['name']}: {entry['group']}, {'×'.join(map(str, entry['shape']))}")
            print(f"  {'':20s}{'ms/MP':>9s}{'bits/px':>9s}{'SSIM2':>8s}{'PSNR':>7s}{'flicker':>9s}{'frames':>8s}")
            for name in contestants:
                out = f"{folder}/{entry['name']}-{name.replace(', ', '-')}.gif"
                row = quality(frames, decoded(out, frames.shape), pathlib.Path(folder))
                row |= {"ms": statistics.median(times[name]), "bytes": os.path.getsize(out)}
                table.setdefault(entry["name"], {"group": entry["group"], "pixels": frames.size // 3})[name] = row
                psnr = "exact" if row.get("ssimulacra2") == 100 else f"{row['psnr']:.1f}" if "psnr" in row else "-"
                print(f"  {name:20s}{row['ms']:9.2f}{row['bytes'] * 8 / (frames.size / 3):9.3f}"
                      f"{row.get('ssimulacra2', float('nan')):8.1f}{psnr:>7s}{row.get('flicker', float('nan')):9.2f}{row['frames']:8d}",
                      flush=True)
    pathlib.Path(options.results).write_text(json.dumps(table, indent=1) + "\n")
    goals(table)


def goals(table):
    rivals = [name for name in next(iter(table.values())) if name not in PRESETS + ["group", "pixels"]]
    lossy = {name: clip for name, clip in table.items() if clip["group"] != "exact"}
    exact = {name: clip for name, clip in table.items() if clip["group"] == "exact"}

    def score(row):
        return row.get("ssimulacra2", -1000)

    def mean(values):
        return statistics.geometric_mean(values)

    print("\nGoals")
    smallest = {
        name: min(clip[r]["bytes"] for r in rivals if score(clip[r]) == 100) for name, clip in exact.items()
        if any(score(clip[r]) == 100 for r in rivals)}
    for name, clip in exact.items():
        print(f"  exact, {name}: {clip['balanced']['ms']:.2f} ms/MP, ffmpeg {clip['ffmpeg']['ms'] / clip['balanced']['ms']:.1f}× slower, "
              f"bytes {clip['balanced']['bytes'] / smallest[name]:.3f} of the smallest exact rival's")
    for preset in PRESETS:
        won = sum(score(clip[preset]) >= max(score(clip[r]) for r in rivals) for clip in lossy.values())
        print(f"  {preset}: SSIMULACRA2 at least every rival's on {won} of {len(lossy)}; "
              + ", ".join(f"{mean(clip[r]['ms'] / clip[preset]['ms'] for clip in lossy.values()):.1f}× as fast as {r}" for r in rivals))


main()
