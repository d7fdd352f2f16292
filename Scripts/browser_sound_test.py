"""Plays sounds that tensor-media wrote in a headless Chromium: python browser_sound_test.py TENSOR_MEDIA CHROMIUM

Each file is played to its end by an <audio>, and decoded by Web Audio, whose samples are compared with the tensor that the file
was made of. WAV of float64 is known not to play: the test says so when that changes. Ends with status 1 when something differs.
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
  const audio = new Audio(file.name);
  audio.muted = true;
  try {
    await new Promise((done, failed) => { audio.onloadedmetadata = done; audio.onerror = () => failed(audio.error.message); });
    result.seconds = audio.duration;
    const ended = new Promise(done => audio.onended = done);
    await audio.play();
    await Promise.race([ended, new Promise((_, failed) => setTimeout(() => failed('it does not end'), 20000))]);
    result.played = audio.currentTime;
    const bytes = await (await fetch(file.name)).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, file.rate).decodeAudioData(bytes);
    result.samples = [];
    for (let channel = 0; channel < sound.numberOfChannels; channel++) {
      const numbers = new Uint8Array(sound.getChannelData(channel).buffer);
      let text = ''; for (let p = 0; p < numbers.length; p += 4096) text += String.fromCharCode(...numbers.subarray(p, p + 4096));
      result.samples.push(btoa(text));
    }
  } catch (error) { result.error = String(error); }
  return result;
}""")

# A file, its rate, channels and options, and how far a sample may be off: a step of the format where nothing is lost; of
# compressed sounds, how many decibels the error may be below the sound.
FILES = [
    ("pcm16.wav", 44_100, 2, [], 1 / 2**15), ("u8.wav", 22_050, 1, ["--sample-format", "u8"], 1 / 2**7),
    ("pcm24.wav", 48_000, 2, ["--sample-format", "pcm24"], 2e-7), ("pcm32.wav", 48_000, 1, ["--sample-format", "pcm32"], 2e-7),
    ("float32.wav", 44_100, 2, ["--sample-format", "float32"], 0), ("six.wav", 48_000, 6, [], 1 / 2**15),
    ("pcm16.flac", 44_100, 2, [], 1 / 2**15), ("pcm24.flac", 48_000, 1, ["--sample-format", "pcm24"], 2e-7),
    ("vorbis.ogg", 44_100, 2, ["--as", "audio"], 15), ("mono.ogg", 16_000, 1, ["--as", "audio"], 15),
    ("speech.opus", 16_000, 1, [], 10), ("music.opus", 48_000, 2, [], 10),
    ("mpeg.mp3", 44_100, 2, [], 15), ("half.mp3", 22_050, 1, ["--quality", "80"], 15),
]
SILENT = ("float64.wav", 44_100, 1, ["--sample-format", "float64"], 0)
SECONDS = 0.75


def sound(rate, channels):
    """A tone that rises, softly at the ends, and lower in each further channel."""
    time = np.arange(int(rate * SECONDS)) / rate
    loudness = 0.4 * np.sin(np.pi * time / SECONDS) ** 2
    return np.stack([loudness * np.sin(2 * np.pi * (300 + 90 * c + 600 * time) * time) for c in range(channels)], 1).astype(np.float32)


def compare(result, samples, rate, near):
    """What is wrong with what the browser saw, and how far it was off."""
    if "error" in result:
        return [result["error"]], ""
    problems = []
    found = np.stack([np.frombuffer(base64.b64decode(text), np.float32) for text in result["samples"]], 1)
    # Codecs work in blocks, which containers without a length end with.
    late = 0.09 if near >= 1 else 0.0005
    for what in ("seconds", "played"):
        if not -0.0005 <= result[what] - SECONDS <= late:
            problems.append(f"{what}: {result[what]:.4f}, not {SECONDS}")
    # Of Vorbis, Chromium leaves out the end of the last block, whoever wrote the file.
    lost = 256 if result["name"].endswith("ogg") else 0
    if found.shape[1] != samples.shape[1] or not -lost <= len(found) - len(samples) <= late * rate:
        return problems + [f"{found.shape} samples × channels, not {samples.shape}"], ""
    samples = samples[:len(found)]
    if near < 1:
        error = np.abs(found[:len(samples)] - samples).max()
        return problems + ([f"a sample is off by {error:.2e}"] if error > near else []), f"{error:.1e}"
    error = found[:len(samples)] - samples
    decibels = 10 * np.log10((samples**2).sum() / (error**2).sum())
    return problems + ([f"the error is only {decibels:.1f} dB below the sound"] if decibels < near else []), f"{decibels:.0f} dB"


def main(program, chromium):
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = [*FILES, SILENT]
        for name, rate, channels, options, _ in files:
            np.save(folder / "sound.npy", sound(rate, channels))
            subprocess.run([program, "convert", "sound.npy", "-o", name, "--rate", str(rate), "--quiet", *options], check=True, cwd=folder)
        results = shown(chromium, folder, PAGE, [{"name": name, "rate": rate} for name, rate, *_ in files])
    failed = 0
    for name, rate, channels, _, near in FILES:
        problems, error = compare(results.get(name, {"error": "no result"}), sound(rate, channels), rate, near)
        failed += bool(problems)
        print(f"{name:16}{'; '.join(problems) or 'plays'}  {error}")
    if "error" not in results[SILENT[0]]:
        failed += 1
        print(f"{SILENT[0]}: plays, which the documentation denies")
    print(f"{len(FILES) + 1 - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
