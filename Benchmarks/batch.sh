#!/usr/bin/env bash
# Times a batch of 10,000 tensors beside the same work in memory and a loop in C over the same files.
#
#   Benchmarks/batch.sh [FOLDER [COUNT]]      a folder on the disk to measure; one below .build without
set -euo pipefail
cd "$(dirname "$0")"
folder=${1:-.build/batch}
python=${TENSOR_MEDIA_PYTHON:-../.tools/bin/python}
swift build -c release --product batch-floor </dev/null
(cd .. && swift build -c release --product tensor-media </dev/null)
"$python" batch.py ../.build/release/tensor-media .build/release/batch-floor "$folder" "${2:-10000}"
