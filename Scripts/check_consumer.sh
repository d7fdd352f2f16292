#!/usr/bin/env bash
# Makes a package outside the tree that links the product ImageCoding alone, encodes a tensor with it, and checks that
# neither the build nor the program needs any media library but libpng, libjpeg and libdeflate.
#
# The build runs in a mount namespace in which the headers of the others are hidden. Where that is not permitted, it runs in
# the open and says so: then only the linked libraries are checked.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "check-consumer: $*" >&2; exit 1; }

# The dependency's checkout has a name of its own, as it has at a user's: the package's name must not depend on it.
mkdir -p "$work/consumer/Sources/consumer"
ln -s "$root" "$work/checkout"
cp "$root/Scripts/consumer/Consumer.swift" "$work/consumer/Sources/consumer/Consumer.swift"
cat >"$work/consumer/Package.swift" <<'E2'
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "consumer",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "TensorMedia", path: "../checkout")],
    targets: [
        .executableTarget(name: "consumer", dependencies: [.product(name: "ImageCoding", package: "TensorMedia")])
    ]
)
E2

cat >"$work/build.sh" <<'E2'
set -e
if [ -n "${HIDE:-}" ]; then
    mkdir -p "$WORK/empty"
    for header in gif_lib.h sndfile.h sndfile.hh; do
        for folder in /usr/include /usr/include/*-linux-gnu; do
            [ ! -e "$folder/$header" ] || mount --bind /dev/null "$folder/$header"
        done
    done
    for name in libavcodec libavformat libavutil libswscale libswresample freetype2; do
        for folder in /usr/include /usr/include/*-linux-gnu; do
            [ ! -d "$folder/$name" ] || mount --bind "$WORK/empty" "$folder/$name"
        done
    done
fi
cd "$WORK/consumer"
swift build -c release >"$WORK/log" 2>&1
E2
run=(bash "$work/build.sh")
if unshare -m true 2>/dev/null; then
    export HIDE=1
    run=(unshare -m "${run[@]}")
elif unshare -rm true 2>/dev/null; then
    export HIDE=1
    run=(unshare -rm "${run[@]}")
else
    echo "check-consumer: no mount namespaces here, headers of other libraries stay visible"
fi
WORK=$work "${run[@]}" </dev/null || { tail -20 "$work/log" >&2; fail "the consumer does not build"; }
if grep -i 'warning:' "$work/log"; then fail "the consumer's build warns"; fi

program=$work/consumer/.build/release/consumer
(cd "$work" && "$program" out.png)
[ "$(head -c 8 "$work/out.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "out.png is not a PNG file"

# What the program itself names; what those libraries bring along is theirs.
if command -v readelf >/dev/null; then
    needed=$(readelf -d "$program" | sed -n 's/.*Shared library: \[\(.*\)\]/\1/p')
    echo "$needed" | while read -r library; do
        case $library in
        libpng16.so* | libjpeg.so* | libdeflate.so* | libz.so*) ;;
        libc.so* | libm.so* | libgcc_s.so* | libstdc++.so* | ld-linux* | libdl.so* | libpthread.so*) ;;
        libswift*) ;;
        *) fail "the consumer links $library" ;;
        esac
    done
    echo "$needed" | grep -qE 'libFoundation|lib_Foundation' && fail "the consumer links Foundation"
    echo "consumer: links $(echo "$needed" | grep -vE '^ld-|^lib(c|m|gcc_s|stdc\+\+|swift.*)\.so' | tr '\n' ' ')and Swift's own libraries"
fi
