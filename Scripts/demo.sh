#!/usr/bin/env bash
# Turns the tensors of Fixtures/ into pictures and says what it made.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-demo}
program=.build/release/tensor-media
[ -x "$program" ] || { echo "demo: no $program; run 'make demo'" >&2; exit 1; }
rm -rf "$out"

echo
echo "\$ tensor-media convert Fixtures/tensors --rules Fixtures/tensors.rules -o $out"
"$program" convert Fixtures/tensors --rules Fixtures/tensors.rules -o "$out"
echo
echo "\$ tensor-media convert Fixtures/raw/astronaut-3x64x64.f32 --raw f32:3x64x64 -o $out/raw"
"$program" convert Fixtures/raw/astronaut-3x64x64.f32 --raw f32:3x64x64 -o "$out/raw"
echo
echo "What bad files look like (this one ends with status 1):"
echo "\$ tensor-media convert Fixtures/broken -o $out/broken"
"$program" convert Fixtures/broken -o "$out/broken" 2>&1 && { echo "demo: a broken file was accepted" >&2; exit 1; }
rmdir "$out/broken" 2>/dev/null || true
echo
count=$(find "$out" -type f | wc -l)
echo "$((count)) files in $out/, $(du -sh "$out" | cut -f1)"
