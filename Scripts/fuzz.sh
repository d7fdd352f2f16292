#!/usr/bin/env bash
# Fuzzes one reader after the other under the address sanitizer, from the files of Fixtures/.
#
#   Scripts/fuzz.sh SECONDS TARGET...
#
# The corpus grows in .build-fuzz/corpus; an input that breaks a reader is kept in .build-fuzz/crashes.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
shift
TENSOR_MEDIA_FUZZ=1 swift build -c release --product fuzz --scratch-path .build-fuzz \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld -Xcc -fsanitize=fuzzer-no-link,address </dev/null

seeds() { # TARGET: the files that a target starts from
    case $1 in
    npy) find Fixtures -name '*.npy' ;;
    npz) find Fixtures -name '*.npz' ;;
    safetensors) find Fixtures -name '*.safetensors' ;;
    pt) find Fixtures \( -name '*.pt' -o -name '*.pth' -o -name '*.pkl' \) ;;
    png) find Fixtures -name '*.png' ;;
    jpeg) find Fixtures \( -name '*.jpg' -o -name '*.jpeg' \) ;;
    headers) find Fixtures \( -name '*.png' -o -name '*.jp*g' -o -name '*.bmp' -o -name '*.gif' -o -name '*.webp' \) ;;
    tar) find Fixtures -name '*.tar' ;;
    boxes) find Fixtures -name '*.boxes.json' -o -name 'labels*.json' ;;
    encode) find Fixtures \( -name '*.npy' -o -name '*.png' \) ;;
    rle | polygon) find Fixtures/annotations -name '*.json' ;;
    coco) find Fixtures/annotations -path '*coco*' -name '*.json' ;;
    yolo) find Fixtures/annotations -path '*yolo*' \( -name '*.txt' -o -name '*.yaml' \) ;;
    labelme) find Fixtures/annotations -path '*labelme*' -name '*.json' ;;
    font) find Fixtures/fonts -type f ;;
    voc) find Fixtures/annotations -name '*.xml' ;;
    y4m) find Fixtures -name '*.y4m' ;;
    gif) find Fixtures -name '*.gif' ;;
    video) find Fixtures/videos -type f ;;
    wav) find Fixtures/sounds -name '*.wav' ;;
    sound) find Fixtures/sounds Fixtures/videos -type f ;;
    gifencode) find Fixtures/raw Fixtures/clips -type f ;;
    *) echo "fuzz: no target '$1'" >&2; exit 64 ;;
    esac
}

# What libFuzzer says at the end, by source file: edges of the control flow that some input went through, of all there are.
summary() { # LOG
    awk '
        /^(UN)?COVERED_FUNC:/ && match($0, /Sources\/[^:]*/) {
            file = substr($0, RSTART, RLENGTH)
            for (i = 1; i <= NF; i++) if ($i == "edges:") { split($(i + 1), edges, "/"); hit[file] += edges[1]; all[file] += edges[2] }
        }
        /^stat::number_of_executed_units/ { units = $2 }
        /^stat::peak_rss_mb/ { peak = $2 }
        END {
            for (file in hit) if (hit[file]) printf "%5.0f %%  %5d of %5d edges  %s\n", 100 * hit[file] / all[file], hit[file], all[file], file | "sort -k 7"
            close("sort -k 7")
            printf "%d inputs, at most %d MB\n", units, peak
        }' "$1"
}

status=0
for target in "$@"; do
    corpus=.build-fuzz/corpus/$target
    mkdir -p "$corpus" .build-fuzz/crashes
    # Large seeds make slow inputs; the readers branch on the first kilobytes.
    seeds "$target" | while read -r file; do
        [ "$(wc -c <"$file")" -gt 40000 ] || cp -n "$file" "$corpus/$(echo "$file" | tr / _)"
    done
    echo "== fuzz $target, $seconds s"
    # In a WebM that was a stream, whose length nobody knew, libav takes up to 256 MiB for an element.
    most=256
    case $target in video | sound) most=320 ;; esac
    log=.build-fuzz/$target.log
    if SWIFT_BACKTRACE=enable=no TENSOR_MEDIA_FUZZ_TARGET=$target .build-fuzz/release/fuzz "$corpus" -max_total_time="$seconds" -max_len=65536 \
        -rss_limit_mb=1024 -malloc_limit_mb=$most -timeout=10 -print_final_stats=1 -print_coverage=1 -verbosity=1 \
        -artifact_prefix=".build-fuzz/crashes/$target-" >"$log" 2>&1 </dev/null; then
        summary "$log"
    else
        status=1
        grep -aE 'ERROR|SUMMARY|Test unit written|Fatal error' "$log" | head -5
        echo "fuzz: $target failed; the whole log is $log" >&2
    fi
done
exit $status
