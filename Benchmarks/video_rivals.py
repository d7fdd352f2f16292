"""The writers of videos that people use from Python, each as a function that writes a file: (frames, rate, out, crf).

Frames are rows × columns × RGB of bytes, of even sides. They get as many threads as there are processors: one here. Where a
quality is not said, it is their own.
"""
import fractions
import shutil
import subprocess

import numpy as np


def pipe(*options):
    """The ffmpeg program, which gets the pixels through a pipe."""
    def encode(frames, rate, out, crf=None):
        height, width = frames.shape[1:3]
        quality = [] if crf is None else ["-crf", f"{crf:.3f}"]
        subprocess.run(
            ["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(rate),
             "-i", "-", "-pix_fmt", "yuv420p", *map(str, options), *quality, out], input=frames.reshape(-1).data, check=True)
    return encode


def imageio(frames, rate, out, crf):
    import imageio.v2
    # Otherwise it makes frames larger, to whole blocks of 16 pixels.
    with imageio.v2.get_writer(
            out, fps=rate, codec="libx264", quality=None, macro_block_size=1, ffmpeg_log_level="error",
            output_params=["-crf", f"{crf:.3f}"]) as writer:
        for frame in frames:
            writer.append_data(frame)


def pyav(frames, rate, out, crf):
    import av
    with av.open(out, "w") as container:
        stream = container.add_stream("libx264", rate=fractions.Fraction(rate).limit_denominator(1001))
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": f"{crf:.3f}"}
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())


def opencv(frames, rate, out, crf=None):
    """Without H.264, as wheels have it, this is MPEG-4 part 2, which browsers do not play and whose quality cannot be said."""
    import cv2
    height, width = frames.shape[1:3]
    writer = cv2.VideoWriter(out, cv2.VideoWriter_fourcc(*"mp4v"), rate, (width, height))
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame)
    writer.release()


def sdk(frames, rate, out, crf=None):
    import logging
    import wandb
    logging.disable(logging.WARNING)
    shutil.move(wandb.Video(frames.transpose(0, 3, 1, 2), fps=rate, format="mp4")._path, out)


def even(frames):
    """RGB of even sides, the last row and column repeated where there has to be another."""
    frames = frames.repeat(3, -1) if frames.shape[-1] == 1 else frames
    height, width = frames.shape[1:3]
    return np.ascontiguousarray(np.pad(frames, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), "edge"))


def equal(encode, judge, wanted, start=23.0):
    """The rate factor at which a writer has the wanted SSIM, found by bisection and interpolation; None where it has none."""
    near = max(0.0002, 0.03 * (1 - wanted))
    known = {}
    crf = start
    for _ in range(9):
        known[crf] = judge(encode, crf)
        if abs(known[crf] - wanted) <= near:
            return crf
        better = [c for c in known if known[c] > wanted]
        worse = [c for c in known if known[c] <= wanted]
        if not better or not worse:
            # Out of what is known: further, in steps that grow.
            step = 2.0 * 2 ** (len(known) - 1)
            crf = min(51.0, crf + step) if better else max(1.0, crf - step)
            if crf in known:
                return crf if better else None
            continue
        low, high = max(better), min(worse)
        if low >= high or high - low < 0.02:
            return low
        part = (known[low] - wanted) / (known[low] - known[high])
        crf = round(low + (high - low) * min(max(part, 0.1), 0.9), 3)
    return min(known, key=lambda c: abs(known[c] - wanted))
