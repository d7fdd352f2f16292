#!/usr/bin/env bash
# Times ours, libpng, libjpeg, Pillow, OpenCV and wandb on the same pixels in the same rounds, and prints them side by side
# with the goals.
#
#   Benchmarks/run.sh [CORPUS]      a folder with corpus.json; without one, pictures made from those of scikit-image
set -euo pipefail
corpus=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
results=.build/results
mkdir -p "$results"
if [ -z "$corpus" ]; then
    corpus=$PWD/.build/pictures
    [ pictures.py -ot "$corpus/corpus.json" ] || "$python" pictures.py "$corpus"
fi
[ -f "$corpus/corpus.json" ] || { echo "bench: no corpus.json in $corpus" >&2; exit 64; }
swift build -c release --product encode-benchmarks </dev/null
"$python" measure.py .build/release/encode-benchmarks "$corpus" "$results/measured.json"
"$python" goals.py "$results/measured.json"
echo "measurements: Benchmarks/$results/measured.json"
