#!/usr/bin/env bash
# Times the conversion of frames to YUV planes at every level of instructions, beside libswscale.
#
#   Benchmarks/yuv.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release --product yuv-benchmarks </dev/null
echo "processor milliseconds per million pixels, BT.601, 4:2:0"
for level in portable avx2 avx512 neon; do
    TENSOR_MEDIA_CPU=$level .build/release/yuv-benchmarks "${1:-9}"
done
.build/release/yuv-benchmarks "${1:-9}" scaler
