"""Plays videos that tensor-media wrote in a headless Chromium: python browser_video_test.py TENSOR_MEDIA CHROMIUM [--colors]

Each file is loaded by a <video>; size, duration, and the colours of its first and last frame, read back from a canvas, are
compared with the flat clip that it was made of. Ends with status 1 when something differs. With --colors it prints instead how far
off the colours of flat patches are, by format and height.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import video_colors
from browser import page, shown

PAGE = page("""function event(video, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject('no ' + name), 15000);
    video.addEventListener(name, () => { clearTimeout(timer); resolve(); }, {once: true});
    video.onerror = () => reject(video.error.code + ' ' + video.error.message);
  });
}
async function seek(video, time) {
  const sought = event(video, 'seeked');
  // A busy machine has found a frame before it is there to be drawn. One that is shown already is not shown again.
  const drawn = new Promise(resolve => { video.requestVideoFrameCallback(resolve); setTimeout(resolve, 500); });
  video.currentTime = time;
  await sought;
  await drawn;
}
function color(video, part) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight), context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  return [...context.getImageData(Math.floor(canvas.width * part), canvas.height >> 1, 1, 1).data];
}
async function listen(video, name) {
  const bytes = await (await fetch(name)).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes), samples = sound.getChannelData(0);
  return {
    tracks: video.captureStream().getAudioTracks().length, channels: sound.numberOfChannels, seconds: sound.duration,
    onset: samples.findIndex(sample => Math.abs(sample) > 0.1) / sound.sampleRate,
  };
}
async function look(name) {
  const result = {name}, video = document.createElement('video');
  video.muted = true; video.preload = 'auto'; video.src = name; document.body.appendChild(video);
  try {
    await event(video, 'loadeddata');
    result.size = [video.videoWidth, video.videoHeight];
    if (!isFinite(video.duration)) { video.currentTime = 1e6; await event(video, 'durationchange'); }
    result.duration = video.duration;
    await seek(video, 0.0005);
    result.first = color(video, 0.25); result.right = color(video, 0.75);
    await seek(video, Math.max(0.0005, video.duration - 0.001));
    result.last = color(video, 0.25);
    if (name.startsWith('sound')) result.sound = await listen(video, name);
  } catch (error) { result.error = String(error); }
  video.remove();
  return result;
}""")

COLORS = [(200, 30, 40), (20, 160, 60), (40, 60, 210)]


def clip(height, width, count, channels=3):
    """Flat frames, of the colours above in turn; the left half of opacity is clear, the right one opaque."""
    frames = np.zeros((count, height, width, channels), np.uint8)
    for index, frame in enumerate(frames):
        frame[..., :3] = COLORS[index % 3] if channels >= 3 else 40 + 50 * (index % 3)
    if channels == 4:
        frames[:, :, width // 2:, 3] = 255
    return frames


ONSET = 0.25


def tone(rate, channels):
    """Half a second of sound: silence up to ONSET, then a tone that is loud from its first sample on."""
    times = np.arange(rate // 2) / rate
    wave = np.where(times < ONSET, 0, 0.5 * np.cos(2 * np.pi * 1000 * (times - ONSET)))
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def sounds():
    """Name, samples a second, channels, codec."""
    for kind, codec, rate, channels in (
        ("mp4", "aac", 48000, 2), ("mp4", "aac", 44100, 1), ("mp4", "opus", 48000, 2), ("webm", "opus", 48000, 2),
        ("webm", "opus", 16000, 1), ("webm", "vorbis", 44100, 2), ("ogg", "opus", 48000, 1), ("ogg", "vorbis", 22050, 2),
    ):
        yield f"sound-{codec}-{rate}-{channels}.{kind}", rate, channels, codec


def cases():
    """Name, frames, rate, options, and how far colours may be off."""
    for name, rate, _, codec in sounds():
        options = ["--audio", name + ".npy", "--rate", str(rate), "--audio-codec", codec]
        yield name, clip(240, 320, 5), "10", options, 6 if name.endswith("ogg") else 3
    for kind, near in (("mp4", 3), ("webm", 3), ("ogg", 6)):
        yield f"even.{kind}", clip(240, 320, 6), "10", [], near
        yield f"odd.{kind}", clip(201, 301, 6), "10", [], near
        yield f"tiny.{kind}", clip(20, 30, 6), "10", [], near
        # Codecs spend little on four pixels: what is off then is theirs, not the player's.
        yield f"two.{kind}", clip(2, 2, 6), "10", ["--no-upscale"], 12
        yield f"one.{kind}", clip(240, 320, 1), "4", [], near
        yield f"gray.{kind}", clip(240, 320, 6, 1), "10", [], near
        yield f"fast.{kind}", clip(240, 320, 30), "60", [], near
        yield f"slow.{kind}", clip(240, 320, 3), "1/3", [], near
        yield f"lines720.{kind}", clip(720, 960, 4), "10", [], 12 if kind != "ogg" else 255
        yield f"lines1080.{kind}", clip(1080, 1920, 2), "10", [], 12 if kind != "ogg" else 255
    yield "vp8.webm", clip(240, 320, 6), "10", ["--codec", "vp8"], 6
    yield "vp8-720.webm", clip(720, 960, 4), "10", ["--codec", "vp8"], 12
    yield "vp9.mp4", clip(240, 320, 6), "10", ["--codec", "vp9"], 3
    yield "av1.mp4", clip(240, 320, 6), "10", ["--codec", "av1"], 3
    yield "av1.webm", clip(240, 320, 6), "10", ["--codec", "av1"], 3
    yield "full.mp4", clip(240, 320, 6), "10", ["--chroma", "444"], 3
    yield "full.webm", clip(240, 320, 6), "10", ["--chroma", "444"], 3
    yield "lossless.mp4", clip(240, 320, 6), "10", ["--lossless"], 0
    yield "lossless.webm", clip(240, 320, 6), "10", ["--lossless"], 0
    yield "alpha.webm", clip(240, 320, 6, 4), "10", ["--alpha", "keep"], 3
    for preset in ("fastest", "smallest", "best"):
        for kind, near in (("mp4", 3), ("webm", 3), ("ogg", 6)):
            yield f"{preset}.{kind}", clip(240, 320, 6), "10", ["--preset", preset], near


def main():
    program, chromium = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    folder = pathlib.Path(tempfile.mkdtemp())
    if "--colors" in sys.argv:
        return video_colors.table(program, chromium, folder)
    heard = {name: (rate, channels) for name, rate, channels, _ in sounds()}
    for name, (rate, channels) in heard.items():
        np.save(folder / (name + ".npy"), tone(rate, channels))
    truth = {}
    for name, frames, rate, options, near in cases():
        np.save(folder / "clip.npy", frames)
        layout = ["--layout", "thwc"]
        subprocess.run(
            [program, "convert", "clip.npy", "-o", name, "--fps", rate, "-q"] + layout + options, check=True, cwd=folder)
        truth[name] = (frames, rate, options, near)
    results = shown(chromium, folder, PAGE, list(truth))
    failures = 0
    for name, case in truth.items():
        result = results.get(name, {})
        problems, error = compare(name, result, *case)
        if name in heard and not problems:
            problems += listened(name, result["sound"], heard[name][1])
        failures += len(problems)
        print(f"{name}: " + ("; ".join(problems) if problems else f"plays, colours up to {error} off"))
    sys.exit(1 if failures else 0)


def listened(name, sound, channels):
    problems = []
    if sound["tracks"] != 1 or sound["channels"] != channels:
        problems.append(f"{sound['tracks']} tracks of {sound['channels']} channels, not 1 of {channels}")
    # A millisecond is what WebM counts, and the codecs blur the first one of a tone. Chromium's Web Audio leaves out the 6.5 ms that
    # Opus begins with twice in an mp4: once for the codec, and once for the edit list of the file.
    near = 0.0075 if "opus" in name and name.endswith("mp4") else 0.0025
    if abs(sound["onset"] - ONSET) > near:
        problems.append(f"the tone begins at {sound['onset']:.4f} s, not {ONSET}")
    if not 0.495 <= sound["seconds"] <= 0.55:
        problems.append(f"the sound lasts {sound['seconds']:.4f} s, not 0.5")
    return problems


def compare(name, result, frames, rate, options, near):
    if "error" in result or not result:
        return [result.get("error", "no result")], 0
    problems = []
    count, height, width, channels = frames.shape
    scale = -(-256 // min(height, width)) if min(height, width) < 160 and "--no-upscale" not in options else 1
    size = [width * scale, height * scale]
    if "--lossless" not in options and "444" not in options:
        size = [side + side % 2 for side in size]
    if result["size"] != size:
        problems.append(f"it is {result['size']}, not {size}")
    numbers = [float(number) for number in rate.split("/")]
    seconds = count * (numbers[1] / numbers[0] if len(numbers) > 1 else 1 / numbers[0])
    # Of an ogg, Chromium adds what the codec of the sound begins with: 6.5 ms of Opus, a block of Vorbis.
    if abs(result["duration"] - seconds) > (0.0125 if name.startswith("sound") and name.endswith("ogg") else 0.0011):
        problems.append(f"it lasts {result['duration']} s, not {seconds}")
    error = 0
    if channels == 4:
        alpha = [result["first"][3], result["right"][3]]
        if alpha != [0, 255]:
            problems.append(f"opacity is {alpha}")
        result["first"] = result["right"]
    for place, index in (("first", 0), ("last", count - 1)):
        if channels == 4 and place == "last":
            continue
        wanted = np.broadcast_to(frames[index, 0, 0, :3], 3).astype(int)
        error = max(error, int(np.abs(np.array(result[place][:3]) - wanted).max()))
        if error > near:
            problems.append(f"the {place} frame is {result[place][:3]}, not {wanted.tolist()}")
    return problems, error


main()
