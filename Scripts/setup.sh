#!/usr/bin/env bash
# Installs what is missing, and only that.
#
#   Scripts/setup.sh build    the C libraries
#   Scripts/setup.sh test     those, and the Python packages that tests compare with (in .tools)
#   Scripts/setup.sh bench    those, and the Python packages that benchmarks compare with
#   Scripts/setup.sh browser  those of test, and a browser
#   Scripts/setup.sh arm64    what builds and runs a C program for arm64 elsewhere, and nothing else
#
# Ends with status 69 when something is missing that it cannot install here.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-build}

fail() { echo "setup: $*" >&2; exit 1; }
unable() { echo "setup: $*" >&2; exit 69; }

if [ "$what" != arm64 ]; then
    command -v swift >/dev/null || fail "no swift in PATH; install Swift 6.3 from https://www.swift.org/install"
    version=$(swift --version 2>/dev/null | grep -o 'Swift version [0-9]*\.[0-9]*' | grep -o '[0-9]*\.[0-9]*' | head -1)
    case $version in
    6.[0-2] | [0-5].*) fail "Swift $version found, 6.3 or later needed; see https://www.swift.org/install" ;;
    esac
fi

# The system's package that a missing part comes from.
debian=() brew=()
need() { # CHECK DEBIAN_PACKAGE BREW_FORMULA
    eval "$1" >/dev/null 2>&1 || { debian+=("$2"); brew+=("$3"); }
}
case $what in
arm64)
    # The C library, the start files and libgcc; the compiler itself is the Swift toolchain's.
    need '[ -e /usr/aarch64-linux-gnu/lib/libc.a ]' libc6-dev-arm64-cross -
    need 'compgen -G "/usr/lib/gcc-cross/aarch64-linux-gnu/*/libgcc.a"' gcc-aarch64-linux-gnu -
    need 'command -v qemu-aarch64-static' qemu-user-static -
    ;;
*)
    need 'command -v pkg-config' pkg-config pkgconf
    need 'pkg-config --exists libpng' libpng-dev libpng
    need 'pkg-config --exists libjpeg' libjpeg-dev jpeg-turbo
    need 'pkg-config --exists libdeflate' libdeflate-dev libdeflate
    need 'echo "#include <gif_lib.h>" | clang -E -x c - -o /dev/null' libgif-dev giflib
    ;;
esac
python=false
case $what in
test | bench | browser) [ -n "${TENSOR_MEDIA_PYTHON:-}" ] || python=true ;;
esac
if [[ $what = test || $what = bench || $what = browser ]] && [ "$(uname)" = Linux ]; then
    # A second decoder, stricter than libpng, for files that the tests have written.
    need 'PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q liblodepng.so.0' liblodepng-dev lodepng
    # Decoders of GIF that are not ours.
    need 'command -v ffmpeg && command -v ffprobe' ffmpeg ffmpeg
    # The headers of libav, with which our declarations are compared; no build needs them.
    need 'pkg-config --exists libavformat' libavformat-dev ffmpeg
    need 'pkg-config --exists libswscale' libswscale-dev ffmpeg
    # The library that writes compressed sounds, opened when one is asked for.
    need 'PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q libsndfile.so.1' libsndfile1 libsndfile
    # Fonts: the library that reads them, its headers, with which our declarations are compared, and one with Japanese.
    need 'PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q libfreetype.so.6' libfreetype6 freetype
    need 'pkg-config --exists freetype2' libfreetype-dev freetype
    need '[ -e /usr/share/fonts/opentype/ipafont-gothic/ipag.ttf ]' fonts-ipafont-gothic -
fi
if [ "$what" = bench ]; then need 'command -v sox' sox sox; fi
if [ "$what" = browser ]; then need 'command -v chromium || command -v google-chrome' chromium chromium; fi
if $python; then
    need 'python3 -c "import ensurepip, venv"' python3-venv python3
fi

if [ ${#debian[@]} -gt 0 ]; then
    if [ "$(uname)" = Darwin ]; then
        unable "missing: run 'brew install ${brew[*]}' and try again"
    elif command -v apt-get >/dev/null; then
        as_root=()
        if [ "$(id -u)" != 0 ]; then
            command -v sudo >/dev/null || unable "missing: run 'apt-get install ${debian[*]}' as root and try again"
            as_root=(sudo)
        fi
        echo "setup: installing ${debian[*]}"
        install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
        log=$(mktemp)
        # The lists of a fresh machine are empty or old: fetch them only when the first try fails.
        "${install[@]}" "${debian[@]}" </dev/null >"$log" 2>&1 ||
            { "${as_root[@]}" apt-get update -qq </dev/null >>"$log" 2>&1 &&
                "${install[@]}" "${debian[@]}" </dev/null >>"$log" 2>&1; } ||
            { tail -5 "$log" >&2; fail "apt-get could not install ${debian[*]}"; }
        rm -f "$log"
    else
        unable "missing: ${debian[*]} (Debian's names); install them and try again"
    fi
fi

# Python packages: pinned, in a folder of our own, installed once per list.
if $python; then
    list=$what
    [ "$what" != browser ] || list=test
    sums() { cat Scripts/requirements-test.txt; [ "$1" = test ] || cat Scripts/requirements-bench.txt; }
    stamp=.tools/.$list
    if [ ! -f "$stamp" ] || [ "$(sums "$list")" != "$(cat "$stamp")" ]; then
        echo "setup: installing Python packages into .tools"
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or later needed for the test tools"
        [ -x .tools/bin/python ] || python3 -m venv .tools
        .tools/bin/python -m pip install -q --disable-pip-version-check -r "Scripts/requirements-$list.txt" </dev/null ||
            fail "pip could not install Scripts/requirements-$list.txt"
        # wandb.Video runs with today's Pillow, which moviepy's pin would not let in; what moviepy needs is in the list.
        [ "$list" != bench ] || .tools/bin/python -m pip install -q --disable-pip-version-check --no-deps moviepy==2.2.1 ||
            fail "pip could not install moviepy"
        sums "$list" >"$stamp"
    fi
fi
