#!/usr/bin/env bash
# Times the reading and validating of boxes beside orjson, in the same rounds, and holds the results against the goals.
#
#   Benchmarks/boxes.sh [COUNT]      100,000 boxes when not said
set -euo pipefail
cd "$(dirname "$0")"
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
results=.build/results
mkdir -p "$results"
swift build -c release --product box-benchmarks </dev/null
"$python" boxes.py .build/release/box-benchmarks "$results/boxes.json" "${1:-100000}"
