"""Checks that N frames in are N frames out: python video_frames_test.py TENSOR_MEDIA [--formats mp4] [--rates 24,29.97] [--counts 1,7] [--jobs 2]

Clips whose frames tell their number in nine black or white squares become mp4, webm and ogg files at every whole rate from 1 to
120 and some broken ones. ffprobe and ffmpeg say what is in the files: how many frames there are, which ones in which order, when
each is shown, and how long the whole lasts. A time may be off by one tick of the file: that of its index in mp4, a
millisecond in webm; the end of an ogg by a frame. Ends with status 1 when anything differs.
"""
import argparse
import concurrent.futures
import fractions
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

SQUARE = 16
RATES = [*map(str, range(1, 121)), "24000/1001", "23.976", "30000/1001", "29.97", "12.5", "1/3"]
COUNTS = [1, 2, 3, 7, 50, 100, 300]
FORMATS = ["mp4", "webm", "ogg"]
Fraction = fractions.Fraction


def clip(count):
    bits = (np.arange(count)[:, None] >> np.arange(9)) & 1
    squares = bits.reshape(count, 3, 3).astype(np.uint8) * 255
    return np.ascontiguousarray(squares.repeat(SQUARE, 1).repeat(SQUARE, 2)[..., None])


def numbers(path):
    """The numbers that the frames of a file tell, in the order in which they are decoded."""
    pixels = subprocess.run(
        ["ffmpeg", "-v", "error", "-threads", "1", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-fps_mode", "passthrough", "-"],
        capture_output=True, check=True).stdout
    frames = np.frombuffer(pixels, np.uint8).reshape(-1, 3, SQUARE, 3, SQUARE).astype(int)
    means = frames.mean((2, 4)).reshape(-1, 9)
    # A frame between two others is neither black nor white.
    if len(means) and np.abs(means - 127.5).min() < 90:
        return [-1]
    return ((means > 127.5) << np.arange(9)).sum(1).tolist()


def probe(path):
    found = json.loads(subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
         "frame=pts:packet=duration:stream=time_base,duration_ts,nb_frames:format=duration", "-of", "json", path],
        capture_output=True, check=True).stdout)
    parts = found["packets_and_frames"]
    frames, packets = ([part for part in parts if part["type"] == kind] for kind in ("frame", "packet"))
    return frames, packets, found["streams"][0], Fraction(found["format"]["duration"])


def problems(path, count, rate):
    frames, packets, stream, duration = probe(path)
    tick, kind = Fraction(stream["time_base"]), path.suffix[1:]
    told = numbers(path)
    if len(frames) != count or len(told) != count:
        yield f"{len(frames)} frames by ffprobe, {len(told)} by ffmpeg"
        return
    if told != list(range(count)):
        yield f"frames are {told[:8]}…"
    if stream.get("nb_frames", str(count)) != str(count):
        yield f"the header says {stream['nb_frames']} frames"
    late = max(abs(frame["pts"] * tick - index / rate) for index, frame in enumerate(frames))
    if late > tick:
        yield f"a frame is {float(late):.6f} s off"
    # ffprobe prints microseconds; what an mp4 says itself is exact.
    whole = stream["duration_ts"] * tick if kind == "mp4" else duration
    allowed = (1 / rate if kind == "ogg" else tick) + (0 if kind == "mp4" else Fraction(1, 10**6))
    if abs(whole - count / rate) > allowed:
        yield f"it lasts {float(whole):.6f} s, not {float(count / rate):.6f}"
    # What ffmpeg shows a frame for when it copies or converts.
    if any(abs(packet["duration"] * tick - 1 / rate) > tick for packet in packets):
        yield f"a frame lasts {float(packets[-1]['duration'] * tick):.6f} s, not {float(1 / rate):.6f}"


def check(program, clips, kind, rate, counts):
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [program, "convert", clips, "-o", folder, "--as", "video", "--layout", "thwc", "--format", kind, "--fps", rate,
             "--no-upscale", "--preset", "fastest", "-q"], capture_output=True, text=True)
        if run.returncode:
            lines.append(f"{kind}, {rate} fps: {run.stderr.strip()}")
        for count in counts:
            path = pathlib.Path(folder) / f"{count}.{kind}"
            if not path.exists():
                lines.append(f"{kind}, {rate} fps, {count} frames: no file")
                continue
            for problem in problems(path, count, Fraction(rate)):
                lines.append(f"{kind}, {rate} fps, {count} frames: {problem}")
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--rates", default=",".join(RATES))
    parser.add_argument("--counts", default=",".join(map(str, COUNTS)))
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    rates, counts = options.rates.split(","), [int(count) for count in options.counts.split(",")]
    failures = 0
    with tempfile.TemporaryDirectory() as clips, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count in counts:
            np.save(pathlib.Path(clips) / f"{count}.npy", clip(count))
        for kind in options.formats.split(","):
            before = failures
            for lines in pool.map(lambda rate: check(options.program, clips, kind, rate, counts), rates):
                failures += len(lines)
                for line in lines:
                    print(line, flush=True)
            print(f"{kind}: {len(rates) * len(counts)} files at {len(rates)} rates, {failures - before} deviations", flush=True)
    sys.exit(1 if failures else 0)


main()
