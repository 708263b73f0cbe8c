#!/bin/sh
# The gazetteer beside pyahocorasick, on the same files in one run. Prints each figure and the ratio of the best ones.
set -eu
cd "$(dirname "$0")/../.."
folder="${TMPDIR:-/tmp}/barchasb-peers"
mkdir -p "$folder"
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -c 'import ahocorasick' 2>/dev/null || "$folder/venv/bin/pip" install --quiet pyahocorasick
# BARCHASB_BENCH names a bench that is built already.
if [ -n "${BARCHASB_BENCH:-}" ]; then
    BARCHASB_PEERS="$folder" "$BARCHASB_BENCH"
else
    BARCHASB_PEERS="$folder" cargo bench --quiet --bench gazetteer
fi | tee "$folder/barchasb.log"
"$folder/venv/bin/python" benches/peers/pyahocorasick_speed.py "$folder" | tee "$folder/pyahocorasick.log"
ours=$(grep '^barchasb' "$folder/barchasb.log" | head -3 | awk '{print $2}' | sort -n | tail -1)
theirs=$(grep -E 'iter ' "$folder/pyahocorasick.log" | awk '{print $3}' | sort -n | tail -1)
long=$(grep -E 'iter_long ' "$folder/pyahocorasick.log" | awk '{print $3}' | sort -n | tail -1)
[ "$long" -gt "$theirs" ] && theirs=$long
awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "ratio %.1f (%d to %d MB/s)\n", a / b, a, b }'
