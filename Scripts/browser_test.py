"""Plays clips that tensor-media wrote in a headless Chromium: python browser_test.py TENSOR_MEDIA CHROMIUM

Each file is loaded by an <img>, and decoded frame by frame by WebCodecs' ImageDecoder, whose pixels, durations and number of
loops are compared with the clip that the file was made of. Ends with status 1 when something differs.
"""
import base64
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from browser import page, shown

PAGE = page("""async function look(file) {
  const result = {name: file.name};
  const image = new Image();
  image.src = file.name;
  try { await image.decode(); result.shown = [image.naturalWidth, image.naturalHeight]; } catch (error) { result.shown = String(error); }
  try {
    const data = await (await fetch(file.name)).arrayBuffer();
    const decoder = new ImageDecoder({data, type: file.type});
    await decoder.tracks.ready; await decoder.completed;
    const track = decoder.tracks.selectedTrack;
    result.loops = track.repetitionCount === Infinity ? 'forever' : track.repetitionCount;
    result.count = track.frameCount; result.durations = []; result.frames = [];
    for (let i = 0; i < track.frameCount; i++) {
      const {image} = await decoder.decode({frameIndex: i});
      result.durations.push(image.duration);
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
      let text = ''; for (let p = 0; p < pixels.length; p += 4096) text += String.fromCharCode(...pixels.subarray(p, p + 4096));
      result.frames.push(btoa(text));
      image.close();
    }
  } catch (error) { result.error = String(error); }
  return result;
}""")


def clips():
    random = np.random.default_rng(7)
    steps = np.zeros((12, 24, 40, 3), np.uint8)
    for i, frame in enumerate(steps):
        frame[:] = [20, 30, 60]
        frame[4:12, i * 3:i * 3 + 8] = [240, 200, 40]
        frame[16 + i % 3, :] = [i * 20, 90, 200]
    field = np.add.outer(np.arange(48), np.arange(64))
    smooth = np.stack([np.stack([field + i * 7, field[::-1] * 2, np.full_like(field, 40 + i * 9)], -1) for i in range(6)])
    return {
        "steps": (steps, "7"), "noise": (random.integers(0, 256, (5, 15, 20, 1)).astype(np.uint8), "12.5"),
        "smooth": (np.clip(smooth, 0, 255).astype(np.uint8), "30000/1001"), "one": (steps[:1], "4"),
        "exact256": (np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1).repeat(3, 0), "25"),
    }


def main():
    program, chromium = sys.argv[1:3]
    folder = pathlib.Path(tempfile.mkdtemp())
    files, truth = [], {}
    for name, (pixels, rate) in clips().items():
        np.save(folder / f"{name}.npy", pixels)
        for kind in ("gif", "apng"):
            path = folder / f"{name}.{kind}"
            loop = "3" if name == "steps" else "forever"
            subprocess.run([program, "convert", folder / f"{name}.npy", "-o", path, "--layout", "thwc", "--fps", rate,
                            "--loop", loop, "-q"], check=True)
            files.append({"name": path.name, "type": "image/gif" if kind == "gif" else "image/png"})
            truth[path.name] = (pixels, rate, loop, kind)
    results = shown(chromium, folder, PAGE, files)
    failures = 0
    for name, (pixels, rate, loop, kind) in truth.items():
        problems = compare(results.get(name, {}), pixels, rate, loop, kind)
        failures += len(problems)
        print(f"{name}: " + ("; ".join(problems) if problems else f"{len(pixels)} frames, times and loops as written"))
    sys.exit(1 if failures else 0)


def compare(result, pixels, rate, loop, kind):
    if "error" in result or not result:
        return [result.get("error", "no result")]
    problems = []
    count, height, width, channels = pixels.shape
    if result["shown"] != [width, height]:
        problems.append(f"<img> shows {result['shown']}")
    if result["count"] != count or len(result["frames"]) != count:
        return problems + [f"{result['count']} frames of {count}"]
    for index, frame in enumerate(result["frames"]):
        seen = np.frombuffer(base64.b64decode(frame), np.uint8).reshape(height, width, 4)
        expected = np.broadcast_to(pixels[index], (height, width, 3))
        error = np.abs(seen[..., :3].astype(int) - expected).max()
        # A GIF of more than 256 colours is not exact; everything else is.
        if error > (24 if kind == "gif" and len(np.unique(pixels.reshape(-1, channels), axis=0)) > 256 else 0):
            problems.append(f"frame {index} is {error} levels off")
        if (seen[..., 3] != 255).any():
            problems.append(f"frame {index} is not opaque")
    if count > 1:
        numbers = rate.split("/")
        seconds = float(numbers[1]) / float(numbers[0]) if len(numbers) > 1 else 1 / float(rate)
        ends = np.cumsum(result["durations"]) / 1e6
        late = np.abs(ends - seconds * np.arange(1, count + 1)).max()
        if late > (0.0051 if kind == "gif" else 0.0011 * count):
            problems.append(f"frames end up to {late:.4f} s off")
        # The browser counts repetitions.
        loops = "forever" if loop == "forever" else int(loop) - 1
        if result["loops"] != loops:
            problems.append(f"repeats {result['loops']}, not {loops}")
    return problems


main()
