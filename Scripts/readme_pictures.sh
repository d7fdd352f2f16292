#!/usr/bin/env bash
# Makes the pictures of README.md again, with the commands that stand there.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${TENSOR_MEDIA:-.build/release/tensor-media}
[ -x "$program" ] || { echo "readme_pictures: no $program; run 'make build'" >&2; exit 1; }
out=Sources/TensorMedia/TensorMedia.docc/Resources
tensors=Fixtures/tensors
mkdir -p "$out"
convert() { "$program" convert --quiet --preset smallest "$@"; }

convert $tensors/photos/chelsea-imagenet-chw-f16.npy -o "$out/cat.png" --range=-2.2:2.7
convert $tensors/maps/heat-hw-f32.npy -o "$out/heat.png" --range percentile:1:99 --colormap turbo
convert $tensors/scene/depth-hw-f32.npy -o "$out/depth.png" --as inverse-depth --colormap magma
convert $tensors/scene/frame.npz:flow -o "$out/flow.png" --as flow
convert $tensors/scene/frame.npz:normals -o "$out/normals.png" --as normals
convert $tensors/scene/labels-hw-i64.npy -o "$out/labels.png" --as labels
convert $tensors/batches/digits-nchw-f32.npy -o "$out/digits.png" --grid 16x4
"$program" convert --quiet $tensors/batches/digits-nchw-f32.npy -o "$out/digits.gif" --layout tchw --fps 8 --colormap viridis --size 128x
convert $tensors/batches/thumbnails-nhwc-u8.npy -o "$out/sheet.jpg" --grid 4x1 --quality 90

"$program" overlay --quiet --preset smallest $tensors/scene/frame.npz:image -o "$out/overlay.png" \
    --mask $tensors/scene/labels-hw-i64.npy --boxes Fixtures/annotations/scene.boxes.json \
    --labels Fixtures/annotations/scene-labels.json --hide-class sky --hide-class ground --score 'acc>=0.5' --legend right
drawn=$(mktemp -d)
"$program" overlay --quiet --preset smallest Fixtures/annotations/photos -o "$drawn" --opacity 0.4
mv "$drawn/images/coffee.png" "$out/dataset.png"
rm -r "$drawn"
convert $tensors/maps/heat-hw-f32.npy -o "$out/bar.png" --range min-max --colormap viridis --range-bar --caption '{name}: {min} to {max}'
"$program" spectrogram --quiet --preset smallest Fixtures/sounds/recorded/glass.oga -o "$out/glass.png" --window 1024 --db -95:-15 \
    --width 480 --height 220

jpeg=$(mktemp -d)
trap 'rm -r "$jpeg"' EXIT
convert $tensors/photos/astronaut-chw-f32.npy -o "$jpeg/astronaut.jpg" --quality 60
"$program" compare --quiet $tensors/photos/astronaut-chw-f32.npy "$jpeg/astronaut.jpg" --difference "$out/difference.png"
