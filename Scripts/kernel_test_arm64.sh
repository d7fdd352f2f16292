#!/usr/bin/env bash
# Compiles the kernels and their self-check for arm64 and runs it: as it is on an arm64 machine, elsewhere under qemu, on the
# oldest processor there is, so that nothing newer is used unasked, and on one that has everything. On both, the self-check
# also withholds every combination of the single instructions that kernels ask for.
#
# What is missing is installed. Where that is not possible, it says so and ends with status 0: nothing was tested. With
# CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "kernel-test-arm64: $*" >&2; exit 1; }
skip() {
    [ "${CI:-}" != true ] || fail "$*"
    echo "kernel-test-arm64: skipped: $*"
    exit 0
}

# The compiler that also builds the package; gcc would fuse multiplications and additions.
swiftc=$(command -v swiftc || true)
clang=${swiftc:+$(dirname "$(readlink -f "$swiftc")")/clang}
[ -x "$clang" ] || clang=$(command -v clang) || fail "no clang beside swiftc and none in PATH"

build() { # FLAGS...
    "$clang" -O2 -Wall -Wextra -Werror -ISources/CMediaKernels/include "$@" \
        Tests/KernelSelfCheck/*.c Sources/CMediaKernels/*.c -lm -o "$work/check"
}

case $(uname -sm) in
*' arm64' | *' aarch64')
    build
    "$work/check"
    exit
    ;;
Linux' '*) ;;
*) skip "there is no emulator of arm64 programs for $(uname -s)" ;;
esac

status=0
Scripts/setup.sh arm64 || status=$?
[ $status != 69 ] || skip "no compiler and emulator for arm64"
[ $status = 0 ] || exit $status

build --target=aarch64-linux-gnu -static
for cpu in cortex-a53 max; do
    echo "-- arm64 kernels under qemu, processor $cpu"
    qemu-aarch64-static -cpu $cpu "$work/check" </dev/null || fail "the self-check failed on the processor $cpu"
done
