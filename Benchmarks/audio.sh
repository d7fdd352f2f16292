#!/usr/bin/env bash
# Times writers of sounds, and pictures of sounds, beside what people use.
#
#   Benchmarks/audio.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
[ -z "${1:-}" ] || export ROUNDS=$1
(cd .. && swift build -c release --product tensor-media </dev/null)
swift build -c release --product audio-benchmarks </dev/null
"$python" audio.py .build/release/audio-benchmarks
"$python" resampling.py .build/release/audio-benchmarks
"$python" sound_pictures.py ../.build/release/tensor-media .build/release/audio-benchmarks
