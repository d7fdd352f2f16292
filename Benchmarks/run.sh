#!/usr/bin/env bash
# Times ours, libpng and libjpeg, then Pillow, OpenCV and wandb on the same pixels, and prints them side by side.
#
#   Benchmarks/run.sh [CORPUS]      a folder with corpus.json; without one, photographs of scikit-image are used
set -euo pipefail
corpus=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
results=.build/results
mkdir -p "$results"
# The corpus may hold images in a folder of its own.
if [ -z "$corpus" ]; then
    corpus=$PWD/.build/pictures
    [ -f "$corpus/corpus.json" ] || "$python" pictures.py "$corpus"
fi
[ -f "$corpus/corpus.json" ] || { echo "bench: no corpus.json in $corpus" >&2; exit 64; }
swift build -c release </dev/null
.build/release/encode-benchmarks "$corpus" "$results/ours.json"
"$python" rivals.py "$corpus" "$results/rivals.json"
"$python" compare.py "$results/ours.json" "$results/rivals.json"
echo "measurements: Benchmarks/$results/*.json"
