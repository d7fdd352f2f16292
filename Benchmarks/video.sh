#!/usr/bin/env bash
# Times the writers of videos, judges what they make, and holds the results against goals.
#
#   Benchmarks/video.sh [CLIPS]    a folder with .npy and clips.json or corpus.json; the benchmark's own clips when not said
set -euo pipefail
clips=${1:+$(realpath "$1")}
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
results=.build/results
clips=${clips:-.build/clips}
mkdir -p "$results"
swift build -c release --product bare-codec </dev/null
swift build -c release --product video-benchmarks </dev/null
[ -n "${1:-}" ] || [ -e "$clips/video-clips.json" ] || "$python" video_clips.py "$clips"
"$python" video.py .build/release "$clips" "$results/video.json" --rounds "${ROUNDS:-5}"
