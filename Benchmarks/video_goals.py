"""Prints what video.py measured, and holds it against the goals: python video_goals.py RESULTS.json"""
import json
import statistics
import sys

import numpy as np

EQUAL = ("imageio", "PyAV", "ffmpeg")
MIB = 2**20


def show(name, clip):
    megapixels = clip["pixels"] / 1e6
    print(f"\n{name}: {clip['count']} frames, {megapixels:.2f} million pixels")
    print(f"  {'':22s}{'ms':>9s}{'ms/MP':>9s}{'bytes':>10s}{'SSIM':>9s}{'PSNR':>7s}{'frames':>8s}{'crf':>7s}")
    for contestant, row in clip["rows"].items():
        ssim, psnr = (f"{row[key]:.{digits}f}" if key in row else "-" for key, digits in (("ssim", 5), ("psnr", 2)))
        crf = "" if "crf" not in row else "never" if row["crf"] is None else f"{row['crf']:.1f}"
        print(f"  {contestant:22s}{row['ms']:9.1f}{row['ms'] / megapixels:9.2f}{row['bytes']:10d}{ssim:>9s}{psnr:>7s}"
              f"{row.get('frames', clip['count']):8d}{crf:>7s}", flush=True)


def difference(clip, a, b):
    """The median over the rounds of what one takes more than another, in milliseconds."""
    rows = clip["rows"]
    return statistics.median(x - y for x, y in zip(rows[a]["times"], rows[b]["times"]))


def line(sizes, extras):
    """Milliseconds per million pixels and fixed ones; large clips count less, as the codec's own time wavers with it."""
    slope, fixed = np.polyfit(sizes, extras, 1, w=1 / np.maximum(np.array(sizes), 1))
    return slope, fixed


def outside(table):
    print("\nGoal 1: what is around the codec, beside the codec alone with the same options; 0.8 (uint8) and 1.6 (float32) ms per")
    print("million pixels and 4 ms, the half to aim at. The codec is made cheap (ultrafast); with the defaults its own time hides it.")
    for name, basis in (("quick, uint8", "quick, bare codec"), ("quick, float32", "quick, bare codec"),
                        ("quick, range found", "quick, bare codec"), ("ours, not enlarged", "bare codec")):
        sizes = [clip["pixels"] / 1e6 for clip in table.values()]
        extras = [difference(clip, name, basis) for clip in table.values()]
        large = [extra / size for extra, size in zip(extras, sizes) if size > 5]
        slope, fixed = line(sizes, extras)
        small = [extra for extra, size in zip(extras, sizes) if size < 1]
        print(f"  {name:22s}{slope:6.2f} ms/MP + {fixed:.2f} ms"
              + (f"; over 5 MP, all in all: {statistics.median(large):.2f} ms/MP" if large else "")
              + (f"; below 1 MP, the most: {max(small):.2f} ms" if small else ""))
    loads = [row["load_ms"] for clip in table.values() for row in clip["rows"].values() if "load_ms" in row]
    first = [clip["rows"]["ours"]["first_ms"] - clip["rows"]["ours"]["ms"] for clip in table.values()]
    print(f"  the load of libav, once: {statistics.median(loads):.0f} ms; the first clip of a process, load and all: "
          f"{statistics.median(first):.0f} ms more")


def as_wandb(table):
    print("\nGoal 2: as wandb.Video at its settings (medium, 23, 4 frames a second); 2× below a million pixels, never slower; aim 3×.")
    print("Where the two versions of x264 differ by more than 2 % of bytes, ours reckons with another rate than 4, which stands last.")
    for name, clip in table.items():
        ours, other = clip["rows"]["ours, as wandb"], clip["rows"]["wandb.Video"]
        print(f"  {name:16s}{clip['pixels'] / 1e6:7.2f} MP  {other['ms'] / ours['ms']:5.2f}×  bytes {ours['bytes']:8d} and "
              f"{other['bytes']:8d}: {ours['bytes'] / other['bytes']:.3f}  SSIM {ours['ssim']:.5f} and {other.get('ssim', float('nan')):.5f}"
              + ("" if ours["clock"] == 4 else f"  {ours['clock']:.2f}"))
    for title, holds in (("below 1 MP", lambda p: p < 1e6), ("from 1 MP", lambda p: p >= 1e6)):
        ratios(title, [clip["rows"]["wandb.Video"]["ms"] / clip["rows"]["ours, as wandb"]["ms"]
                       for clip in table.values() if holds(clip["pixels"])])


def ratios(title, values):
    if values:
        print(f"  {title}: {statistics.geometric_mean(values):.2f}× ({min(values):.2f} to {max(values):.2f}), {len(values)} clips")


def defaults(table):
    print("\nGoal 3: our defaults and theirs at equal SSIM: never slower, 2× below 10 million pixels")
    groups = {
        "below 10 MP": lambda clip: clip["rows"]["ours"]["scale"] == 1 and clip["pixels"] < 1e7,
        "from 10 MP": lambda clip: clip["rows"]["ours"]["scale"] == 1 and clip["pixels"] >= 1e7,
        # Tiny frames of few colours get more pixels by default, which nobody else does.
        "enlarged": lambda clip: clip["rows"]["ours"]["scale"] > 1,
    }
    for rival in EQUAL + ("ffmpeg, our settings", "OpenCV, mp4v"):
        for title, holds in groups.items():
            rows = {name: clip["rows"] for name, clip in table.items() if holds(clip)}
            compared = {name: r for name, r in rows.items() if r[rival].get("crf", 0) is not None}
            ratios(f"{rival}, {title}", [r[rival]["ms"] / r["ours"]["ms"] for r in compared.values()])
            never = sorted(set(rows) - set(compared))
            if compared:
                size = statistics.geometric_mean(r["ours"]["bytes"] / r[rival]["bytes"] for r in compared.values())
                off = statistics.mean(r["ours"]["ssim"] - r[rival]["ssim"] for r in compared.values() if "ssim" in r[rival])
                print(f"    bytes of ours to theirs {size:.2f}; SSIM of ours less theirs, mean {off:+.5f}")
                times = {name: r[rival]["ms"] / r["ours"]["ms"] for name, r in compared.items()}
                listed = ", ".join(f"{name} {ratio:.2f}" for name, ratio in sorted(times.items(), key=lambda t: t[1]) if ratio < 2)
                print(f"    below 2×: {listed or 'none'}")
            if never:
                print(f"    never as good as ours: {', '.join(never)}")
    for kind in ("webm", "ogg"):
        ratios(f"{kind}: ffmpeg with the same codec and settings", [
            clip["rows"][f"ffmpeg, {kind}"]["ms"] / clip["rows"][f"ours, {kind}"]["ms"] for clip in table.values()])
        size = statistics.geometric_mean(
            clip["rows"][f"ours, {kind}"]["bytes"] / clip["rows"][f"ffmpeg, {kind}"]["bytes"] for clip in table.values())
        psnr = statistics.mean(
            clip["rows"][f"ours, {kind}"]["psnr"] - clip["rows"][f"ffmpeg, {kind}"]["psnr"] for clip in table.values()
            if "psnr" in clip["rows"][f"ffmpeg, {kind}"])
        print(f"    bytes of ours to theirs {size:.2f}; PSNR of ours less theirs, mean {psnr:+.2f} dB")


def memory(table):
    print("\nGoal 4: the most resident memory, without the clip, above that of the codec fed with ready frames: 4 frames + 32 MiB")
    worst = None
    for name, clip in table.items():
        rows = clip["rows"]
        used = {key: rows[key]["peak"] - rows[key]["input"] for key in ("ours, not enlarged", "ours, float32", "bare codec")}
        for key in ("ours, not enlarged", "ours, float32"):
            extra, room = used[key] - used["bare codec"], 4 * clip["frame"] + 32 * MIB
            if worst is None or extra / room > worst[0] / worst[1]:
                worst = (extra, room, f"{name}, {key}: {used[key] / MIB:.1f} MiB, the codec {used['bare codec'] / MIB:.1f}")
    print(f"  the worst is {worst[2]}: {worst[0] / MIB:.1f} of {worst[1] / MIB:.1f} MiB")


def goals(table):
    outside(table)
    as_wandb(table)
    defaults(table)
    memory(table)


if __name__ == "__main__":
    goals(json.load(open(sys.argv[1]))["clips"])
