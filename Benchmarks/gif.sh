#!/usr/bin/env bash
# Times the GIF encoder beside ffmpeg, Pillow, imageio and libimagequant, and judges what they make.
#
#   Benchmarks/gif.sh [CLIPS]      a folder with .npy and clips.json; the benchmark's own clips when not said
set -euo pipefail
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
results=.build/results
clips=${1:-.build/clips}
mkdir -p "$results"
swift build -c release --product gif-benchmarks </dev/null
[ -e "$clips/clips.json" ] || "$python" clips.py "$clips"
"$python" gif.py .build/release/gif-benchmarks "$clips" "$results/gif.json"
