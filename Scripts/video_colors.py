"""How far off colours are that went through a video: flat patches, seen by ffmpeg and by a headless Chromium.

Prints two tables in Markdown, formats by heights, each cell the mean and the greatest error in levels of 255. Used by
browser_video_test.py --colors.
"""
import subprocess

import numpy as np

from browser import page, shown

PATCHES = [
    (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255),
    # Skin, from light to dark.
    (255, 224, 196), (224, 172, 105), (141, 85, 36), (80, 45, 30),
    # Pastels.
    (255, 209, 220), (174, 198, 207), (119, 221, 119), (253, 253, 150), (177, 156, 217), (255, 179, 71), (207, 207, 196),
]
COLUMNS, ROWS = 5, 4
# The middle of a patch, so many pixels wide and high: what its edges do to each other is not its colour.
MIDDLE = 4
HEIGHTS = [96, 120, 144, 480, 720, 1080]
FORMATS = {
    "mp4, H.264": ("mp4", []),
    "mp4, H.264 4:4:4": ("mp4", ["--chroma", "444"]),
    "mp4, H.264 lossless": ("mp4", ["--lossless"]),
    "mp4, AV1": ("mp4", ["--codec", "av1"]),
    "webm, VP9": ("webm", []),
    "webm, VP9 4:4:4": ("webm", ["--chroma", "444"]),
    "webm, VP9 lossless": ("webm", ["--lossless"]),
    "webm, VP8": ("webm", ["--codec", "vp8"]),
    "webm, AV1": ("webm", ["--codec", "av1"]),
    "ogg, VP8": ("ogg", []),
}

PAGE = page("""function seen(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight), context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const size = [canvas.width / COLUMNS, canvas.height / ROWS], patches = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      patches.push([...context.getImageData(
        (column + 0.5) * size[0] - MIDDLE / 2, (row + 0.5) * size[1] - MIDDLE / 2, MIDDLE, MIDDLE).data]);
  return patches;
}
async function look(name) {
  const result = {name}, video = document.createElement('video');
  video.muted = true; video.preload = 'auto'; video.src = name; document.body.appendChild(video);
  try {
    await new Promise((resolve, reject) => {
      setTimeout(() => reject('no frame'), 15000);
      video.onloadeddata = resolve;
      video.onerror = () => reject(video.error.code + ' ' + video.error.message);
    });
    // A frame that is loaded is not always drawn yet.
    for (let tries = 0; tries < 50 && !result.patches; tries++) {
      const patches = seen(video);
      if (patches[0][3] == 255) result.patches = patches;
      else await new Promise(resolve => setTimeout(resolve, 100));
    }
    if (!result.patches) throw 'nothing is drawn';
  } catch (error) { result.error = String(error); }
  video.remove();
  return result;
}""")


def patches(height):
    """A clip of two frames of patches, wide enough for an even middle in each."""
    width = height * 4 // 3 // (2 * COLUMNS) * 2 * COLUMNS
    colors = np.array(PATCHES, np.uint8).reshape(ROWS, COLUMNS, 3)
    frame = colors.repeat(height // ROWS, 0).repeat(width // COLUMNS, 1)
    return np.stack([frame, frame])


def middles(frame):
    height, width = frame.shape[0] // ROWS, frame.shape[1] // COLUMNS
    parts = frame.reshape(ROWS, height, COLUMNS, width, 3).transpose(0, 2, 1, 3, 4)
    rows, columns = (slice(side // 2 - MIDDLE // 2, side // 2 + MIDDLE // 2) for side in (height, width))
    return parts[:, :, rows, columns].reshape(len(PATCHES), -1, 3)


def decoded(path, shape):
    run = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], check=True, capture_output=True)
    return np.frombuffer(run.stdout, np.uint8).reshape(shape)


def error(seen):
    off = np.abs(seen.astype(int) - np.array(PATCHES)[:, None])
    place = int(off.max((1, 2)).argmax())
    return f"{off.mean():.1f} / {off.max()}", f"{PATCHES[place]} is seen as {tuple(np.round(seen[place].mean(0)).astype(int).tolist())}"


def table(program, chromium, folder):
    names, cells = {}, {"ffmpeg": {}, "Chromium": {}}
    for height in HEIGHTS:
        clip = patches(height)
        np.save(folder / "patches.npy", clip)
        for index, (title, (kind, options)) in enumerate(FORMATS.items()):
            name = f"{index}-{height}.{kind}"
            subprocess.run(
                [program, "convert", folder / "patches.npy", "-o", folder / name, "--layout", "thwc", "--no-upscale", "-q", *options],
                check=True, stderr=subprocess.DEVNULL)
            names[name] = title, height
            cells["ffmpeg"][title, height] = error(middles(decoded(folder / name, clip.shape[1:])))
    results = shown(chromium, folder, PAGE.replace("COLUMNS", str(COLUMNS)).replace("ROWS", str(ROWS)).replace("MIDDLE", str(MIDDLE)),
                    list(names))
    for name, place in names.items():
        result = results.get(name, {})
        if "patches" in result:
            cells["Chromium"][place] = error(np.array(result["patches"], int).reshape(len(PATCHES), -1, 4)[..., :3])
        else:
            cells["Chromium"][place] = "does not play", result.get("error", "")
    for viewer, seen in cells.items():
        print(f"\n| by {viewer}, lines | " + " | ".join(map(str, HEIGHTS)) + " |")
        print("| --- |" + " ---: |" * len(HEIGHTS))
        for title in FORMATS:
            print(f"| {title} | " + " | ".join(seen[title, height][0] for height in HEIGHTS) + " |")
        print()
        for title in FORMATS:
            print(f"{title}, worst at {HEIGHTS[-1]}: {seen[title, HEIGHTS[-1]][1]}; at {HEIGHTS[0]}: {seen[title, HEIGHTS[0]][1]}")
