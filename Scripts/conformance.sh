#!/usr/bin/env bash
# Runs ConformanceTests in release over a folder of recorded cases and prints its one line of sums last.
set -euo pipefail
corpus=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
summary=$(mktemp)
trap 'rm -f "$summary"' EXIT
status=0
TENSOR_MEDIA_CORPUS=$corpus TENSOR_MEDIA_CONFORMANCE_SUMMARY=$summary \
    swift test -c release --filter ConformanceTests </dev/null || status=$?
# What tests print may come out after the runner's last line; the sums wait in a file for that reason.
if [ -s "$summary" ]; then
    cat "$summary"
else
    echo "conformance: the tests wrote no summary" >&2
    [ $status != 0 ] || status=1
fi
exit $status
