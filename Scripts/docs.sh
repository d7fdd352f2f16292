#!/usr/bin/env bash
# Builds the documentation of all library modules as one site in .build/docs. A warning is an error, and so is a public
# declaration without a comment.
set -euo pipefail
cd "$(dirname "$0")/.."
modules="MediaCore TensorIO ImageCoding MediaDrawing MediaAnnotations VideoCoding AudioCoding TensorMedia"
graphs=.build/docs-symbols
out=.build/docs

log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >"$log" 2>&1 </dev/null ||
    { cat "$log" >&2; exit 1; }
from=$(sed -n 's/^Files written to //p' "$log")
rm -rf "$graphs" "$out"
mkdir -p "$graphs"
for module in $modules; do
    cp "$from/$module".symbols.json "$graphs/"
    cp "$from/$module"@*.symbols.json "$graphs/" 2>/dev/null || true
done

docc=$(command -v docc || xcrun --find docc)
"$docc" convert Sources/TensorMedia/TensorMedia.docc --additional-symbol-graph-dir "$graphs" --output-path "$out" \
    --fallback-display-name TensorMedia --fallback-bundle-identifier TensorMedia --transform-for-static-hosting \
    --warnings-as-errors --experimental-documentation-coverage --coverage-summary-level brief

# What the compiler makes up (raw-value initialisers, groups of conformances) has no comment of ours.
if command -v python3 >/dev/null; then
    python3 - "$out/documentation-coverage.json" <<'CHECK'
import json, sys
bare = [page for page in json.load(open(sys.argv[1]))
        if page["kind"]["isSymbol"] and not page["hasAbstract"] and page["title"] != "init(rawValue:)"]
for page in bare:
    print("docs: no documentation comment:", page["referencePath"].partition("/documentation/")[2], file=sys.stderr)
sys.exit(len(bare) > 0)
CHECK
fi
echo "docs: $out/documentation/tensormedia"
